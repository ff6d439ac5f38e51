/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for esp-tls's headers where ESP-IDF is not there: what a TLS stack and its users need of them, written from
 * the "ESP-TLS" page of ESP-IDF's programming guide, with its names and numbers. */
#ifndef TWINTLS_TESTS_ESP_TLS_H
#define TWINTLS_TESTS_ESP_TLS_H

#include <esp_err.h>
#include <esp_key_config.h>
#include <sdkconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME 0x8001
#define ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST 0x8004
#define ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT 0x8006
#define ESP_ERR_MBEDTLS_CTR_DRBG_SEED_FAILED 0x8011
#define ESP_ERR_MBEDTLS_SSL_SET_HOSTNAME_FAILED 0x8012
#define ESP_ERR_MBEDTLS_SSL_CONF_ALPN_PROTOCOLS_FAILED 0x8014
#define ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED 0x8015
#define ESP_ERR_MBEDTLS_SSL_CONF_OWN_CERT_FAILED 0x8016
#define ESP_ERR_MBEDTLS_SSL_SETUP_FAILED 0x8017
#define ESP_ERR_MBEDTLS_SSL_WRITE_FAILED 0x8018
#define ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED 0x8019
#define ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED 0x801A
#define ESP_ERR_MBEDTLS_SSL_READ_FAILED 0x801D

#define ESP_TLS_ERR_SSL_WANT_READ -0x6900
#define ESP_TLS_ERR_SSL_WANT_WRITE -0x6880

typedef enum {
    ESP_TLS_ERR_TYPE_SYSTEM = 1,
    ESP_TLS_ERR_TYPE_ESP = 4,
    ESP_TLS_ERR_TYPE_CUSTOM_STACK = 5,
    ESP_TLS_ERR_TYPE_CUSTOM_STACK_CERT_FLAGS = 6
} esp_tls_error_type_t;

typedef enum esp_tls_conn_state {
    ESP_TLS_INIT,
    ESP_TLS_CONNECTING,
    ESP_TLS_HANDSHAKE,
    ESP_TLS_FAIL,
    ESP_TLS_DONE
} esp_tls_conn_state_t;
typedef enum esp_tls_role { ESP_TLS_CLIENT, ESP_TLS_SERVER } esp_tls_role_t;
typedef enum { ESP_TLS_VER_ANY, ESP_TLS_VER_TLS_1_2, ESP_TLS_VER_TLS_1_3, ESP_TLS_VER_TLS_MAX } esp_tls_proto_ver_t;

typedef struct psk_key_hint {
    const uint8_t* key;
    size_t key_size;
    const char* hint;
} psk_hint_key_t;

typedef struct esp_tls_cfg {
    const char** alpn_protos; /* the last is NULL */
    const unsigned char* cacert_buf;
    unsigned int cacert_bytes; /* of PEM with the NUL at its end */
    const unsigned char* clientcert_buf;
    unsigned int clientcert_bytes;
    const unsigned char* clientkey_buf;
    const esp_key_config_t* client_key; /* since 6.2 */
    unsigned int clientkey_bytes;
    const unsigned char* clientkey_password;
    unsigned int clientkey_password_len;
    bool use_ecdsa_peripheral;
    bool non_block;
    bool use_secure_element;
    int timeout_ms; /* 10 seconds if it is 0 */
    bool use_global_ca_store;
    const char* common_name;
    bool skip_common_name;
    const psk_hint_key_t* psk_hint_key;
    esp_err_t (*crt_bundle_attach)(void* conf);
    void* ds_data;
    bool is_plain_tcp;
    const int* ciphersuites_list; /* the last is 0 */
    esp_tls_proto_ver_t tls_version;
} esp_tls_cfg_t;

typedef struct esp_tls esp_tls_t;
typedef struct esp_tls_last_error* esp_tls_error_handle_t;

esp_tls_t* esp_tls_init(void);
int esp_tls_conn_new_sync(const char* host, int size, int port, const esp_tls_cfg_t* cfg, esp_tls_t* tls);
int esp_tls_conn_new_async(const char* host, int size, int port, const esp_tls_cfg_t* cfg, esp_tls_t* tls);
ssize_t esp_tls_conn_write(esp_tls_t* tls, const void* from, size_t size);
ssize_t esp_tls_conn_read(esp_tls_t* tls, void* into, size_t size);
int esp_tls_conn_destroy(esp_tls_t* tls);
ssize_t esp_tls_get_bytes_avail(esp_tls_t* tls);
void* esp_tls_get_ssl_context(esp_tls_t* tls);
esp_err_t esp_tls_get_conn_state(esp_tls_t* tls, esp_tls_conn_state_t* state);
esp_err_t esp_tls_get_error_handle(esp_tls_t* tls, esp_tls_error_handle_t* handle);
esp_err_t esp_tls_get_and_clear_error_type(esp_tls_error_handle_t handle, esp_tls_error_type_t type, int* code);
esp_err_t esp_tls_init_global_ca_store(void);
esp_err_t esp_tls_set_global_ca_store(const unsigned char* certificates, unsigned int size);
void esp_tls_free_global_ca_store(void);

#ifdef __cplusplus
}
#endif

#endif

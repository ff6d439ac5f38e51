/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for esp-tls's header of this name, written from its documentation: the table of functions of a TLS stack.
 * Those of servers, of stored sessions and of hashes are optional, and no client needs them. */
#ifndef TWINTLS_TESTS_ESP_TLS_CUSTOM_STACK_H
#define TWINTLS_TESTS_ESP_TLS_CUSTOM_STACK_H

#include <esp_tls.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_TLS_STACK_OPS_VERSION 1

typedef struct esp_tls_stack_ops {
    uint32_t version;
    esp_err_t (*create_ssl_handle)(void* user, const char* host, size_t size, const void* cfg, esp_tls_t*, void* server);
    /* 1 when it is complete, 0 for later, -1 when it failed */
    int (*handshake)(void* user, esp_tls_t*, const esp_tls_cfg_t*);
    /* 0 when the peer closed; less than 0: a WANT code or an error */
    ssize_t (*read)(void* user, esp_tls_t*, char* into, size_t size);
    ssize_t (*write)(void* user, esp_tls_t*, const char* from, size_t size);
    void (*conn_delete)(void* user, esp_tls_t*); /* may be called twice */
    void (*net_init)(void* user, esp_tls_t*);
    void* (*get_ssl_context)(void* user, esp_tls_t*);
    ssize_t (*get_bytes_avail)(void* user, esp_tls_t*);
    esp_err_t (*init_global_ca_store)(void* user);
    esp_err_t (*set_global_ca_store)(void* user, const unsigned char* certificates, const unsigned int size);
    void* (*get_global_ca_store)(void* user);
    void (*free_global_ca_store)(void* user);
    const int* (*get_ciphersuites_list)(void* user); /* IANA's numbers, the last is 0 */
    void* (*get_client_session)(void* user, esp_tls_t*);
    void (*free_client_session)(void* user, void* session);
    int (*server_session_create)(void* user, void* cfg, int sockfd, esp_tls_t*);
} esp_tls_stack_ops_t;

/* Keeps the table's address. */
esp_err_t esp_tls_register_stack(const esp_tls_stack_ops_t* ops, void* user);
esp_err_t esp_tls_unregister_stack(void);

#ifdef __cplusplus
}
#endif

#endif

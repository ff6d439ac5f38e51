/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for esp-tls's header of this name: what a TLS stack uses of a connection. */
#ifndef TWINTLS_TESTS_ESP_TLS_PRIVATE_H
#define TWINTLS_TESTS_ESP_TLS_PRIVATE_H

#include <esp_tls.h>

struct esp_tls {
    void* priv_ctx;
    void* priv_ssl;
    int sockfd;
    esp_tls_conn_state_t conn_state;
    bool is_tls;
    esp_tls_role_t role;
    esp_tls_error_handle_t error_handle;
};

#endif

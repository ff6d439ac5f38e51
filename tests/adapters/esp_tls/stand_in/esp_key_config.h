/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for ESP-IDF's header of this name, new in 6.2: a private key, wherever it is. */
#ifndef TWINTLS_TESTS_ESP_KEY_CONFIG_H
#define TWINTLS_TESTS_ESP_KEY_CONFIG_H

#include <stddef.h>

typedef enum { ESP_KEY_FORMAT_AUTO, ESP_KEY_FORMAT_PEM, ESP_KEY_FORMAT_DER, ESP_KEY_FORMAT_RAW } esp_key_format_t;
typedef enum { ESP_KEY_SOURCE_NONE, ESP_KEY_SOURCE_BUFFER, ESP_KEY_SOURCE_PSA } esp_key_source_t;
typedef struct esp_key_config {
    esp_key_source_t source;
    struct {
        const void* data;
        size_t len; /* 0: PEM with a NUL at its end */
        const char* password;
        size_t password_len;
        esp_key_format_t format;
    } buffer;
} esp_key_config_t;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for esp-tls's header of this name: where a TLS stack leaves its codes. */
#ifndef TWINTLS_TESTS_ESP_TLS_ERROR_CAPTURE_INTERNAL_H
#define TWINTLS_TESTS_ESP_TLS_ERROR_CAPTURE_INTERNAL_H

#include <esp_tls.h>

#ifdef __cplusplus
extern "C" {
#endif
void esp_tls_internal_event_tracker_capture(esp_tls_error_handle_t handle, uint32_t type, int code);
#ifdef __cplusplus
}
#endif

#endif

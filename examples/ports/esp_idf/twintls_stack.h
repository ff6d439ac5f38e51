/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TWINTLS_STACK_H
#define TWINTLS_STACK_H

#include <esp_err.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every TLS connection that esp-tls makes from now on goes through twintls. Once, before the first: of app_main, say.
 * Errors: those of esp_tls_register_stack. */
esp_err_t twintls_install(void);

#ifdef __cplusplus
}
#endif

#endif

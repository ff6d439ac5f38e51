/* SPDX-License-Identifier: Apache-2.0 */
/* What menuconfig would decide for these tests on a development machine. */
#ifndef TWINTLS_TESTS_SDKCONFIG_H
#define TWINTLS_TESTS_SDKCONFIG_H

#define CONFIG_IDF_TARGET_LINUX 1
#define CONFIG_ESP_TLS_CUSTOM_STACK 1
#define CONFIG_ESP_TLS_PSK_VERIFICATION 1

/* What the C library of ESP-IDF has and others do not. */
#ifndef __containerof
#    define __containerof(member, type, name) ((type*)((char*)(member) - __builtin_offsetof(type, name)))
#endif

#endif

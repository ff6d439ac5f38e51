/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for ESP-IDF's log: what is logged is kept for the test to look at. */
#ifndef TWINTLS_TESTS_ESP_LOG_H
#define TWINTLS_TESTS_ESP_LOG_H

#ifdef __cplusplus
extern "C" {
#endif
__attribute__((format(printf, 1, 2))) void stand_in_log(const char* format, ...);
#ifdef __cplusplus
}
#endif

#define ESP_LOGE(tag, ...) ((void)(tag), stand_in_log(__VA_ARGS__))
#define ESP_LOGW(tag, ...) ((void)(tag), stand_in_log(__VA_ARGS__))
#define ESP_LOGI(tag, ...) ((void)(tag))
#define ESP_LOGD(tag, ...) ((void)(tag))

#endif

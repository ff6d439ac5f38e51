/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the SDK's log macros: what is logged is kept for the test to look at. */
#ifndef TWINTLS_TESTS_AWS_IOT_LOG_H
#define TWINTLS_TESTS_AWS_IOT_LOG_H

#ifdef __cplusplus
extern "C" {
#endif
__attribute__((format(printf, 1, 2))) void stand_in_log(const char* format, ...);
#ifdef __cplusplus
}
#endif

#define IOT_DEBUG(...)
#define IOT_INFO(...)
/* As in the SDK, blocks and no statements. */
#define IOT_WARN(...)              \
    {                              \
        stand_in_log(__VA_ARGS__); \
    }
#define IOT_ERROR(...)             \
    {                              \
        stand_in_log(__VA_ARGS__); \
    }

#endif

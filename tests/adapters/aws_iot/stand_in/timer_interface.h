/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the SDK's timers. */
#ifndef TWINTLS_TESTS_TIMER_INTERFACE_H
#define TWINTLS_TESTS_TIMER_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Timer {
    int64_t end; /* in milliseconds of the steady clock */
} Timer;

void init_timer(Timer* timer);
void countdown_ms(Timer* timer, uint32_t ms);
bool has_timer_expired(Timer* timer);
uint32_t left_ms(Timer* timer);

#ifdef __cplusplus
}
#endif

#endif

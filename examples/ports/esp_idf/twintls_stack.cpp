// SPDX-License-Identifier: Apache-2.0
#include "twintls_stack.h"

#include <tls/adapters/esp_tls.hpp>
#include <tls/wolfssl.hpp>

extern "C" esp_err_t twintls_install() {
    static tls::esp_tls::stack<tls::wolfssl> stack;
    return stack.install();
}

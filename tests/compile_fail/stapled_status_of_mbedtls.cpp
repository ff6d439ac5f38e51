// SPDX-License-Identifier: Apache-2.0
#include <tls/client.hpp>
#include <tls/mbedtls.hpp>

#if defined(MUST_FAIL)
auto made = tls::client<tls::mbedtls>::configure().require_stapled_status();
#else
auto made = tls::client<tls::mbedtls>::configure().honour_must_staple();
#endif

// SPDX-License-Identifier: Apache-2.0
#include <tls/client.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

template <class Backend> auto make() {
#if defined(MUST_FAIL)
    return tls::client<Backend>::configure().log(tls::log_sink{}).trust_system().no_identity().build();
#else
    return tls::client<Backend>::configure().key_log(tls::key_log_sink{}).trust_system().no_identity().build();
#endif
}

template auto make<tls::wolfssl>();
template auto make<tls::mbedtls>();

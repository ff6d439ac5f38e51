// SPDX-License-Identifier: Apache-2.0
// The program of all consumer projects: a client on each backend, in one binary; or on one of them only.
#include <tls/client.hpp>
#if !defined(CONSUMER_WITHOUT_MBEDTLS)
#    include <tls/mbedtls.hpp>
#endif
#include <tls/wolfssl.hpp>

#include <cstdio>
#include <string_view>

template <typename Backend> static bool builds_a_client() {
    auto const client = tls::client<Backend>::configure().insecure_accept_any_server().no_identity().build();
    std::string_view const name = Backend::name;
    auto const version = Backend::version();
    std::printf(
        "%.*s %.*s: %s\n", static_cast<int>(name.size()), name.data(), static_cast<int>(version.size()), version.data(),
        client ? "client built" : "no client");
    return client.has_value();
}

int main() {
    bool good = builds_a_client<tls::wolfssl>();
#if !defined(CONSUMER_WITHOUT_MBEDTLS)
    good = builds_a_client<tls::mbedtls>() && good;
#endif
    return good ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"
#include "contenders/twintls.hpp"
#include "contenders/twintls_engine.hpp"
#include <tls/mbedtls.hpp>

namespace bench {

contender_kind twintls_mbedtls() {
    return {
        "twintls-mbedtls", "twintls on Mbed TLS " + std::string(tls::mbedtls::version()), "mbedtls", mbedtls_build(),
        twintls_contender<tls::mbedtls>::configure};
}

contender_kind twintls_any_mbedtls() {
    return {
        "twintls-any-mbedtls", "twintls, any_client, on Mbed TLS " + std::string(tls::mbedtls::version()), "mbedtls",
        mbedtls_build(), twintls_contender<tls::mbedtls, tls::any_client>::configure};
}

contender_kind twintls_engine_mbedtls() {
    return {
        "twintls-engine-mbedtls", "twintls, engine, on Mbed TLS " + std::string(tls::mbedtls::version()), "mbedtls",
        mbedtls_build(), twintls_engine_contender<tls::mbedtls>::configure};
}

} // namespace bench

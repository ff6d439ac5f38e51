// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"
#include "contenders/twintls_asio.hpp"
#include <tls/mbedtls.hpp>

namespace bench {

contender_kind twintls_asio_mbedtls() {
    return {
        "twintls-asio-mbedtls", "tls::asio on Mbed TLS " + std::string(tls::mbedtls::version()), "mbedtls",
        mbedtls_build(), twintls_asio_contender<tls::mbedtls>::configure};
}

} // namespace bench

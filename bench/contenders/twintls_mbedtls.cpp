// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"
#include "contenders/twintls.hpp"
#include <tls/mbedtls.hpp>

namespace bench {

contender_kind twintls_mbedtls() {
    return {
        "twintls-mbedtls", "twintls on Mbed TLS " + std::string(tls::mbedtls::version()), "mbedtls", mbedtls_build(),
        twintls_contender<tls::mbedtls>::configure};
}

} // namespace bench

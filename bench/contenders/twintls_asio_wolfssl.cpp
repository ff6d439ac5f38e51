// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"
#include "contenders/twintls_asio.hpp"
#include <tls/wolfssl.hpp>

namespace bench {

contender_kind twintls_asio_wolfssl() {
    return {
        "twintls-asio-wolfssl", "tls::asio on wolfSSL " + std::string(tls::wolfssl::version()), "wolfssl",
        wolfssl_build(), twintls_asio_contender<tls::wolfssl>::configure};
}

} // namespace bench

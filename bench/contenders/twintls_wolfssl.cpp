// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"
#include "contenders/twintls.hpp"
#include "contenders/twintls_engine.hpp"
#include <tls/wolfssl.hpp>

namespace bench {

contender_kind twintls_wolfssl() {
    return {
        "twintls-wolfssl", "twintls on wolfSSL " + std::string(tls::wolfssl::version()), "wolfssl", wolfssl_build(),
        twintls_contender<tls::wolfssl>::configure};
}

contender_kind twintls_any_wolfssl() {
    return {
        "twintls-any-wolfssl", "twintls, any_client, on wolfSSL " + std::string(tls::wolfssl::version()), "wolfssl",
        wolfssl_build(), twintls_contender<tls::wolfssl, tls::any_client>::configure};
}

contender_kind twintls_engine_wolfssl() {
    return {
        "twintls-engine-wolfssl", "twintls, engine, on wolfSSL " + std::string(tls::wolfssl::version()), "wolfssl",
        wolfssl_build(), twintls_engine_contender<tls::wolfssl>::configure};
}

} // namespace bench

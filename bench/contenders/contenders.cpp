// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"

namespace bench {

std::vector<contender_kind> const& contenders() {
    static std::vector<contender_kind> const all = {
        twintls_wolfssl(),
        twintls_any_wolfssl(),
        twintls_engine_wolfssl(),
        raw_wolfssl(),
        twintls_mbedtls(),
        twintls_any_mbedtls(),
        twintls_engine_mbedtls(),
        raw_mbedtls(),
#if defined(BENCH_HAS_ASIO)
        twintls_asio_wolfssl(),
        twintls_asio_mbedtls(),
#endif
#if defined(BENCH_HAS_OPENSSL)
        openssl(),
#endif
#if defined(BENCH_HAS_ASIO) && defined(BENCH_HAS_OPENSSL)
        asio_ssl(),
#endif
    };
    return all;
}

std::vector<contender_kind> contenders_for(handshake_case const& c) {
    auto some = contenders();
    if (c.is_hybrid()) std::erase_if(some, [](contender_kind const& k) { return k.library != "wolfssl"; });
    return some;
}

std::vector<absent_contender> const& absent_contenders() {
    static std::vector<absent_contender> const all = {
#if !defined(BENCH_HAS_OPENSSL)
        {"openssl", "OpenSSL's headers and libraries were not found when the benchmark was configured"},
#endif
#if !defined(BENCH_HAS_ASIO)
        {"twintls-asio", "Asio's headers were not found when the benchmark was configured"},
#endif
#if !defined(BENCH_HAS_ASIO) || !defined(BENCH_HAS_OPENSSL)
        {"asio-ssl", "Asio's headers, or OpenSSL, were not found when the benchmark was configured"},
#endif
    };
    return all;
}

std::vector<absent_contender> const& absent_cases() {
    static std::vector<absent_contender> const all = {
#if !defined(TWINTLS_WOLFSSL_MLKEM)
        {"tls13-x25519mlkem768-ecdsa", "wolfSSL was built without TWINTLS_WOLFSSL_MLKEM"},
#endif
    };
    return all;
}

} // namespace bench

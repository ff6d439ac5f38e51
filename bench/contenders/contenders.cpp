// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"

#include <algorithm>

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
    // Derived from what twintls offers, so that it disappears by itself once such a group is added.
    static std::vector<absent_contender> const all = [] {
        constexpr std::uint16_t x25519_mlkem768 = 4588;
        std::vector<absent_contender> absent;
        if (std::ranges::none_of(
                tls::known_groups, [](tls::named_group g) { return static_cast<std::uint16_t>(g) == x25519_mlkem768; }))
            absent.push_back(
                {"tls13-x25519mlkem768",
                 "the post-quantum hybrid X25519MLKEM768 is not among the groups twintls offers with these libraries"});
        return absent;
    }();
    return all;
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"

#include "measure/statistics.hpp"
#include "measure/stopwatch.hpp"

#include <stdexcept>
#include <vector>

namespace bench {
namespace {

operations operations_of(std::string const& library) {
    if (library == "wolfssl") return wolfssl_operations();
    if (library == "mbedtls") return mbedtls_operations();
#if defined(BENCH_HAS_OPENSSL)
    if (library == "openssl") return openssl_operations();
#endif
    throw std::runtime_error("no floor for " + library);
}

double median_of(std::function<void()> const& operation, int repetitions) {
    for (int i = 0; i < 3; ++i) operation();
    std::vector<double> times;
    for (int i = 0; i < repetitions; ++i) {
        microseconds spent{};
        {
            stopwatch const running(spent);
            operation();
        }
        times.push_back(spent.count());
    }
    return distribution_of(std::move(times)).median;
}

} // namespace

primitives measure_floor(std::string const& library, int repetitions) {
    operations const of = operations_of(library);
    primitives p;
    p.x25519 = median_of(of.x25519, repetitions);
    p.p256 = median_of(of.p256, repetitions);
    p.ecdsa_verify = median_of(of.ecdsa_verify, repetitions);
    p.ecdsa_sign = median_of(of.ecdsa_sign, repetitions);
    p.rsa_verify = median_of(of.rsa_verify, repetitions);
    return p;
}

double floor_of(handshake_case const& c, primitives const& p) {
    double const exchange = c.group == tls::named_group::x25519 ? p.x25519 : p.p256;
    if (c.resumed) return c.version == tls::protocol_version::tls_1_3 ? exchange : 0;
    // Leaf and intermediate, and the server's own over the handshake.
    constexpr int signatures = 3;
    double const verification = c.key == server_key::rsa_2048 ? p.rsa_verify : p.ecdsa_verify;
    return exchange + signatures * verification + (c.client_certificate ? p.ecdsa_sign : 0);
}

} // namespace bench

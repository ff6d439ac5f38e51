// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"

#include "measure/statistics.hpp"
#include "measure/stopwatch.hpp"

#include <array>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

/// An operation and its times.
struct timed_operation {
    std::function<void()> const& operation;
    double& median;
    std::vector<double> times{};

    void once() {
        microseconds spent{};
        {
            stopwatch const running(spent);
            operation();
        }
        times.push_back(spent.count());
    }
};

} // namespace

operations operations_of(std::string const& library) {
    if (library == "wolfssl") return wolfssl_operations();
    if (library == "mbedtls") return mbedtls_operations();
#if defined(BENCH_HAS_OPENSSL)
    if (library == "openssl") return openssl_operations();
#endif
    throw std::runtime_error("no floor for " + library);
}

primitives measure_floor(operations const& of, int repetitions) {
    primitives p;
    std::array all = {
        timed_operation{of.x25519, p.x25519},
        timed_operation{of.p256, p.p256},
        timed_operation{of.ecdsa_verify, p.ecdsa_verify},
        timed_operation{of.ecdsa_sign, p.ecdsa_sign},
        timed_operation{of.rsa_verify, p.rsa_verify},
    };
    for (auto& o : all)
        for (int i = 0; i < 3; ++i) o.operation();
    // In turns, so that a slow moment of the machine does not hit all samples of one operation.
    constexpr int block = 5;
    for (int done = 0; done < repetitions; done += block)
        for (auto& o : all) {
            o.operation(); // warms the caches again
            for (int i = 0; i < block; ++i) o.once();
        }
    for (auto& o : all) o.median = distribution_of(std::move(o.times)).median;
    return p;
}

double floor_of(handshake_case const& c, primitives const& p) {
    // Of a hybrid only the half that all libraries have.
    double const exchange = c.group == tls::named_group::secp256r1 ? p.p256 : p.x25519;
    if (c.resumed) return c.version == tls::protocol_version::tls_1_3 ? exchange : 0;
    // The server's own in the handshake, and those on leaf and intermediate unless they are remembered.
    int const signatures = c.again ? 1 : 3;
    double const verification = c.key == server_key::rsa_2048 ? p.rsa_verify : p.ecdsa_verify;
    return exchange + signatures * verification + (c.client_certificate ? p.ecdsa_sign : 0);
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases.hpp"

#include <functional>
#include <string>

/// The asymmetric operations that a handshake cannot avoid, by library: what would be left if everything else cost
/// nothing.
namespace bench {

/// One library's operations, each ready to be done again and again. They throw if one goes wrong.
struct operations {
    std::function<void()> x25519{};       ///< makes a key pair and agrees on a secret
    std::function<void()> p256{};         ///< the same
    std::function<void()> ecdsa_verify{}; ///< P-256, of a SHA-256 digest
    std::function<void()> ecdsa_sign{};
    std::function<void()> rsa_verify{}; ///< RSA-2048, PKCS #1 v1.5, of a SHA-256 digest
};

[[nodiscard]] operations wolfssl_operations();
[[nodiscard]] operations mbedtls_operations();
[[nodiscard]] operations openssl_operations(); ///< compiled where OpenSSL is found: BENCH_HAS_OPENSSL

/// Medians in microseconds of processor time.
struct primitives {
    double x25519 = 0;
    double p256 = 0;
    double ecdsa_verify = 0;
    double ecdsa_sign = 0;
    double rsa_verify = 0;
};

/// The operations of a library, "wolfssl", "mbedtls" or "openssl"; throws for any other.
[[nodiscard]] operations operations_of(std::string const& library);
[[nodiscard]] primitives measure_floor(operations const& of, int repetitions);

/// What a case needs of them, in microseconds: the key exchange, the signatures of chain and handshake, and with a
/// client certificate the client's own. 0 if it needs none, as in a resumption under TLS 1.2.
[[nodiscard]] double floor_of(handshake_case const& c, primitives const& p);

} // namespace bench

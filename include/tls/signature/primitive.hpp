// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/algorithm.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

/// The one thing a C library is asked about a chain: is this signature, over these bytes, by this key, good?
namespace tls::signature {

/// What is known of a signature. `cannot` and `out_of_memory` say nothing about it: they are never taken for `bad`.
enum class answer : std::uint8_t {
    good,         ///< the holder of the key signed exactly this message
    bad,          ///< the holder of the key did not sign this message
    cannot,       ///< we, or the library as built, do not support the key or the algorithm
    out_of_memory ///< the library, or we, ran out of memory
};

enum class scheme : std::uint8_t { rsa_pkcs1, rsa_pss, ecdsa, ed25519 };

/// What a message is hashed with before it is signed; `none` for Ed25519, which takes the message itself.
enum class hash : std::uint8_t { md5, sha1, sha224, sha256, sha384, sha512, none };

/// A hash's size in bytes; 0 for `none`.
[[nodiscard]] constexpr std::size_t size_of(hash h) noexcept {
    switch (h) {
    case hash::md5: return 16;
    case hash::sha1: return 20;
    case hash::sha224: return 28;
    case hash::sha256: return 32;
    case hash::sha384: return 48;
    case hash::sha512: return 64;
    case hash::none: break;
    }
    return 0;
}

/// A question, put together from parts of two certificates. Refers to their bytes.
struct query {
    std::span<std::byte const> spki{}; ///< the SubjectPublicKeyInfo of the key, in DER
    x509::signature_algorithm algorithm = x509::signature_algorithm::other;
    std::size_t salt_length = 0; ///< for RSA-PSS: as the algorithm's parameters say, in bytes
    std::span<std::byte const> message{};
    std::span<std::byte const> signature{};
    bool is_hashed = false; ///< `message` is its hash, as long as that of `algorithm`
};

/// The sizes of RSA keys we verify with, in bits; the same for every backend.
inline constexpr std::size_t min_rsa_bits = 2048;
inline constexpr std::size_t max_rsa_bits = 8192;
/// The largest public exponent of an RSA key, in bits; the smallest is 3.
inline constexpr std::size_t max_rsa_exponent_bits = 64;

/// True for an RSA key that we verify with: modulus and exponent are odd, and of the sizes above.
[[nodiscard]] bool is_acceptable(x509::rsa_public_key const& key) noexcept;
/// True for an EC key that we verify with: its point is not compressed. Whether it is on its curve is not known yet.
[[nodiscard]] bool is_acceptable(x509::ec_public_key const& key) noexcept;

/// A question whose key and signature were taken apart and found sound: what a backend is asked.
///
/// Numbers are unsigned, big-endian and without leading zeros. Refers to the bytes of the query it was made from.
struct checked_query {
    signature::scheme scheme = scheme::ecdsa;
    signature::hash hash = hash::none;
    std::span<std::byte const> message{};
    bool is_hashed = false; ///< `message` is its hash, as long as that of `hash`
    /// RSA: as long as the modulus and less than it. ECDSA: the SEQUENCE of `r` and `s` in DER, nothing after it.
    /// Ed25519: 64 bytes.
    std::span<std::byte const> signature{};

    /// RSA: odd, of min_rsa_bits to max_rsa_bits; for RSA-PSS not of one bit more than whole bytes.
    std::span<std::byte const> modulus{};
    std::span<std::byte const> exponent{}; ///< RSA: odd, 3 or more, of at most max_rsa_exponent_bits
    std::size_t salt_length = 0;           ///< RSA-PSS: fits the modulus; the mask is made with `hash`

    x509::curve curve = x509::curve::other; ///< ECDSA: P-256, P-384 or P-521
    /// ECDSA: the uncompressed point with coordinates below the prime; whether it is on the curve is not known yet.
    /// Ed25519: the 32 bytes of the key.
    std::span<std::byte const> point{};
    std::span<std::byte const> r{}, s{}; ///< ECDSA: at least 1, less than the order of the curve
};

/// Takes a question apart and checks all of it that needs no mathematics.
///
/// The answer instead: `cannot` for a key or an algorithm that is outside of what `checked_query` promises, `bad` for a
/// signature no such key can have made. Does not allocate.
[[nodiscard]] std::expected<checked_query, answer> check(query const& q) noexcept;

/// What an answer costs at most, in microseconds of a desktop processor with the slowest of the backends.
///
/// The same for every backend, so that a limit on the work gives the same verdict with each.
[[nodiscard]] std::uint32_t cost(checked_query const& q) noexcept;

/// How a backend answers: its `verify_signature`. Safe from any thread.
using primitive = answer (*)(checked_query const&) noexcept;

/// Checks a question, and has the library answer what needs mathematics.
[[nodiscard]] inline answer verify(query const& q, primitive how) noexcept {
    auto const checked = check(q);
    return checked ? how(*checked) : checked.error();
}

} // namespace tls::signature

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/signature/impl/primitive.ipp>
#endif

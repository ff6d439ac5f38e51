// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::x509 {

/// The kind of a certificate's public key.
enum class public_key_kind : std::uint8_t { rsa, ec, ed25519, other };

/// The curve of an EC key; `other` also for explicit parameters and for keys that are not EC.
enum class curve : std::uint8_t { p256, p384, p521, other };

/// The algorithm a certificate is signed with; the PSS ones are named by their hash.
enum class signature_algorithm : std::uint8_t {
    rsa_pkcs1_md5,
    rsa_pkcs1_sha1,
    rsa_pkcs1_sha224,
    rsa_pkcs1_sha256,
    rsa_pkcs1_sha384,
    rsa_pkcs1_sha512,
    rsa_pss_sha1,
    rsa_pss_sha224,
    rsa_pss_sha256,
    rsa_pss_sha384,
    rsa_pss_sha512,
    ecdsa_sha1,
    ecdsa_sha224,
    ecdsa_sha256,
    ecdsa_sha384,
    ecdsa_sha512,
    ed25519,
    other,
};

/// True for RSASSA-PSS.
[[nodiscard]] constexpr bool is_pss(signature_algorithm a) noexcept {
    return a >= signature_algorithm::rsa_pss_sha1 && a <= signature_algorithm::rsa_pss_sha512;
}

/// True for a signature with SHA-256 or better; those with weaker hashes prove nothing.
[[nodiscard]] constexpr bool has_strong_hash(signature_algorithm algorithm) noexcept {
    using enum signature_algorithm;
    switch (algorithm) {
    case rsa_pkcs1_sha256:
    case rsa_pkcs1_sha384:
    case rsa_pkcs1_sha512:
    case rsa_pss_sha256:
    case rsa_pss_sha384:
    case rsa_pss_sha512:
    case ecdsa_sha256:
    case ecdsa_sha384:
    case ecdsa_sha512:
    case ed25519: return true;
    case rsa_pkcs1_md5:
    case rsa_pkcs1_sha1:
    case rsa_pkcs1_sha224:
    case rsa_pss_sha1:
    case rsa_pss_sha224:
    case ecdsa_sha1:
    case ecdsa_sha224:
    case other: return false;
    }
    return false;
}

/// The hash functions certificates name; `other` is one that is not known.
enum class hash_algorithm : std::uint8_t { sha1, sha224, sha256, sha384, sha512, other };

/// The parameters of an RSASSA-PSS signature (RFC 4055 section 3.1), with the defaults filled in.
struct pss_parameters {
    hash_algorithm hash = hash_algorithm::sha1;
    hash_algorithm mask_hash = hash_algorithm::sha1; ///< the hash of MGF1
    std::uint32_t salt_length = 20;                  ///< in octets
    std::uint32_t trailer_field = 1;                 ///< RFC 8017 knows only 1, the octet 0xbc
};

/// An RSA public key (RFC 8017 appendix A.1.1): both numbers are positive, big-endian and without leading zero octets.
struct rsa_public_key {
    std::span<std::byte const> modulus;
    std::span<std::byte const> exponent;
};

/// A public key on a known curve (RFC 5480).
///
/// The point has the form and the size of SEC 1 section 2.3.3 for that curve: 0x04 and both coordinates, or 0x02 or
/// 0x03 and one. Whether it lies on the curve is not checked.
struct ec_public_key {
    x509::curve curve = x509::curve::other;
    std::span<std::byte const> point;
};

} // namespace tls::x509

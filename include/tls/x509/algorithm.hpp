// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>

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

} // namespace tls::x509

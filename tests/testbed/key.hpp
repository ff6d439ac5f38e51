// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace testbed {

/// Kinds of keys; p224 and rsa_1024 are too weak to be accepted. Those of RSA from 4096 bits on are products of primes
/// that everybody knows: made at once, and nobody's secret.
enum class key_kind {
    p256,
    p384,
    p521,
    p224,
    rsa_1024,
    rsa_2048,
    rsa_3072,
    rsa_2049,
    rsa_2056,
    rsa_4096,
    rsa_8192,
};

[[nodiscard]] std::string_view name(key_kind kind);
[[nodiscard]] bool is_rsa(key_kind kind);

/// The hashes a certificate may be signed with; md5 works with RSA keys only.
enum class hash { md5, sha1, sha224, sha256, sha384, sha512 };

[[nodiscard]] std::string_view name(hash h);
/// In dotted numbers.
[[nodiscard]] std::string_view object_identifier(hash h);

/// A private key in every format a credential may come in.
class key {
public:
    /// Generates a key; RSA takes its time, so prefer `pooled_key`.
    explicit key(key_kind kind);
    ~key();
    key(key&&) noexcept;
    key& operator=(key&&) noexcept;

    [[nodiscard]] key_kind kind() const;

    [[nodiscard]] bytes pkcs8_der() const;
    [[nodiscard]] std::string pkcs8_pem() const;
    /// SEC1 (RFC 5915) for an EC key, PKCS#1 for RSA.
    [[nodiscard]] bytes traditional_der() const;
    [[nodiscard]] std::string traditional_pem() const;
    /// PKCS#8 encrypted with PBES2: PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018).
    [[nodiscard]] bytes encrypted_pkcs8_der(std::string_view password) const;
    [[nodiscard]] std::string encrypted_pkcs8_pem(std::string_view password) const;
    /// The old PEM encryption: Proc-Type and DEK-Info headers, AES-256-CBC, key derived with MD5.
    [[nodiscard]] std::string legacy_encrypted_pem(std::string_view password) const;
    /// SubjectPublicKeyInfo.
    [[nodiscard]] bytes spki_der() const;
    /// The content of the public key's BIT STRING, which key identifiers are made of.
    [[nodiscard]] bytes public_key_bits() const;

    /// The raw signature over a message. Safe from any thread.
    [[nodiscard]] bytes sign(byte_view message, hash with, bool rsa_pss = false) const;
    /// The same of a message whose hash is known.
    [[nodiscard]] bytes sign_digest(byte_view digest, hash with, bool rsa_pss = false) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

/// The `index`-th key of a kind; generated once per process, alive to its end. Safe from any thread.
[[nodiscard]] key const& pooled_key(key_kind kind, int index = 0);

/// The hash of a message.
[[nodiscard]] bytes digest(hash with, byte_view message);

} // namespace testbed

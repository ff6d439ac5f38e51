// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key.hpp"

#include <memory>

namespace testbed {

/// An RSA key of any size and public exponent that signs anything, well-formed or not.
///
/// Its modulus has many small primes, so that large keys are made quickly. A verifier cannot tell, and the key is not
/// secure.
class raw_rsa_key {
public:
    /// `exponent` is odd; big-endian.
    explicit raw_rsa_key(unsigned bits, byte_view exponent = octets({1, 0, 1}));
    ~raw_rsa_key();
    raw_rsa_key(raw_rsa_key&&) noexcept;
    raw_rsa_key& operator=(raw_rsa_key&&) noexcept;

    [[nodiscard]] unsigned bits() const;
    [[nodiscard]] std::size_t size() const { return (bits() + 7) / 8; } ///< of modulus and signature, in bytes
    [[nodiscard]] bytes modulus() const;
    [[nodiscard]] bytes exponent() const;
    [[nodiscard]] bytes spki_der() const;

    /// The private operation on an encoded message, which must be less than the modulus.
    [[nodiscard]] bytes sign_raw(byte_view encoded) const;
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
    [[nodiscard]] bytes sign_pkcs1(byte_view message, hash with) const;
    /// RSASSA-PSS (RFC 8017 section 8.1), the mask made with the same hash.
    [[nodiscard]] bytes sign_pss(byte_view message, hash with, std::size_t salt_length) const;

    /// `signature + times * modulus` in as many bytes as the modulus has; throws if it does not fit.
    [[nodiscard]] bytes plus_modulus(byte_view number, unsigned times = 1) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

/// The SubjectPublicKeyInfo of an RSA key with these INTEGER contents, whatever they are.
[[nodiscard]] bytes rsa_spki(byte_view modulus_integer, byte_view exponent_integer);

/// The encoded message of RSASSA-PKCS1-v1_5, `size` bytes.
[[nodiscard]] bytes pkcs1_encoding(byte_view message, hash with, std::size_t size);

/// The encoded message of RSASSA-PSS for a modulus of so many bits.
[[nodiscard]] bytes pss_encoding(byte_view message, hash with, std::size_t salt_length, unsigned modulus_bits);

/// AlgorithmIdentifier's DigestInfo around a message's hash; with or without the NULL.
[[nodiscard]] bytes digest_info(byte_view message, hash with, bool null = true);

} // namespace testbed

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/private_key.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::x509 {

/// What kind of key something is, as it stands there in clear; refers to the bytes it was read from.
struct key_description {
    enum class algorithm : std::uint8_t { rsa, ec, ed25519, ed448, other };

    algorithm kind = algorithm::other;
    x509::curve curve = x509::curve::other; ///< of an EC key
    std::size_t bits = 0;                   ///< of an RSA modulus
    /// The object identifier of the algorithm, or of an EC key's curve; empty for a curve given by its parameters.
    der::bytes id;
};

/// The kind of a certificate's key.
[[nodiscard]] key_description describe_key(certificate_view const& certificate) noexcept;

/// The kind of a private key in DER that is not encrypted; nullopt if it is damaged.
[[nodiscard]] std::optional<key_description>
describe_key(private_key_kind encoding, std::span<std::byte const> der) noexcept;

/// Writes for example "Ed25519 key", "RSA key of 8192 bits", "EC key on secp256k1" or "key of 1.2.643.2.2.19".
void write_name(tls::detail::text_writer& out, key_description const& key) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/key_description.ipp>
#endif

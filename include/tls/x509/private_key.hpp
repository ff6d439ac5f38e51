// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::x509 {

/// The encodings of a private key.
enum class private_key_kind : std::uint8_t {
    pkcs8,            ///< PrivateKeyInfo, RFC 5958
    sec1,             ///< ECPrivateKey, RFC 5915
    pkcs1,            ///< RSAPrivateKey, RFC 8017
    encrypted_pkcs8,  ///< EncryptedPrivateKeyInfo, RFC 5958
    legacy_encrypted, ///< PKCS#1 or SEC1 encrypted by PEM headers, RFC 1421; exists only as PEM
};

/// Tells the encodings of a private key in DER apart by their structure; says nothing about the key in it.
///
/// Errors: empty_input, unexpected_certificate, bad_private_key.
[[nodiscard]] result<private_key_kind> classify_private_key_der(std::span<std::byte const> der) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/private_key.ipp>
#endif

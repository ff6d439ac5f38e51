// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/key_decryption.hpp>
#include <tls/x509/key_description.hpp>

#include <cstddef>
#include <cstdint>

namespace tls::seam {

/// The keys of ours that a library can sign with, as built.
struct usable_keys {
    std::size_t most_rsa_bits = 0;
    bool (*has_curve)(x509::curve) noexcept = nullptr; ///< never asked about `other`
    bool has_ed25519 = false;
    bool has_ed448 = false;
};

/// Whether a library can sign with the key of an identity's certificate.
///
/// Errors: unsupported, which names the certificate's file and the kind of key: "chain.pem, Ed25519 key".
[[nodiscard]] result<void> check_own_certificate(identity const& who, usable_keys const& usable) noexcept;

/// What a certificate of ours comes to that is one to us and not to the library: unsupported, "chain.pem, reading
/// certificate 1", with the library's code.
[[nodiscard]] error unreadable_own_certificate(identity const& who, std::int32_t native) noexcept;

/// A private key that is not encrypted. Errors: out_of_memory.
[[nodiscard]] result<key_in_clear> copy_own_key(identity const& who) noexcept;

/// What an encrypted private key comes to where the library decrypts none: unsupported, "key.pem, encryption".
[[nodiscard]] error undecryptable_own_key(identity const& who) noexcept;

/// Decrypts a private key that is encrypted. Errors as `decrypt_private_key`; they name the key's file.
[[nodiscard]] result<key_in_clear> decrypt_own_key(identity const& who, key_decryption const& with) noexcept;

/// Whether a private key is of a kind that a library can use, and can belong to the identity's certificate.
///
/// Errors: unsupported, bad_private_key, key_mismatch for a key of another kind or size; each names the key's file.
[[nodiscard]] result<void>
check_own_key(identity const& who, key_in_clear const& key, usable_keys const& usable) noexcept;

} // namespace tls::seam

namespace tls::detail {

/// An error about a key, which names the input it came from, the kind of key and, of an RSA key, the limit if there is
/// one.
[[nodiscard]] std::unexpected<error> refused_key(
    errc code, short_text const& origin, x509::key_description const& key, std::size_t most_rsa_bits = 0) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/own_key.ipp>
#endif

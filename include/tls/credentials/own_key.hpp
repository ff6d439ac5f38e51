// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/x509/key_description.hpp>
#include <tls/x509/key_encryption.hpp>

#include <cstddef>
#include <span>

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
/// certificate 1".
[[nodiscard]] error unreadable_own_certificate(identity const& who) noexcept;

/// What a library has for encrypted private keys, as built, and how it decrypts one.
struct key_decryption {
    x509::key_decryption_parts parts;
    /// Derives the key from the password and decrypts `data`, whole blocks, in place.
    result<void> (*decrypt)(
        x509::key_encryption const& how, std::span<std::byte const> password,
        std::span<std::byte> data) noexcept = nullptr;
};

/// The private key of an identity in DER, decrypted.
struct key_in_clear {
    x509::private_key_kind encoding = x509::private_key_kind::pkcs8;
    x509::secret_bytes der;
};

/// A private key that is not encrypted. Errors: out_of_memory.
[[nodiscard]] result<key_in_clear> copy_own_key(identity const& who) noexcept;

/// What an encrypted private key comes to where the library decrypts none: unsupported, "key.pem, encryption".
[[nodiscard]] error undecryptable_own_key(identity const& who) noexcept;

/// Decrypts a private key that is encrypted. Errors name its file and what they are about.
///
/// Errors: unsupported for a scheme the library lacks; wrong_password; bad_private_key if what was encrypted is
/// damaged, and the password still known to be right; out_of_memory.
[[nodiscard]] result<key_in_clear> decrypt_own_key(identity const& who, key_decryption const& with) noexcept;

/// Whether a private key is of a kind that a library can use, and can belong to the identity's certificate.
///
/// Errors: unsupported, bad_private_key, key_mismatch for a key of another kind or size; each names the key's file.
[[nodiscard]] result<void>
check_own_key(identity const& who, key_in_clear const& key, usable_keys const& usable) noexcept;

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/own_key.ipp>
#endif

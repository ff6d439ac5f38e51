// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/x509/key_encryption.hpp>
#include <tls/x509/pem.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tls::seam {

/// What a library has for encrypted private keys, as built, and how it decrypts one.
struct key_decryption {
    x509::key_decryption_parts parts;
    /// Derives the key from the password and decrypts `data`, whole blocks, in place.
    result<void> (*decrypt)(
        x509::key_encryption const& how, std::span<std::byte const> password,
        std::span<std::byte> data) noexcept = nullptr;
};

/// A private key in DER, decrypted.
struct key_in_clear {
    x509::private_key_kind encoding = x509::private_key_kind::pkcs8;
    x509::secret_bytes der;
};

/// `decrypt_private_key`, which only those link who give a password.
using key_decrypter = result<key_in_clear> (*)(
    x509::private_key_block const& key, std::span<std::byte const> password, key_decryption const& with) noexcept;

/// Decrypts a private key that is encrypted.
///
/// Errors: unsupported for a scheme the library lacks, of which `about` has the name; wrong_password; bad_private_key
/// if what was encrypted is damaged, and the password still known to be right; out_of_memory.
[[nodiscard]] result<key_in_clear> decrypt_private_key(
    x509::private_key_block const& key, std::span<std::byte const> password, key_decryption const& with) noexcept;

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/key_decryption.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Private keys encrypted in every way that exists, right or wrong.
namespace testbed {

/// PBES2 with PBKDF2 and AES in CBC mode (RFC 8018).
struct pbes2 {
    unsigned key_bits = 256;
    std::optional<hash> prf = hash::sha256; ///< none: the field is left out, which means SHA-1
    bool key_length = false;                ///< the optional field is written
    unsigned iterations = 64;
};

/// The key that EncryptedPrivateKeyInfo of `encrypt` is encrypted with, with the rest of `how` as it is by default.
[[nodiscard]] bytes key_encryption_key(byte_view encrypted, std::string_view password);
/// The same for a text of `legacy_encrypted`.
[[nodiscard]] bytes legacy_key_encryption_key(std::string_view pem, std::string_view password);

/// EncryptedPrivateKeyInfo (RFC 5958) around anything.
[[nodiscard]] bytes encrypt(byte_view plain, std::string_view password, pbes2 const& how = {});

/// The same with the padding given, which need not be right: it follows `plain` as it is.
[[nodiscard]] bytes encrypt_padded(byte_view plain_and_padding, std::string_view password, pbes2 const& how = {});

/// EncryptedPrivateKeyInfo with this AlgorithmIdentifier around `size` octets that nothing was ever encrypted to.
[[nodiscard]] bytes pretend_encrypted(byte_view algorithm, std::size_t size = 64);

/// AlgorithmIdentifier of PBES2 with these for its parts: dotted numbers of a key derivation function with the
/// parameters of PBKDF2, its PRF, and a cipher with so long an initialisation vector.
[[nodiscard]] bytes
pbes2_algorithm(std::string_view derivation, std::string_view prf, std::string_view cipher, std::size_t iv_size = 16);

/// A PEM block in the old format: AES in CBC mode, its key derived with MD5 (RFC 1421).
[[nodiscard]] std::string
legacy_encrypted(std::string_view label, byte_view plain, std::string_view password, unsigned key_bits = 256);

/// A PEM block in the old format that says it is encrypted with this cipher.
[[nodiscard]] std::string
pretend_legacy_encrypted(std::string_view label, std::string_view cipher, std::size_t iv_size = 16);

} // namespace testbed

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/der.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::x509 {

/// The ciphers of encrypted private keys that a library may have; all in CBC mode, padded as RFC 8018 appendix B.2.5
/// says.
enum class key_cipher : std::uint8_t { aes_128, aes_192, aes_256, des_ede3 };

/// The size of a cipher's key, in octets.
[[nodiscard]] constexpr std::size_t key_size(key_cipher c) noexcept {
    switch (c) {
    case key_cipher::aes_128: return 16;
    case key_cipher::aes_192:
    case key_cipher::des_ede3: return 24;
    case key_cipher::aes_256: return 32;
    }
    return 0;
}

/// The size of a cipher's block and initialisation vector, in octets.
[[nodiscard]] constexpr std::size_t block_size(key_cipher c) noexcept { return c == key_cipher::des_ede3 ? 8 : 16; }

/// How a private key is encrypted; refers to the bytes it was read from.
struct key_encryption {
    static constexpr std::size_t max_key = 32;
    static constexpr std::size_t max_block = 16;

    key_cipher cipher = key_cipher::aes_256;
    /// The hash of PBKDF2 (RFC 8018 section 5.2). None for a key in the old PEM format: MD5 of password and salt, and
    /// of what came before them, as often as needed.
    std::optional<hash_algorithm> hash;
    std::uint32_t iterations = 1;
    std::array<std::byte, max_block> iv{}; ///< the first `block_size(cipher)` octets
    std::array<std::byte, 8> pem_salt{};   ///< of a key in the old format
    der::bytes salt;                       ///< of PBKDF2
    der::bytes encrypted;                  ///< whole blocks, at least one; empty for a key in the old format
};

/// What a library has for encrypted private keys, as built.
struct key_decryption_parts {
    bool (*has_cipher)(key_cipher) noexcept = nullptr;
    bool (*has_hash)(hash_algorithm) noexcept = nullptr; ///< for PBKDF2
    bool has_md5 = false;                                ///< for keys in the old PEM format
};

/// Reads how an EncryptedPrivateKeyInfo (RFC 5958 section 3) is encrypted: with PBES2 and PBKDF2, and ciphers and
/// hashes that the library has.
///
/// Errors: bad_private_key; unsupported, and `about` names what is not: "encryption with scrypt".
[[nodiscard]] result<key_encryption>
read_key_encryption(std::span<std::byte const> der, key_decryption_parts const& parts) noexcept;

/// The same of the headers of a PEM block in the old format (RFC 1421): "DEK-Info: AES-256-CBC,...".
[[nodiscard]] result<key_encryption>
read_pem_encryption(std::string_view headers, key_decryption_parts const& parts) noexcept;

/// What decrypting a private key gave.
enum class decrypted : std::uint8_t {
    key,           ///< something that can be a private key
    damaged,       ///< the password was right, and the content is not what it was
    wrong_password ///< nothing that was ever encrypted; or damage in the first block, which looks the same
};

/// Judges decrypted bytes by their padding and their outermost structure, and cuts the padding off.
///
/// A wrong password passes for a right one less than once in 500 000 times.
[[nodiscard]] decrypted remove_padding(secret_bytes& plain, std::size_t block) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/key_encryption.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>
#include <span>

namespace tls::seam {

inline constexpr std::size_t seal_key_size = 32;
inline constexpr std::size_t seal_nonce_size = 12;
inline constexpr std::size_t seal_tag_size = 16;

/// What a backend seals tickets with: AES-256-GCM of its library.
///
/// `seal` draws the nonce, encrypts in place and writes the tag; `open` decrypts in place, and is false if anything was
/// altered.
struct sealed_parts {
    std::span<std::byte const, seal_key_size> key;
    std::span<std::byte const> header; ///< authenticated, not encrypted
    std::span<std::byte, seal_nonce_size> nonce;
    std::span<std::byte> text;
    std::span<std::byte, seal_tag_size> tag;
};

} // namespace tls::seam

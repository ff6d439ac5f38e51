// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/resumption/sealing.hpp>

#include <cstddef>
#include <span>

/// What the core needs of the library's cryptography for tickets; each function is false if the library fails.
namespace tls::detail {

/// SHA-256 of the parts, one after the other.
[[nodiscard]] bool
wolfssl_digest(std::span<std::span<std::byte const> const> parts, std::span<std::byte, 32> digest) noexcept;

/// AES-256-GCM in place, with a nonce drawn here.
[[nodiscard]] bool wolfssl_seal(seam::sealed_parts const& sealed) noexcept;

/// The reverse. Also false if anything was altered, and then the text is useless.
[[nodiscard]] bool wolfssl_open(seam::sealed_parts const& sealed) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/cryptography.ipp>
#endif

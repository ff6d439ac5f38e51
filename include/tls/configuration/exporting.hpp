// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::seam {

struct engine_core;

/// What is to be derived from the secrets of a connection (RFC 5705 section 4, RFC 8446 section 7.5).
struct export_request {
    std::string_view label;
    std::optional<std::span<std::byte const>> context; ///< under TLS 1.2 none is another than an empty one
    std::span<std::byte> into;                         ///< not empty
};

/// What a backend does for clients that export keying material: its `exporting`.
///
/// Held as function pointers, which only the builder's `.exporter()` sets, so that other programs link none of them.
struct exporting_calls {
    /// Before the handshake: has the library keep what exporting takes.
    void (*prepare)(engine_core& core) noexcept;
    /// After the handshake: 0, or the library's code.
    std::int32_t (*derive)(engine_core& core, export_request const& r) noexcept;
};

} // namespace tls::seam

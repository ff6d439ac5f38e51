// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/protocol.hpp>

#include <cstddef>
#include <span>

namespace tls::detail {

/// Takes a length field of `width` bytes off the front, and then as many bytes as it says; false if they are not there.
[[nodiscard]] inline bool
take_sized(std::span<std::byte const>& from, std::size_t width, std::span<std::byte const>& part) noexcept {
    if (from.size() < width) return false;
    std::size_t size = 0;
    for (std::byte const b : from.first(width)) size = (size << 8) | std::to_integer<std::size_t>(b);
    if (from.size() - width < size) return false;
    part = from.subspan(width, size);
    from = from.subspan(width + size);
    return true;
}

/// Finds the certificates in the body of a Certificate message, leaf first, as many as `into` takes; returns how many,
/// or 0 if the body is malformed. Total on any input (RFC 8446 section 4.4.2, RFC 5246 section 7.4.2).
[[nodiscard]] inline std::size_t certificates_in(
    std::span<std::byte const> body, protocol_version version, std::span<std::span<std::byte const>> into) noexcept {
    bool const tls_1_3 = version >= protocol_version::tls_1_3;
    std::span<std::byte const> skipped;
    std::span<std::byte const> list;
    if (tls_1_3 && !take_sized(body, 1, skipped)) return 0;
    if (!take_sized(body, 3, list)) return 0;
    std::size_t count = 0;
    while (!list.empty() && count < into.size()) {
        if (!take_sized(list, 3, into[count++])) return 0;
        if (tls_1_3 && !take_sized(list, 2, skipped)) return 0;
    }
    return count;
}

} // namespace tls::detail

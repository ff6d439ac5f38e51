// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::x509 {

/// The most bytes that base64 text of this length can decode to.
[[nodiscard]] constexpr std::size_t max_decoded_size(std::size_t text_size) noexcept {
    return text_size / 4 * 3 + text_size % 4;
}

/// Decodes base64 (RFC 4648 section 4) that may be broken by spaces, tabs and line ends.
///
/// Returns the number of bytes written. nullopt if the text has another character, wrong padding, anything after the
/// padding, bits set that no byte uses, or if `out` is too small; `out` may then have been written to.
[[nodiscard]] constexpr std::optional<std::size_t>
decode_base64(std::string_view text, std::span<std::byte> out) noexcept {
    std::size_t written = 0;
    std::uint32_t bits = 0;
    unsigned symbols = 0; // in the current group of four
    unsigned padding = 0;
    for (char const c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        std::uint32_t value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<std::uint32_t>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<std::uint32_t>(c - 'a' + 26);
        else if (c >= '0' && c <= '9')
            value = static_cast<std::uint32_t>(c - '0' + 52);
        else if (c == '+')
            value = 62;
        else if (c == '/')
            value = 63;
        else if (c == '=' && (symbols == 2 || symbols == 3) && symbols + padding < 4) {
            ++padding;
            continue;
        } else
            return std::nullopt;
        if (padding != 0) return std::nullopt;
        bits = bits << 6U | value;
        if (++symbols != 4) continue;
        if (out.size() - written < 3) return std::nullopt;
        out[written++] = static_cast<std::byte>(bits >> 16U & 0xffU);
        out[written++] = static_cast<std::byte>(bits >> 8U & 0xffU);
        out[written++] = static_cast<std::byte>(bits & 0xffU);
        bits = 0;
        symbols = 0;
    }
    if (symbols == 0) return written;
    if (symbols + padding != 4 || out.size() - written < symbols - 1) return std::nullopt;
    std::uint32_t const left = symbols == 2 ? bits >> 4U : bits >> 2U;
    if (left << (symbols == 2 ? 4U : 2U) != bits) return std::nullopt;
    if (symbols == 3) out[written++] = static_cast<std::byte>(left >> 8U & 0xffU);
    out[written++] = static_cast<std::byte>(left & 0xffU);
    return written;
}

} // namespace tls::x509

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

namespace detail {

/// The values of four base64 characters, a byte for each; the top bit of a byte is set if it was no such character.
///
/// Without branches and tables, as private keys are decoded with it: neither time nor cache depends on the characters.
[[nodiscard]] constexpr std::uint32_t base64_values(std::uint32_t chars) noexcept {
    constexpr std::uint32_t each = 0x01010101U;
    constexpr std::uint32_t top = 0x80U * each;
    std::uint32_t const ascii = chars & ~top;
    // Per byte, top bit only: whether the character lies in [first, last]. No byte borrows from the next: its top bit
    // is set.
    auto const among = [ascii](std::uint32_t first, std::uint32_t last) {
        return ((ascii | top) - first * each) & ~((ascii | top) - (last + 1) * each) & top;
    };
    std::uint32_t const upper = among('A', 'Z');
    std::uint32_t const lower = among('a', 'z');
    std::uint32_t const digit = among('0', '9');
    std::uint32_t const plus = among('+', '+');
    std::uint32_t const slash = among('/', '/');
    std::uint32_t const known = (upper | lower | digit | plus | slash) & ~chars;
    // What makes the value of the character, modulo 64.
    std::uint32_t const values = (ascii & 0x3fU * each) + (upper >> 7U) * 63U + (lower >> 7U) * 57U +
                                 (digit >> 7U) * 4U + (plus >> 7U) * 19U + (slash >> 7U) * 16U;
    return (values & 0x3fU * each) | (known ^ top);
}

/// Writes the first `size` bytes of what four characters stand for. False if one of them is no base64, if a bit is set
/// that no byte uses, or if there is no room.
[[nodiscard]] constexpr bool
decode_group(std::uint32_t chars, std::size_t size, std::span<std::byte> out, std::size_t& written) noexcept {
    std::uint32_t const v = base64_values(chars);
    std::uint32_t const bits = (v >> 24U) << 18U | (v >> 16U & 0x3fU) << 12U | (v >> 8U & 0x3fU) << 6U | (v & 0x3fU);
    bool const is_base64 = (v & 0x80808080U) == 0;
    if (!is_base64 || out.size() - written < size || (bits & 0xffffffU >> 8U * size) != 0) return false;
    for (std::size_t i = 0; i != size; ++i) out[written++] = static_cast<std::byte>(bits >> (16U - 8U * i) & 0xffU);
    return true;
}

} // namespace detail

/// How many characters the base64 of this many bytes has, padding included.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept { return (bytes + 2) / 3 * 4; }

/// Encodes as base64 (RFC 4648 section 4), in one line. Not for secrets: it looks characters up in a table. `out` has
/// `base64_size` characters or more.
constexpr void encode_base64(std::span<std::byte const> from, std::span<char> out) noexcept {
    constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t at = 0, to = 0; at < from.size(); at += 3, to += 4) {
        std::size_t const here = from.size() - at < 3 ? from.size() - at : 3;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i != 3; ++i)
            group = group << 8U | (i < here ? std::to_integer<std::uint32_t>(from[at + i]) : 0U);
        for (std::size_t i = 0; i != 4; ++i)
            out[to + i] = i <= here ? characters[group >> (18U - 6U * i) & 0x3fU] : '=';
    }
}

/// Decodes base64 (RFC 4648 section 4) that may be broken by spaces, tabs and line ends.
///
/// Returns the number of bytes written. nullopt if the text has another character, wrong padding, anything after the
/// padding, bits set that no byte uses, or if `out` is too small; `out` may then have been written to.
[[nodiscard]] constexpr std::optional<std::size_t>
decode_base64(std::string_view text, std::span<std::byte> out) noexcept {
    constexpr std::uint32_t zeros = 0x41414141U; // "AAAA"
    auto const code = [text](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[i])}; };
    std::size_t written = 0;
    std::uint32_t group = zeros;
    unsigned symbols = 0; // in the current group of four
    unsigned padding = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (symbols == 0 && padding == 0 && text.size() - at >= 4) {
            std::uint32_t const four = code(at) << 24U | code(at + 1) << 16U | code(at + 2) << 8U | code(at + 3);
            if (detail::decode_group(four, 3, out, written)) {
                at += 4;
                continue;
            }
        }
        char const c = text[at++];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        if (c == '=' && (symbols == 2 || symbols == 3) && symbols + padding < 4) {
            ++padding;
            continue;
        }
        if (padding != 0) return std::nullopt;
        group = group << 8U | code(at - 1);
        if (++symbols != 4) continue;
        if (!detail::decode_group(group, 3, out, written)) return std::nullopt;
        symbols = 0;
    }
    if (symbols == 0) return written;
    unsigned const missing = 8U * (4U - symbols);
    bool const good = symbols + padding == 4 &&
                      detail::decode_group(group << missing | zeros >> (32U - missing), symbols - 1, out, written);
    return good ? std::optional(written) : std::nullopt;
}

} // namespace tls::x509

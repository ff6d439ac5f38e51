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

[[nodiscard]] constexpr bool are_base64(std::uint32_t values) noexcept { return (values & 0x80808080U) == 0; }

} // namespace detail

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
    auto const write = [&out, &written](std::uint32_t three_bytes) {
        if (out.size() - written < 3) return false;
        out[written] = static_cast<std::byte>(three_bytes >> 16U & 0xffU);
        out[written + 1] = static_cast<std::byte>(three_bytes >> 8U & 0xffU);
        out[written + 2] = static_cast<std::byte>(three_bytes & 0xffU);
        written += 3;
        return true;
    };
    for (std::size_t at = 0; at < text.size();) {
        auto const code = [text](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[i])}; };
        if (symbols == 0 && padding == 0 && text.size() - at >= 4) {
            std::uint32_t const v =
                detail::base64_values(code(at) << 24U | code(at + 1) << 16U | code(at + 2) << 8U | code(at + 3));
            if (detail::are_base64(v)) {
                if (!write((v >> 24U) << 18U | (v >> 16U & 0x3fU) << 12U | (v >> 8U & 0x3fU) << 6U | (v & 0x3fU)))
                    return std::nullopt;
                at += 4;
                continue;
            }
        }
        char const c = text[at];
        std::uint32_t const value = detail::base64_values(code(at)) & 0xffU;
        ++at;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        if (c == '=' && (symbols == 2 || symbols == 3) && symbols + padding < 4) {
            ++padding;
            continue;
        }
        if (value >= 64 || padding != 0) return std::nullopt;
        bits = bits << 6U | value;
        if (++symbols != 4) continue;
        if (!write(bits)) return std::nullopt;
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

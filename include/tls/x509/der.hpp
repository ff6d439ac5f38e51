// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// A reader for DER (ITU-T X.690 section 10), as much of it as certificates and keys need.
///
/// Total: any input gives an answer, none is read past its end. Nothing here recurses: whoever parses a structure opens
/// one reader per level, so the depth of nesting is the depth of the calling code, not of the input.
namespace tls::x509::der {

using bytes = std::span<std::byte const>;

/// Identifier octets, including class and the constructed bit.
namespace tag {
inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t null = 0x05;
inline constexpr std::uint8_t oid = 0x06;
inline constexpr std::uint8_t utf8_string = 0x0c;
inline constexpr std::uint8_t printable_string = 0x13;
inline constexpr std::uint8_t teletex_string = 0x14;
inline constexpr std::uint8_t ia5_string = 0x16;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t bmp_string = 0x1e;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;

/// The tag [n] of a primitive value.
[[nodiscard]] constexpr std::uint8_t context(unsigned n) noexcept { return static_cast<std::uint8_t>(0x80U | n); }
/// The tag [n] of a constructed value.
[[nodiscard]] constexpr std::uint8_t context_constructed(unsigned n) noexcept {
    return static_cast<std::uint8_t>(0xa0U | n);
}
} // namespace tag

/// One value: its tag, its content, and the whole of it with tag and length.
struct element {
    std::uint8_t tag = 0;
    bytes content;
    bytes whole;
};

/// Takes values one after the other from a run of bytes.
///
/// Refuses indefinite and non-minimal lengths, lengths above 4 GiB and tag numbers above 30.
class reader {
public:
    constexpr explicit reader(bytes input) noexcept : rest_(input) {}

    /// True if nothing is left.
    [[nodiscard]] constexpr bool at_end() const noexcept { return rest_.empty(); }

    /// True if the next value has this tag.
    [[nodiscard]] constexpr bool next_is(std::uint8_t tag) const noexcept {
        return !rest_.empty() && std::to_integer<std::uint8_t>(rest_[0]) == tag;
    }

    /// Takes the next value; nullopt, taking nothing, at the end or if the bytes are not DER.
    [[nodiscard]] constexpr std::optional<element> next() noexcept {
        if (rest_.size() < 2) return std::nullopt;
        auto const tag = std::to_integer<std::uint8_t>(rest_[0]);
        if ((tag & 0x1fU) == 0x1fU) return std::nullopt;
        std::size_t header = 2;
        std::uint64_t length = std::to_integer<std::uint8_t>(rest_[1]);
        if (length >= 0x80) {
            std::size_t const octets = static_cast<std::size_t>(length & 0x7fU);
            if (octets == 0 || octets > 4 || rest_.size() < 2 + octets) return std::nullopt;
            length = 0;
            for (std::size_t i = 0; i != octets; ++i) {
                length = length << 8U | std::to_integer<std::uint8_t>(rest_[2 + i]);
            }
            bool const minimal = octets == 1 ? length >= 0x80 : length >> (8 * (octets - 1)) != 0;
            if (!minimal) return std::nullopt;
            header += octets;
        }
        if (length > rest_.size() - header) return std::nullopt;
        auto const size = static_cast<std::size_t>(length);
        element const e{.tag = tag, .content = rest_.subspan(header, size), .whole = rest_.first(header + size)};
        rest_ = rest_.subspan(header + size);
        return e;
    }

    /// Takes the next value if it has this tag; nullopt, taking nothing, otherwise.
    [[nodiscard]] constexpr std::optional<element> next(std::uint8_t tag) noexcept {
        return next_is(tag) ? next() : std::nullopt;
    }

private:
    bytes rest_;
};

/// The only value in `input`, which must have this tag and nothing after it.
[[nodiscard]] constexpr std::optional<element> only(bytes input, std::uint8_t tag) noexcept {
    reader r(input);
    auto const e = r.next(tag);
    return r.at_end() ? e : std::nullopt;
}

/// True if both runs of bytes are the same.
[[nodiscard]] constexpr bool equal(bytes a, bytes b) noexcept {
    if (a.size() != b.size()) return false;
    if (a.data() == b.data()) return true;
    // From the end: identifiers and names begin alike.
    for (std::size_t i = a.size(); i-- != 0;) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

/// The content of a BOOLEAN; DER knows only 0x00 and 0xff.
[[nodiscard]] constexpr std::optional<bool> boolean(bytes content) noexcept {
    if (content.size() != 1) return std::nullopt;
    if (content[0] == std::byte{0x00}) return false;
    if (content[0] == std::byte{0xff}) return true;
    return std::nullopt;
}

/// True if the content is that of an INTEGER: not empty, and no octet more than needed.
[[nodiscard]] constexpr bool is_integer(bytes content) noexcept {
    if (content.empty()) return false;
    if (content.size() == 1) return true;
    bool const sign = (content[1] & std::byte{0x80}) != std::byte{0};
    return !(content[0] == std::byte{0x00} && !sign) && !(content[0] == std::byte{0xff} && sign);
}

/// The content of an INTEGER that is not negative and fits 32 bits.
[[nodiscard]] constexpr std::optional<std::uint32_t> small_unsigned(bytes content) noexcept {
    if (!is_integer(content) || content.size() > 5 || (content[0] & std::byte{0x80}) != std::byte{0}) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::byte const b : content) value = value << 8U | std::to_integer<std::uint8_t>(b);
    if (value > 0xffffffffU) return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

/// The octets of a positive INTEGER without its sign: never empty, never beginning with zero.
///
/// nullopt if the number is negative, zero or no INTEGER.
[[nodiscard]] constexpr std::optional<bytes> magnitude(bytes content) noexcept {
    if (!is_integer(content) || (content[0] & std::byte{0x80}) != std::byte{0}) return std::nullopt;
    if (content[0] == std::byte{0}) content = content.subspan(1);
    if (content.empty()) return std::nullopt;
    return content;
}

/// The number of bits of a magnitude; 0 for no octets.
[[nodiscard]] constexpr std::size_t bits_of(bytes magnitude) noexcept {
    if (magnitude.empty()) return 0;
    auto const top = std::to_integer<unsigned>(magnitude[0]);
    return (magnitude.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(top));
}

/// The number of bits of a positive INTEGER; nullopt if it is negative, zero or no INTEGER.
[[nodiscard]] constexpr std::optional<std::size_t> bit_length(bytes content) noexcept {
    auto const octets = magnitude(content);
    return octets ? std::optional(bits_of(*octets)) : std::nullopt;
}

/// The octets of a BIT STRING whose number of bits is a multiple of eight.
[[nodiscard]] constexpr std::optional<bytes> whole_octets(bytes content) noexcept {
    if (content.empty() || content[0] != std::byte{0}) return std::nullopt;
    return content.subspan(1);
}

} // namespace tls::x509::der

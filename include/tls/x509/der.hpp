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
/// Total: any input has an answer, and none is read past its end. Nothing here recurses: whoever parses a structure
/// opens one reader per level, so the depth of nesting is the depth of the calling code, not of the input.
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

/// Where a value's content begins, counted from its tag, and how long it is.
struct header {
    std::uint32_t size = 0; ///< of tag and length: 2 to 6; 0 if they are not DER
    std::uint32_t content = 0;
};

/// Reads the tag and length at the beginning of `input`; the content lies within it.
///
/// Refuses indefinite and non-minimal lengths, lengths above 4 GiB and tag numbers above 30.
[[nodiscard]] constexpr header read_header(bytes input) noexcept {
    if (input.size() < 2 || (input[0] & std::byte{0x1f}) == std::byte{0x1f}) return {};
    header h{2, std::to_integer<std::uint32_t>(input[1])};
    if (h.content >= 0x80) {
        std::uint32_t const octets = h.content & 0x7fU;
        h.size += octets;
        if (octets == 0 || octets > 4 || input.size() < h.size) return {};
        h.content = 0;
        for (std::size_t i = 2; i != h.size; ++i)
            h.content = h.content << 8U | std::to_integer<std::uint32_t>(input[i]);
        bool const minimal = octets == 1 ? h.content >= 0x80 : h.content >> (8 * (octets - 1)) != 0;
        if (!minimal) return {};
    }
    if (h.content > input.size() - h.size) return {};
    return h;
}

/// Takes values one after the other from a run of bytes.
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
        header const h = read_header(rest_);
        if (h.size == 0) return std::nullopt;
        std::size_t const whole = std::size_t{h.size} + h.content;
        element const e{
            .tag = std::to_integer<std::uint8_t>(rest_[0]),
            .content = rest_.subspan(h.size, h.content),
            .whole = rest_.first(whole)};
        rest_ = rest_.subspan(whole);
        return e;
    }

    /// Takes the next value if it has this tag; nullopt, taking nothing, otherwise.
    [[nodiscard]] constexpr std::optional<element> next(std::uint8_t tag) noexcept {
        return next_is(tag) ? next() : std::nullopt;
    }

private:
    bytes rest_;
};

/// A part of a run of bytes, by its offset and size.
struct extent {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
};

/// Reads a structure that is known beforehand, front to back, stepping into values and out of them.
///
/// Fails for good at the first thing that is not as expected: from then on nothing is left, whatever is asked for is
/// empty, and `failed` says so. So the steps need not be checked one by one.
class cursor {
public:
    /// Fails at once on 4 GiB and more.
    constexpr explicit cursor(bytes input) noexcept
        : input_(input.data()),
          end_(static_cast<std::uint32_t>(input.size())) {
        if (end_ != input.size()) fail();
    }

    [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }
    constexpr void fail() noexcept {
        failed_ = true;
        at_ = end_ = 0;
    }

    /// Where the next value begins.
    [[nodiscard]] constexpr std::uint32_t position() const noexcept { return at_; }
    /// From an earlier position to this one.
    [[nodiscard]] constexpr extent since(std::uint32_t earlier) const noexcept {
        return failed_ ? extent{} : extent{earlier, at_ - earlier};
    }
    [[nodiscard]] constexpr bytes at(extent e) const noexcept { return {input_ + e.at, e.size}; }

    /// True if nothing is left of the value stepped into.
    [[nodiscard]] constexpr bool at_end() const noexcept { return at_ == end_; }
    /// The next value's tag; 0 at the end.
    [[nodiscard]] constexpr std::uint8_t next_tag() const noexcept {
        return at_ == end_ ? std::uint8_t{0} : std::to_integer<std::uint8_t>(input_[at_]);
    }
    [[nodiscard]] constexpr bool next_is(std::uint8_t tag) const noexcept { return next_tag() == tag; }

    /// Takes the next value, whatever it is, and returns its content.
    constexpr extent take_any() noexcept {
        std::uint32_t const size = open();
        at_ += size;
        return since(at_ - size);
    }
    /// Takes the next value, which must have this tag (not 0), and returns its content.
    constexpr extent take(std::uint8_t tag) noexcept {
        if (!next_is(tag)) fail();
        return take_any();
    }
    /// The same, with its tag and length.
    constexpr extent take_whole(std::uint8_t tag) noexcept {
        std::uint32_t const begin = at_;
        static_cast<void>(take(tag));
        return since(begin);
    }

    /// Steps into the next value, which must have this tag; returns what `leave` needs.
    [[nodiscard]] constexpr std::uint32_t enter(std::uint8_t tag) noexcept {
        if (!next_is(tag)) fail();
        std::uint32_t const outer = end_;
        std::uint32_t const size = open();
        end_ = at_ + size;
        return outer;
    }
    /// Steps out of a value, of which nothing may be left.
    constexpr void leave(std::uint32_t outer) noexcept {
        if (at_ != end_) fail();
        if (!failed_) end_ = outer;
    }
    /// Passes over what is left of the value stepped into.
    constexpr void to_end() noexcept { at_ = end_; }

private:
    /// Passes the header of the next value and returns the size of its content.
    constexpr std::uint32_t open() noexcept {
        header const h = read_header({input_ + at_, end_ - at_});
        if (h.size == 0) fail();
        at_ += h.size;
        return h.content;
    }

    std::byte const* input_;
    std::uint32_t at_ = 0;
    std::uint32_t end_;
    bool failed_ = false;
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
    // From the end, because identifiers and names mostly begin alike.
    for (std::size_t i = a.size(); i-- != 0;)
        if (a[i] != b[i]) return false;
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
    if (!is_integer(content) || content.size() > 5 || (content[0] & std::byte{0x80}) != std::byte{0})
        return std::nullopt;
    std::uint64_t value = 0;
    for (std::byte const b : content) value = value << 8U | std::to_integer<std::uint8_t>(b);
    if (value > 0xffffffffU) return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

/// The octets of a positive INTEGER without its sign: never empty, never beginning with zero.
///
/// nullopt if it is negative, zero or not an INTEGER.
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

/// The number of bits of a positive INTEGER; nullopt if it is negative, zero or not an INTEGER.
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

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/der.hpp>
#include <tls/x509/impl/attribute.hpp>
#include <tls/x509/name.hpp>
#include <tls/x509/oid.hpp>

#include <array>
#include <string_view>

namespace tls::x509 {
namespace detail {

/// Counts every byte and keeps those that fit.
class name_writer {
public:
    explicit name_writer(std::span<char> out) noexcept : out_(out) {}
    void put(char c) noexcept {
        if (size_ < out_.size()) out_[size_] = c;
        ++size_;
    }
    void put(std::string_view text) noexcept {
        for (char const c : text) put(c);
    }
    void put_hex(unsigned octet) noexcept {
        constexpr std::string_view digits = "0123456789abcdef";
        put(digits[octet >> 4U & 0xfU]);
        put(digits[octet & 0xfU]);
    }
    void put_number(std::uint64_t n) noexcept {
        std::array<char, 20> digits{};
        std::size_t count = 0;
        do {
            digits[count++] = static_cast<char>('0' + n % 10);
            n /= 10;
        } while (n != 0);
        while (count != 0) put(digits[--count]);
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::span<char> out_;
    std::size_t size_ = 0;
};

TWINTLS_DECL void put_type(name_writer& out, der::bytes type) noexcept {
    struct known {
        der::bytes id;
        std::string_view text;
    };
    static constexpr known table[] = {
        {oid<2, 5, 4, 3>, "CN"},
        {oid<2, 5, 4, 4>, "SN"},
        {oid<2, 5, 4, 5>, "serialNumber"},
        {oid<2, 5, 4, 6>, "C"},
        {oid<2, 5, 4, 7>, "L"},
        {oid<2, 5, 4, 8>, "ST"},
        {oid<2, 5, 4, 9>, "street"},
        {oid<2, 5, 4, 10>, "O"},
        {oid<2, 5, 4, 11>, "OU"},
        {oid<2, 5, 4, 12>, "title"},
        {oid<2, 5, 4, 42>, "GN"},
        {oid<2, 5, 4, 97>, "organizationIdentifier"},
        {oid<0, 9, 2342, 19200300, 100, 1, 1>, "UID"},
        {oid<0, 9, 2342, 19200300, 100, 1, 25>, "DC"},
        {oid<1, 2, 840, 113549, 1, 9, 1>, "emailAddress"},
    };
    for (auto const& entry : table)
        if (is_oid(type, entry.id)) return out.put(entry.text);
    std::uint64_t arc = 0;
    bool first = true;
    for (std::byte const b : type) {
        auto const octet = std::to_integer<unsigned>(b);
        arc = (arc & 0x00ff'ffff'ffff'ffffU) << 7U | (octet & 0x7fU);
        if ((octet & 0x80U) != 0) continue;
        if (first) {
            std::uint64_t const top = arc < 40 ? 0 : arc < 80 ? 1 : 2;
            out.put_number(top);
            arc -= top * 40;
            first = false;
        }
        out.put('.');
        out.put_number(arc);
        arc = 0;
    }
}

/// True for characters that neither control a terminal nor change how the rest of the line is read.
TWINTLS_DECL bool is_printable(std::uint32_t c) noexcept {
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c > 0x10ffff) return false;
    if (c >= 0xd800 && c < 0xe000) return false;
    if (c >= 0x200b && c <= 0x200f) return false; // zero width, direction marks
    if (c >= 0x2028 && c <= 0x202e) return false; // line ends, direction embedding
    if (c >= 0x2060 && c <= 0x206f) return false;
    return c != 0xad && c != 0x61c && c != 0xfeff && (c & 0xfffeU) != 0xfffe;
}

TWINTLS_DECL void put_character(name_writer& out, std::uint32_t c) noexcept {
    std::array<unsigned, 4> octets{};
    std::size_t count = 0;
    if (c < 0x80) {
        octets[count++] = c;
    } else if (c < 0x800) {
        octets[count++] = 0xc0U | c >> 6U;
        octets[count++] = 0x80U | (c & 0x3fU);
    } else if (c < 0x10000) {
        octets[count++] = 0xe0U | c >> 12U;
        octets[count++] = 0x80U | (c >> 6U & 0x3fU);
        octets[count++] = 0x80U | (c & 0x3fU);
    } else {
        octets[count++] = 0xf0U | (c >> 18U & 0x7U);
        octets[count++] = 0x80U | (c >> 12U & 0x3fU);
        octets[count++] = 0x80U | (c >> 6U & 0x3fU);
        octets[count++] = 0x80U | (c & 0x3fU);
    }
    bool const plain = is_printable(c);
    for (std::size_t i = 0; i != count; ++i) {
        if (plain) {
            out.put(static_cast<char>(octets[i]));
        } else {
            out.put('\\');
            out.put_hex(octets[i]);
        }
    }
}

/// Takes one character of UTF-8; nullopt, taking nothing, if the bytes are not UTF-8 in its shortest form.
TWINTLS_DECL std::optional<std::uint32_t> take_utf8(der::bytes& rest) noexcept {
    auto const first = std::to_integer<std::uint32_t>(rest[0]);
    std::size_t const more = first < 0x80 ? 0 : first < 0xc0 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (first >= 0xf8 || more == 4 || rest.size() <= more) return std::nullopt;
    std::uint32_t c = more == 0 ? first : first & (0x3fU >> more);
    for (std::size_t i = 1; i <= more; ++i) {
        auto const octet = std::to_integer<std::uint32_t>(rest[i]);
        if ((octet & 0xc0U) != 0x80) return std::nullopt;
        c = c << 6U | (octet & 0x3fU);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (c < least[more]) return std::nullopt;
    rest = rest.subspan(1 + more);
    return c;
}

TWINTLS_DECL void put_string(name_writer& out, der::element const& value) noexcept {
    bool const wide = value.tag == der::tag::bmp_string;
    der::bytes rest = value.content;
    for (bool first = true; !rest.empty(); first = false) {
        std::optional<std::uint32_t> c;
        if (wide && rest.size() >= 2) {
            c = std::to_integer<std::uint32_t>(rest[0]) << 8U | std::to_integer<std::uint32_t>(rest[1]);
            if (*c >= 0xd800 && *c < 0xe000)
                c.reset();
            else
                rest = rest.subspan(2);
        } else if (!wide && (value.tag != der::tag::teletex_string || rest[0] < std::byte{0x80})) {
            c = take_utf8(rest);
        }
        if (!c) {
            out.put('\\');
            out.put_hex(std::to_integer<unsigned>(rest[0]));
            rest = rest.subspan(1);
            continue;
        }
        constexpr std::string_view special = "\"+,;<>\\";
        bool const edge = (*c == ' ' && (first || rest.empty())) || (*c == '#' && first);
        if (edge || (*c < 0x80 && special.find(static_cast<char>(*c)) != std::string_view::npos)) out.put('\\');
        put_character(out, *c);
    }
}

TWINTLS_DECL bool is_string(std::uint8_t tag) noexcept {
    return tag == der::tag::utf8_string || tag == der::tag::printable_string || tag == der::tag::ia5_string ||
           tag == der::tag::teletex_string || tag == der::tag::bmp_string;
}

TWINTLS_DECL void put_rdn(name_writer& out, der::bytes rdn) noexcept {
    der::reader set(rdn);
    for (bool first = true; !set.at_end(); first = false) {
        auto const a = next_attribute(set);
        if (!a) return;
        if (!first) out.put('+');
        put_type(out, a->type);
        out.put('=');
        if (is_string(a->value.tag)) {
            put_string(out, a->value);
        } else {
            out.put('#');
            for (std::byte const b : a->value.whole) out.put_hex(std::to_integer<unsigned>(b));
        }
    }
}

} // namespace detail

TWINTLS_DECL std::size_t format_name(std::span<std::byte const> name, std::span<char> out) noexcept {
    constexpr std::size_t max_parts = 32;
    std::array<der::bytes, max_parts> parts;
    std::size_t count = 0;
    auto const whole = der::only(name, der::tag::sequence);
    der::reader r(whole ? whole->content : der::bytes{});
    while (!r.at_end() && count != max_parts) {
        auto const rdn = r.next(der::tag::set);
        if (!rdn) break;
        parts[count++] = rdn->content;
    }
    detail::name_writer writer(out);
    for (std::size_t i = count; i-- != 0;) {
        detail::put_rdn(writer, parts[i]);
        if (i != 0) writer.put(',');
    }
    return writer.size();
}

TWINTLS_DECL std::string to_text(std::span<std::byte const> name) {
    std::string text(format_name(name, {}), '\0');
    static_cast<void>(format_name(name, text));
    return text;
}

} // namespace tls::x509

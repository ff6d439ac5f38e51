// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/dns_name.hpp>
#include <tls/core/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls {

/// The name or address a server must prove to own: a DNS name or an IP address, parsed and normalised.
///
/// Decides what is sent as server name indication (never an IP address, RFC 6066 section 3) and which name the
/// server's certificate must bear (RFC 9525). Holds its text itself; trivially copyable, never allocates.
///
/// The port takes no part in that. It tells the services of one host apart when sessions are resumed, and is needed
/// only on transports that do not know the port they are connected to; 0 means not known.
class server_name {
public:
    /// A DNS name in ASCII: letters, digits, hyphens and underscores in labels of up to 63 bytes, 253 bytes in all.
    ///
    /// Letters become lower case and one trailing dot is dropped. Internationalised names must be given as A-labels
    /// ("xn--..."). Errors: bad_server_name, about the text given, for anything else; also if the last label is a
    /// number, because such a name is read as an IPv4 address: use `ip` or `parse` for addresses.
    [[nodiscard]] static constexpr result<server_name> dns(std::string_view text, std::uint16_t port = 0) noexcept;

    /// An IPv4 address ("192.0.2.1", four decimals without leading zeros) or IPv6 address (RFC 4291 section 2.2).
    ///
    /// Neither brackets nor zone identifiers. Errors: bad_server_name, about the text given.
    [[nodiscard]] static constexpr result<server_name> ip(std::string_view text, std::uint16_t port = 0) noexcept;

    /// The address of 4 or 16 octets in network order. Errors: bad_server_name for any other number of them.
    [[nodiscard]] static constexpr result<server_name>
    address(std::span<std::byte const> octets, std::uint16_t port = 0) noexcept;

    /// An IP address if the text is one, otherwise a DNS name. Errors: bad_server_name, about the text given.
    [[nodiscard]] static constexpr result<server_name> parse(std::string_view text, std::uint16_t port = 0) noexcept {
        auto address = ip(text, port);
        return address ? address : dns(text, port);
    }

    [[nodiscard]] constexpr bool is_ip() const noexcept { return address_size_ != 0; }
    /// The normalised name, or the canonical text of the address (RFC 5952); valid as long as this object.
    [[nodiscard]] constexpr std::string_view text() const noexcept { return {text_.data(), size_}; }
    /// The same with a NUL at its end.
    [[nodiscard]] constexpr char const* c_str() const noexcept { return text_.data(); }
    /// The 4 or 16 octets of the address in network order; empty for a DNS name.
    [[nodiscard]] constexpr std::span<std::byte const> ip_bytes() const noexcept {
        return std::span(address_).first(address_size_);
    }
    /// The port given, or 0.
    [[nodiscard]] constexpr std::uint16_t port() const noexcept { return port_; }
    /// Whether name or address are the same; the port does not count.
    friend constexpr bool operator==(server_name const& a, server_name const& b) noexcept {
        return a.text() == b.text();
    }

    /// The longest DNS name, in bytes without trailing dot (RFC 1035 section 3.1).
    static constexpr std::size_t max_dns_size = detail::longest_dns_name;

private:
    using octets = std::array<std::byte, 16>;

    constexpr server_name() noexcept = default;
    static constexpr error refused(std::string_view text) noexcept {
        return configuration_error(errc::bad_server_name, text);
    }
    static constexpr bool read_ipv4(std::string_view text, std::span<std::byte, 4> out) noexcept;
    static constexpr bool read_ipv6(std::string_view text, std::span<std::byte, 16> out) noexcept;
    constexpr void append(char c) noexcept { text_[size_++] = c; }
    constexpr void append_decimal(unsigned value) noexcept;
    constexpr void append_ipv4(std::span<std::byte const> address) noexcept;
    constexpr void append_ipv6() noexcept;

    std::array<char, max_dns_size + 1> text_{};
    octets address_{};
    std::uint16_t port_ = 0;
    std::uint8_t size_ = 0;
    std::uint8_t address_size_ = 0;
};

constexpr result<server_name> server_name::dns(std::string_view text, std::uint16_t port) noexcept {
    std::string_view name = text;
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!detail::is_dns_name(name)) return std::unexpected(refused(text));
    server_name made;
    made.port_ = port;
    for (char const c : name) made.append(detail::to_lower(c));
    return made;
}

constexpr result<server_name> server_name::ip(std::string_view text, std::uint16_t port) noexcept {
    server_name made;
    made.port_ = port;
    if (read_ipv4(text, std::span(made.address_).first<4>())) {
        made.address_size_ = 4;
        made.append_ipv4(made.ip_bytes());
    } else if (read_ipv6(text, made.address_)) {
        made.address_size_ = 16;
        made.append_ipv6();
    } else {
        return std::unexpected(refused(text));
    }
    return made;
}

constexpr result<server_name> server_name::address(std::span<std::byte const> octets, std::uint16_t port) noexcept {
    if (octets.size() != 4 && octets.size() != 16) return std::unexpected(refused({}));
    server_name made;
    made.port_ = port;
    std::ranges::copy(octets, made.address_.begin());
    made.address_size_ = static_cast<std::uint8_t>(octets.size());
    if (octets.size() == 4)
        made.append_ipv4(made.ip_bytes());
    else
        made.append_ipv6();
    return made;
}

constexpr bool server_name::read_ipv4(std::string_view text, std::span<std::byte, 4> out) noexcept {
    std::size_t at = 0;
    for (std::size_t part = 0; part != 4; ++part) {
        if (part != 0 && (at == text.size() || text[at++] != '.')) return false;
        std::size_t const start = at;
        unsigned value = 0;
        while (at != text.size() && text[at] >= '0' && text[at] <= '9' && at - start < 3)
            value = value * 10 + static_cast<unsigned>(text[at++] - '0');
        // Some systems read a leading zero as octal, so the same text would name two addresses.
        if (at == start || value > 255 || (text[start] == '0' && at - start > 1)) return false;
        out[part] = static_cast<std::byte>(value);
    }
    return at == text.size();
}

constexpr bool server_name::read_ipv6(std::string_view text, std::span<std::byte, 16> out) noexcept {
    constexpr auto hex = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    octets read{};
    std::size_t size = 0;           // octets read so far
    std::optional<std::size_t> gap; // where "::" stands, in octets
    std::size_t at = 0;
    if (text.starts_with("::")) {
        gap = 0;
        at = 2;
    }
    while (at != text.size()) {
        if (size == 16) return false;
        std::string_view const rest = text.substr(at);
        if (size <= 12 && rest.find('.') != std::string_view::npos && rest.find(':') == std::string_view::npos) {
            if (!read_ipv4(rest, std::span(read).subspan(size).first<4>())) return false;
            size += 4;
            at = text.size();
            break;
        }
        std::size_t digits = 0;
        unsigned value = 0;
        while (digits != 4 && digits != rest.size() && hex(rest[digits]) >= 0)
            value = value << 4U | static_cast<unsigned>(hex(rest[digits++]));
        if (digits == 0) return false;
        read[size++] = static_cast<std::byte>(value >> 8U);
        read[size++] = static_cast<std::byte>(value & 0xffU);
        at += digits;
        if (at == text.size()) break;
        if (text[at++] != ':' || at == text.size()) return false;
        if (text[at] == ':') {
            if (gap) return false;
            gap = size;
            ++at;
        }
    }
    // "::" stands for at least one group of zeros.
    if (gap ? size > 14 : size != 16) return false;
    std::size_t const head = gap.value_or(size);
    for (std::size_t i = 0; i != 16; ++i) {
        bool const in_gap = i >= head && i < head + 16 - size;
        out[i] = in_gap ? std::byte{0} : read[i < head ? i : i - (16 - size)];
    }
    return true;
}

constexpr void server_name::append_decimal(unsigned value) noexcept {
    if (value >= 10) append_decimal(value / 10);
    append(static_cast<char>('0' + value % 10));
}

constexpr void server_name::append_ipv4(std::span<std::byte const> address) noexcept {
    for (std::size_t i = 0; i != 4; ++i) {
        if (i != 0) append('.');
        append_decimal(std::to_integer<unsigned>(address[i]));
    }
}

constexpr void server_name::append_ipv6() noexcept {
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i != 8; ++i)
        groups[i] = std::to_integer<unsigned>(address_[2 * i]) << 8U | std::to_integer<unsigned>(address_[2 * i + 1]);
    // RFC 5952 section 4.2: the first longest run of two or more zero groups becomes "::".
    std::size_t gap = 8;
    std::size_t gap_size = 1;
    for (std::size_t i = 0; i != 8; ++i) {
        std::size_t run = 0;
        while (i + run != 8 && groups[i + run] == 0) ++run;
        if (run > gap_size) {
            gap = i;
            gap_size = run;
        }
    }
    bool const mapped = gap == 0 && gap_size == 5 && groups[5] == 0xffff;
    for (std::size_t i = 0; i != (mapped ? std::size_t{6} : std::size_t{8}); ++i) {
        if (i == gap) {
            append(':');
            if (i == 0) append(':');
            i += gap_size - 1;
            continue;
        }
        bool started = false;
        for (unsigned shift = 16; shift != 0;) {
            shift -= 4;
            unsigned const digit = groups[i] >> shift & 0xfU;
            started = started || digit != 0 || shift == 0;
            if (started) append("0123456789abcdef"[digit]);
        }
        if (i != 7) append(':');
    }
    if (mapped) append_ipv4(std::span(address_).subspan(12));
}

} // namespace tls

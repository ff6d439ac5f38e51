// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Helpers of the tests. They throw std::runtime_error when a test's set-up is broken.
namespace testbed {

using bytes = std::vector<std::byte>;
using byte_view = std::span<std::byte const>;

/// The bytes of a text, without a terminator; valid as long as the text.
[[nodiscard]] inline byte_view view_of(std::string_view text) { return std::as_bytes(std::span(text)); }

/// A copy of a text's bytes.
[[nodiscard]] inline bytes to_bytes(std::string_view text) {
    byte_view const view = view_of(text);
    return {view.begin(), view.end()};
}

/// Bytes from numbers: octets({0x16, 3, 3}).
[[nodiscard]] inline bytes octets(std::initializer_list<unsigned> values) {
    bytes out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}

/// Bytes as a text of the same length.
[[nodiscard]] inline std::string to_text(byte_view data) {
    std::string out;
    out.reserve(data.size());
    for (std::byte const b : data) out.push_back(static_cast<char>(b));
    return out;
}

/// Writes a number, the highest byte first.
inline void put(bytes& to, std::uint64_t value, unsigned octets) {
    for (unsigned i = octets; i-- != 0;) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// Reads one.
[[nodiscard]] inline std::size_t number_at(byte_view from, std::size_t at, unsigned octets) {
    std::size_t n = 0;
    for (unsigned i = 0; i != octets; ++i) n = (n << 8U) | std::to_integer<std::size_t>(from[at + i]);
    return n;
}

inline void append(bytes& to, byte_view more) { to.insert(to.end(), more.begin(), more.end()); }

/// A test pattern of any length; the same seed gives the same bytes.
[[nodiscard]] inline bytes pattern(std::size_t size, std::uint32_t seed = 1) {
    bytes out(size);
    std::uint32_t x = seed * 2654435761U + 1U;
    for (std::byte& b : out) {
        x = x * 1664525U + 1013904223U;
        b = static_cast<std::byte>(x >> 24U);
    }
    return out;
}

/// The bytes as C functions take them.
[[nodiscard]] inline unsigned char const* raw(byte_view data) {
    return reinterpret_cast<unsigned char const*>(data.data()); // NOLINT
}
[[nodiscard]] inline unsigned char* raw(std::span<std::byte> data) {
    return reinterpret_cast<unsigned char*>(data.data()); // NOLINT
}
[[nodiscard]] inline unsigned char* raw(bytes& data) { return raw(std::span<std::byte>(data)); }
[[nodiscard]] inline unsigned char const* raw(bytes const& data) { return raw(byte_view(data)); }

} // namespace testbed

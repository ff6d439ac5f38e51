// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/der.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::x509 {

namespace detail {

constexpr std::size_t base128_size(std::uint32_t arc) noexcept {
    std::size_t n = 1;
    while ((arc >>= 7U) != 0) ++n;
    return n;
}

template <std::uint32_t First, std::uint32_t Second, std::uint32_t... Rest> consteval auto encode_oid() noexcept {
    std::array<std::byte, 1 + (std::size_t{0} + ... + base128_size(Rest))> out{};
    std::size_t at = 0;
    out[at++] = static_cast<std::byte>(First * 40 + Second);
    auto const put = [&](std::uint32_t arc) {
        for (std::size_t left = base128_size(arc); left-- != 0;) {
            unsigned const septet = (arc >> (7 * left)) & 0x7fU;
            out[at++] = static_cast<std::byte>(left == 0 ? septet : septet | 0x80U);
        }
    };
    (put(Rest), ...);
    return out;
}

} // namespace detail

/// The content of an OBJECT IDENTIFIER, written by its numbers: `oid<2, 5, 29, 19>`.
template <std::uint32_t... Arcs> inline constexpr auto oid = detail::encode_oid<Arcs...>();

/// True if the content of an OBJECT IDENTIFIER is this one.
[[nodiscard]] constexpr bool is_oid(std::span<std::byte const> content, std::span<std::byte const> wanted) noexcept {
    return der::equal(content, wanted);
}

} // namespace tls::x509

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/text_writer.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/oid.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tls::x509::detail {

/// An identifier and what people call it.
struct named_oid {
    der::bytes id;
    std::string_view name;
};

/// A table of them as bytes: without pointers it takes a third of the room. Each row is a size, the identifier, a size
/// and the name.
template <auto const& Rows> [[nodiscard]] consteval auto pack_named_oids() noexcept {
    constexpr std::size_t size = [] {
        std::size_t n = 0;
        for (named_oid const& row : Rows) n += 2 + row.id.size() + row.name.size();
        return n;
    }();
    std::array<std::byte, size> packed{};
    std::size_t at = 0;
    for (named_oid const& row : Rows) {
        packed[at++] = static_cast<std::byte>(row.id.size());
        for (std::byte const b : row.id) packed[at++] = b;
        packed[at++] = static_cast<std::byte>(row.name.size());
        for (char const c : row.name) packed[at++] = static_cast<std::byte>(c);
    }
    return packed;
}

/// Writes the name an identifier has in such a table, or else its numbers: "1.2.840.113549".
inline void write_oid(tls::detail::text_writer& out, std::span<std::byte const> table, der::bytes id) noexcept {
    auto const take = [&table] {
        auto const size = std::to_integer<std::size_t>(table[0]);
        auto const taken = table.subspan(1, size);
        table = table.subspan(1 + size);
        return taken;
    };
    while (!table.empty()) {
        bool const found = is_oid(take(), id);
        auto const name = take();
        if (!found) continue;
        for (std::byte const b : name) {
            char const c = static_cast<char>(b);
            out << std::string_view(&c, 1);
        }
        return;
    }
    std::uint64_t arc = 0;
    bool first = true;
    for (std::byte const b : id) {
        auto const octet = std::to_integer<unsigned>(b);
        arc = arc << 7U | (octet & 0x7fU);
        if ((octet & 0x80U) != 0) continue;
        if (first) {
            std::uint64_t const root = arc < 80 ? arc / 40 : 2;
            out << static_cast<long long>(root);
            arc -= root * 40;
            first = false;
        }
        out << "." << static_cast<long long>(arc);
        arc = 0;
    }
}

} // namespace tls::x509::detail

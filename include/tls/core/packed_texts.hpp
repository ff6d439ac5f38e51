// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/vocabulary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace tls::detail {

/// Texts one after the other, each ended by a NUL, and where each begins.
///
/// A table of pointers takes four times as much in a position-independent program: each pointer has an entry for the
/// dynamic linker.
template <std::size_t Count, std::size_t Bytes> struct packed_texts {
    static_assert(Bytes <= UINT16_MAX);
    std::array<std::uint16_t, Count + 1> begins{};
    std::array<char, Bytes> bytes{};

    [[nodiscard]] constexpr std::string_view operator[](std::size_t i) const noexcept {
        return {bytes.data() + begins[i], static_cast<std::size_t>(begins[i + 1] - begins[i] - 1)};
    }
    [[nodiscard]] constexpr char const* c_str(std::size_t i) const noexcept { return bytes.data() + begins[i]; }
};

/// One member of every row of a table as packed texts; a program that reads only those links only those.
template <auto const& Table, auto Member> [[nodiscard]] consteval auto pack_texts() noexcept {
    constexpr std::size_t size = [] {
        std::size_t n = 0;
        for (auto const& row : Table) n += std::string_view(row.*Member).size() + 1;
        return n;
    }();
    packed_texts<std::size(Table), size> texts;
    std::size_t at = 0;
    std::size_t i = 0;
    for (auto const& row : Table) {
        for (char const c : std::string_view(row.*Member)) texts.bytes[at++] = c;
        texts.begins[++i] = static_cast<std::uint16_t>(++at);
    }
    return texts;
}

/// The texts of this function, by number, with the library's own words for what can be set.
template <std::size_t Count, std::string_view (*Text)(std::size_t) noexcept>
[[nodiscard]] consteval auto pack_texts_in_library_words() noexcept {
    constexpr auto each_piece = [](std::size_t i, auto write) {
        for_each_piece(Text(i), write, [&](std::string_view w) {
            vocabulary_word const* const word = find_vocabulary_word(w);
            write(library_words.*(word->text)); // an unknown one does not compile
        });
    };
    constexpr std::size_t size = [=] {
        std::size_t n = Count;
        for (std::size_t i = 0; i != Count; ++i) each_piece(i, [&](std::string_view piece) { n += piece.size(); });
        return n;
    }();
    packed_texts<Count, size> texts;
    std::size_t at = 0;
    for (std::size_t i = 0; i != Count; ++i) {
        each_piece(i, [&](std::string_view piece) {
            for (char const c : piece) texts.bytes[at++] = c;
        });
        texts.begins[i + 1] = static_cast<std::uint16_t>(++at);
    }
    return texts;
}

/// One member of every row of a table.
template <auto const& Table, auto Member> [[nodiscard]] consteval auto column() noexcept {
    std::array<std::remove_cvref_t<decltype(Table[0].*Member)>, std::size(Table)> values{};
    std::size_t i = 0;
    for (auto const& row : Table) values[i++] = row.*Member;
    return values;
}

} // namespace tls::detail

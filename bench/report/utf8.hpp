// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// How many bytes the character at the beginning of a text has; 0 if there is no valid one.
[[nodiscard]] std::size_t character_size(std::string_view text);
/// Appends a code point, which must be valid.
void append_utf8(std::string& to, std::uint32_t code);
/// The text with U+FFFD for each byte that is not part of a valid character.
[[nodiscard]] std::string valid_utf8(std::string_view text);

[[nodiscard]] constexpr bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }
/// At most this many characters from the beginning.
[[nodiscard]] std::string_view first_characters(std::string_view text, std::size_t most);

} // namespace bench

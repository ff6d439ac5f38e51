// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bench {

/// How many bytes the character at the beginning of a text has; 0 if there is none that UTF-8 allows.
[[nodiscard]] std::size_t character_size(std::string_view text);
/// The text with U+FFFD for each byte that is no part of a character.
[[nodiscard]] std::string valid_utf8(std::string_view text);

} // namespace bench

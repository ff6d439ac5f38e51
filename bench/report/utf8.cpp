// SPDX-License-Identifier: Apache-2.0
#include "utf8.hpp"

namespace bench {

std::size_t character_size(std::string_view text) {
    if (text.empty()) return 0;
    auto const byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    auto const first = byte(0);
    if (first < 0x80) return 1;
    std::size_t const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    if (size == 0 || first >= 0xf8 || size > text.size()) return 0;
    auto code = first & (0x7fu >> size);
    for (std::size_t i = 1; i != size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3f);
    }
    auto const least = size == 2 ? 0x80u : size == 3 ? 0x800u : 0x10000u; // shorter forms are not allowed
    auto const surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least || code > 0x10ffff || surrogate ? 0 : size;
}

void append_utf8(std::string& to, std::uint32_t code) {
    auto const byte = [&](std::uint32_t b) { to += static_cast<char>(static_cast<unsigned char>(b)); };
    if (code < 0x80) return byte(code);
    auto const more = code < 0x800 ? 1u : code < 0x10000 ? 2u : 3u;
    byte((0xff00u >> (more + 1) & 0xff) | code >> 6 * more);
    for (auto i = more; i-- != 0;) byte(0x80 | (code >> 6 * i & 0x3f));
}

std::string valid_utf8(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        auto const size = character_size(text);
        if (size == 0)
            result += "\xef\xbf\xbd";
        else
            result += text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return result;
}

std::string_view first_characters(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end != text.size(); ++end)
        if (begins_character(text[end]) && seen++ == most) break;
    return text.substr(0, end);
}

} // namespace bench

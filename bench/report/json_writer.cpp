// SPDX-License-Identifier: Apache-2.0
#include "json_writer.hpp"

#include "utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace bench::json {

std::string quoted(std::string_view text) {
    auto const valid = valid_utf8(text);
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string result = "\"";
    for (char const c : valid) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (result += '\\') += c;
        else if (code < 0x20 || code == 0x7f)
            ((result += "\\u00") += hex[code >> 4]) += hex[code & 15];
        else
            result += c;
    }
    return result += '"';
}

std::string number(double value) {
    if (!std::isfinite(value)) return "null";
    std::array<char, 32> buffer{};
    auto const [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), end};
}

} // namespace bench::json

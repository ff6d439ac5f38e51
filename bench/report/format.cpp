// SPDX-License-Identifier: Apache-2.0
#include "format.hpp"

#include "select.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bench {

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "-";
    if (std::abs(value) >= 1e15) return value < 0 ? "-huge" : "huge";
    std::array<char, 64> buffer{};
    auto const [end, failure] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return {buffer.data(), end};
}

std::string short_number(double value) {
    auto const size = std::abs(value);
    if (size >= 99.95 || size == 0) return fixed(value, 0);
    if (size >= 9.995) return fixed(value, 1);
    if (size >= 0.9995) return fixed(value, 2);
    return fixed(value, size >= 0.09995 ? 3 : 4);
}

std::string decimal(double value) {
    auto text = fixed(value, 4);
    if (!text.contains('.')) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string count(double value) {
    return std::abs(value) >= 99999.5 ? short_number(value / 1e6) + " M"
                                      : fixed(value, value == std::floor(value) ? 0 : 1);
}

std::string bytes(double value) {
    auto const size = std::abs(value);
    if (size < 1024) return fixed(value, 0);
    return size < 1024. * 1024. ? short_number(value / 1024) + " K" : short_number(value / (1024. * 1024.)) + " M";
}

std::string times(double value) {
    auto const decimals = value > 0.9 && value < 1.1 ? 3 : value < 9.995 ? 2 : 1;
    return std::isfinite(value) ? fixed(value, decimals) + "x" : "-";
}

std::string with_unit(metric m, double value) {
    if (!std::isfinite(value)) return "-";
    std::string_view const u = unit(m);
    if (u == "ratio") return times(value);
    if (u == "bytes") return bytes(value) + (std::abs(value) < 1024 ? " B" : "iB");
    if (is_timed(m)) return short_number(value) + " " + std::string(u);
    return count(value);
}

std::string quartiles(distribution const& d) {
    auto const [low, high] = range_of(d);
    return low == high ? "" : short_number(low) + "-" + short_number(high);
}

std::string size_text(std::size_t bytes) {
    if (bytes != 0 && bytes % (1024 * 1024) == 0) return std::to_string(bytes / (1024 * 1024)) + " MiB";
    if (bytes != 0 && bytes % 1024 == 0) return std::to_string(bytes / 1024) + " KiB";
    return std::to_string(bytes) + " B";
}

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string printable(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(result, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    // The control characters beyond ASCII, U+0080 to U+009F, are 0xc2 followed by 0x80 to 0x9f in UTF-8.
    for (std::size_t i = 0; i + 1 < result.size(); ++i)
        if (result[i] == '\xc2' && static_cast<unsigned char>(result[i + 1]) < 0xa0) result.replace(i, 2, "?");
    return result;
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    auto const clean = printable(text);
    std::string result, word;
    std::size_t used = 0, spaces = 0;
    auto const new_line = [&] {
        result += "\n" + std::string(indent, ' ');
        used = indent;
    };
    auto const put = [&] {
        auto const begun = !result.empty();
        if (begun && used + spaces + width(word) > columns) {
            new_line();
        } else {
            spaces = std::min(spaces, columns - used);
            result.append(spaces, ' ');
            used += spaces;
        }
        for (char const c : word) {
            auto const begins = begins_character(c);
            if (begins && used == columns) new_line();
            result += c;
            used += begins;
        }
        word.clear();
        spaces = 0;
    };
    for (char const c : clean) {
        if (c == ' ' && !word.empty()) put();
        if (c == ' ')
            ++spaces;
        else
            word += c;
    }
    if (!word.empty()) put();
    return result;
}

} // namespace bench

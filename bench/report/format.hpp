// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <string>
#include <string_view>

/// Numbers as people read them. Whatever is not finite is "-".
namespace bench {

[[nodiscard]] std::string fixed(double value, int decimals);
/// Three significant digits, or all digits before the point: 0.0123, 8.52, 239, 3224.
[[nodiscard]] std::string short_number(double value);
/// With up to four decimals and no trailing zeros: for limits and the values compared with them.
[[nodiscard]] std::string decimal(double value);
/// 59, 7700, 2.91 M.
[[nodiscard]] std::string count(double value);
/// 851, 14.2 K, 1.23 M.
[[nodiscard]] std::string bytes(double value);
/// 1.004x, 0.31x, 12.8x: close to one, the third decimal matters.
[[nodiscard]] std::string times(double value);
/// A value of this metric with its unit, such as "239 us"; with `short_number`, `count`, `bytes` or `times`.
[[nodiscard]] std::string with_unit(metric m, double value);
/// "236-244"; empty if there is only one sample.
[[nodiscard]] std::string quartiles(distribution const& d);

/// Of a write: "64 B", "16 KiB", "1 MiB".
[[nodiscard]] std::string size_text(std::size_t bytes);

/// How many columns a text takes in a terminal: its code points, as no text here has wide ones.
[[nodiscard]] std::size_t width(std::string_view text);
/// The text with control characters replaced, so that data cannot control the terminal.
[[nodiscard]] std::string printable(std::string_view text);
/// The text in lines of at most this many columns, broken at spaces where there are any; the second and later lines are
/// indented. Runs of spaces are kept, except where a line is broken.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

} // namespace bench

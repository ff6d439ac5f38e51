// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../results.hpp"

#include <string>
#include <string_view>

/// Pieces of the page. Text from the results goes through `escaped`, and numbers through `coordinate`: whatever is in
/// the results, the page is well-formed and has no scripts.
namespace bench::html {

/// Text for use between tags and in attributes in double quotes; what is not printable becomes U+FFFD or a space.
[[nodiscard]] std::string escaped(std::string_view text);
/// For SVG: with at most one digit after the point; 0 if it is not finite.
[[nodiscard]] std::string coordinate(double value);
/// "239 µs": `with_unit` with the proper sign.
[[nodiscard]] std::string value_text(metric m, double value);
/// At most this many characters, the last of them an ellipsis if there were more.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t characters);
/// Classes of a contender: its library's colour, strong or pale.
[[nodiscard]] std::string colour_of(results const& r, std::string const& contender);
/// A contender's name, with its title as a tooltip.
[[nodiscard]] std::string contender_label(results const& r, std::string const& id);

/// The style sheet.
[[nodiscard]] std::string_view style();

/// A section with a heading; the content is markup.
[[nodiscard]] std::string section(std::string_view id, std::string_view heading, std::string const& content);
/// A plot under its title, as a cell of a grid; a tall one takes two rows.
[[nodiscard]] std::string
card(std::string const& title, std::string const& note, std::string const& content, bool is_tall = false);
[[nodiscard]] std::string grid(std::string const& cards);

} // namespace bench::html

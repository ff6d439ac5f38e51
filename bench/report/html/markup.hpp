// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../results.hpp"

#include <string>
#include <string_view>

/// Pieces of the page. Text from the results goes through `escaped`, and numbers through `coordinate`: whatever is in
/// the results, the page is well-formed and does nothing but show.
namespace bench::html {

/// Text for between tags and for attributes in double quotes; what is not printable becomes U+FFFD or a space.
[[nodiscard]] std::string escaped(std::string_view text);
/// For SVG: with a digit after the point at most; 0 for what is no number.
[[nodiscard]] std::string coordinate(double value);
/// "239 µs": `with_unit` with the sign that a page can have.
[[nodiscard]] std::string value_text(metric m, double value);
/// At most so many characters, the last of them an ellipsis if there were more.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t characters);
/// Classes of a contender: its library's colour, strong or pale.
[[nodiscard]] std::string colour_of(results const& r, std::string const& contender);
/// Its name, with what it is in a tooltip.
[[nodiscard]] std::string contender_label(results const& r, std::string const& id);

/// The style sheet.
[[nodiscard]] std::string_view style();

/// A section with a heading, and what follows it as it is.
[[nodiscard]] std::string section(std::string_view id, std::string_view heading, std::string const& content);
/// A plot under its title, for a grid of such; a tall one takes two rows.
[[nodiscard]] std::string
card(std::string const& title, std::string const& note, std::string const& content, bool is_tall = false);
[[nodiscard]] std::string grid(std::string const& cards);

} // namespace bench::html

// SPDX-License-Identifier: Apache-2.0
#include "markup.hpp"

#include "../format.hpp"
#include "../select.hpp"
#include "../utf8.hpp"

#include <cmath>

namespace bench::html {

std::string escaped(std::string_view text) {
    std::string result;
    for (char const c : valid_utf8(printable(text))) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '\'': result += "&#39;"; break;
        default: result += c;
        }
    }
    return result;
}

std::string coordinate(double value) {
    if (!std::isfinite(value) || std::abs(value) > 1e6) return "0";
    auto text = fixed(value, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string value_text(metric m, double value) {
    auto text = with_unit(m, value);
    if (text.ends_with(" us")) text.replace(text.size() - 2, 2, "\xc2\xb5s");
    return text;
}

std::string shortened(std::string_view text, std::size_t characters) {
    auto const valid = valid_utf8(printable(text));
    if (width(valid) <= characters) return valid;
    return std::string(first_characters(valid, characters - 1)) + "\xe2\x80\xa6";
}

std::string colour_of(results const& r, std::string const& id) {
    auto const* described = contender(r, id);
    auto const library = described == nullptr ? std::string() : described->library;
    auto const known = library == "wolfssl" || library == "mbedtls" || library == "openssl";
    auto const strong = id.starts_with("twintls-") || id == library;
    return (known ? library : std::string("other")) + (strong ? "" : " pale");
}

std::string contender_label(results const& r, std::string const& id) {
    return "<span class=\"key " + colour_of(r, id) + "\"></span>" + escaped(shortened(id, 28));
}

std::string section(std::string_view id, std::string_view heading, std::string const& content) {
    return "<section id=\"" + std::string(id) + "\">\n<h2>" + escaped(heading) + "</h2>\n" + content + "</section>\n";
}

std::string card(std::string const& title, std::string const& note, std::string const& content, bool is_tall) {
    return std::string(is_tall ? "<figure class=\"tall\">" : "<figure>") + "<figcaption>" + escaped(title) +
           (note.empty() ? "" : "<small>" + escaped(note) + "</small>") + "</figcaption>" + content + "</figure>\n";
}

std::string grid(std::string const& cards) { return "<div class=\"grid\">\n" + cards + "</div>\n"; }

} // namespace bench::html

// SPDX-License-Identifier: Apache-2.0
#include "../format.hpp"
#include "markup.hpp"
#include "plots.hpp"

#include <algorithm>
#include <cmath>

namespace bench::html {
namespace {

constexpr double row_height = 33;
constexpr double bar_top = 17, bar_height = 9;

double at_least_zero(double value) { return std::isfinite(value) ? std::max(value, 0.0) : 0; }

/// "1.004x raw · 0.31x OpenSSL"
std::string ratios(results const& r, std::string const& case_id, std::string const& id, metric m) {
    std::string text;
    auto const add = [&](std::string const& under, std::string const& name) {
        auto const ratio = under.empty() || under == id ? std::nullopt : median_ratio(r, case_id, id, under, m);
        if (ratio) (text += text.empty() ? "" : " \xc2\xb7 ") += times(*ratio) + " " + name;
    };
    add(raw_of(r, id), "raw");
    if (contender(r, "openssl") != nullptr) add("openssl", "OpenSSL");
    return text;
}

/// A tooltip with what the plot shows without words; empty for a count.
std::string title_of(metric m, distribution const& d) {
    auto const [low, high] = range_of(d);
    if (low == high) return {};
    return "<title>" +
           escaped(
               "quartiles " + value_text(m, low) + " to " + value_text(m, high) + ", " + std::to_string(d.samples) +
               " samples") +
           "</title>";
}

std::string whisker(double low, double high, double scale) {
    auto const y = bar_top + bar_height / 2;
    auto const from = coordinate(low * scale), to = coordinate(std::min(high * scale, plot_width - 0.5));
    auto const cap = [&](std::string const& x) { return "M" + x + " " + coordinate(y - 3) + "v6"; };
    return "<path class=\"w\" d=\"" + cap(from) + cap(to) + "M" + from + " " + coordinate(y) + "H" + to + "\"/>";
}

} // namespace

std::string svg(double height, std::string const& label, std::string const& content) {
    return "<svg viewBox=\"0 0 " + coordinate(plot_width) + " " + coordinate(height) + "\" role=\"img\" aria-label=\"" +
           escaped(label) + "\">" + content + "</svg>";
}

std::string bars(results const& r, std::string const& case_id, metric m) {
    auto const all = contenders_in(r, case_id, m);
    double longest = 0;
    for (auto const& id : all)
        longest = std::max(longest, at_least_zero(range_of(find(r, case_id, id, m)->value).second));
    auto const scale = longest > 0 ? plot_width / longest : 0;

    std::string content, label;
    double y = 0;
    for (auto const& id : all) {
        auto const& d = find(r, case_id, id, m)->value;
        (label += label.empty() ? "" : "; ") += id + " " + value_text(m, d.median);
        content += "<g transform=\"translate(0 " + coordinate(y) + ")\">" + title_of(m, d);
        content += "<text y=\"12\">" + escaped(shortened(id, 20)) + "</text>";
        auto const compared = ratios(r, case_id, id, m);
        content += "<text class=\"v\" x=\"360\" y=\"12\">" +
                   (compared.empty() ? "" : "<tspan class=\"q\">" + escaped(compared) + "</tspan> ") +
                   escaped(value_text(m, d.median)) + "</text>";
        content += "<rect class=\"" + colour_of(r, id) + "\" y=\"17\" width=\"" +
                   coordinate(at_least_zero(d.median) * scale) + "\" height=\"9\"/>";
        auto const [low, high] = range_of(d);
        if (low != high && low >= 0) content += whisker(low, high, scale);
        content += "</g>";
        y += row_height;
    }
    return all.empty() ? std::string() : svg(y, label, content);
}

} // namespace bench::html

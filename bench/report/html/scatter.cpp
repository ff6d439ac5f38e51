// SPDX-License-Identifier: Apache-2.0
#include "../format.hpp"
#include "markup.hpp"
#include "plots.hpp"

#include <algorithm>
#include <cmath>

namespace bench::html {
namespace {

/// Lines of one kind, as one element.
class lines {
public:
    void add(double x1, double y1, double x2, double y2) {
        path_ += "M" + coordinate(x1) + " " + coordinate(y1) + "L" + coordinate(x2) + " " + coordinate(y2);
    }
    [[nodiscard]] std::string element(std::string_view css) const {
        return "<path class=\"" + std::string(css) + "\" d=\"" + path_ + "\"/>";
    }

private:
    std::string path_;
};

std::string text(std::string_view css, double x, double y, std::string const& words) {
    return "<text class=\"" + std::string(css) + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\">" +
           escaped(words) + "</text>";
}

bool is_positive(double value) { return std::isfinite(value) && value > 0; }

} // namespace

std::string mark(results const& r, std::string const& id, double x, double y, std::string const& title) {
    auto const css = colour_of(r, id);
    auto const shape = [&]() -> std::string {
        auto const begin = "M" + coordinate(x);
        if (css.starts_with("wolfssl")) return begin + " " + coordinate(y - 4) + "a4 4 0 1 0 .1 0z"; // a circle
        if (css.starts_with("mbedtls")) return "M" + coordinate(x - 3.6) + " " + coordinate(y - 3.6) + "h7.2v7.2h-7.2z";
        if (css.starts_with("openssl")) return begin + " " + coordinate(y - 4.6) + "l4.6 8h-9.2z";
        return begin + " " + coordinate(y - 5) + "l5 5-5 5-5-5z";
    }();
    return "<path class=\"m " + css + "\" d=\"" + shape + "\"><title>" + escaped(title) + "</title></path>";
}

std::string floor_plot(results const& r) {
    constexpr double row_height = 34, left = 4, right = plot_width - 8;
    std::vector<results::described_case> cases;
    double most = 1.5;
    for (auto const& c : handshake_cases_of(r)) {
        auto const all = contenders_in(r, c.id, metric::over_floor);
        if (all.empty()) continue;
        cases.push_back(c);
        for (auto const& id : all) most = std::max(most, std::min(*median_of(r, c.id, id, metric::over_floor), 1000.0));
    }
    if (cases.empty()) return {};
    auto const step = most <= 3 ? 0.5 : most <= 6 ? 1.0 : std::ceil(most / 6);
    most = std::ceil(most / step) * step;
    auto const x_of = [&](double v) { return left + (right - left) * std::clamp((v - 1) / (most - 1), 0.0, 1.0); };
    auto const bottom = static_cast<double>(cases.size()) * row_height;

    std::string content;
    lines axis, others;
    for (double tick = 1; tick <= most + step / 2; tick += step) {
        if (tick > most) tick = most;
        (tick == 1 ? axis : others).add(x_of(tick), 0, x_of(tick), bottom);
        content += text(tick == 1 ? "t s" : "t", x_of(tick), bottom + 14, decimal(tick) + "x");
        if (tick == most) break;
    }
    content += others.element("g") + axis.element("axis");
    double y = 0;
    for (auto const& c : cases) {
        content += text("h", left + 4, y + 12, shortened(c.title, 58));
        auto all = contenders_in(r, c.id, metric::over_floor);
        std::ranges::reverse(all); // so that the first are on top
        for (auto const& id : all) {
            auto const value = *median_of(r, c.id, id, metric::over_floor);
            if (std::isfinite(value)) content += mark(r, id, x_of(value), y + 23, id + ": " + times(value));
        }
        y += row_height;
    }
    return svg(
        bottom + 20, "Handshake over floor for " + std::to_string(cases.size()) + " cases; the tables have the numbers",
        content);
}

std::string throughput_plot(results const& r, bulk_series const& series) {
    constexpr double left = 38, right = plot_width - 10, top = 8, bottom = 190;
    double least = 0, most = 0, smallest = 0, largest = 0;
    std::vector<std::string> all;
    for (auto const& point : series.points)
        for (auto const& id : contenders_in(r, point.case_id, metric::throughput)) {
            auto const value = *median_of(r, point.case_id, id, metric::throughput);
            if (point.size == 0 || !is_positive(value) || value > 1e9) continue;
            if (std::ranges::find(all, id) == all.end()) all.push_back(id);
            auto const size = static_cast<double>(point.size);
            least = least == 0 ? value : std::min(least, value);
            most = std::max(most, value);
            smallest = smallest == 0 ? size : std::min(smallest, size);
            largest = std::max(largest, size);
        }
    if (all.empty()) return {};
    auto const low = std::floor(std::log10(least)), high = std::max(std::ceil(std::log10(most)), low + 1);
    auto const x_of = [&](double size) {
        if (largest == smallest) return (left + right) / 2;
        return left + 12 + (right - left - 24) * std::log(size / smallest) / std::log(largest / smallest);
    };
    auto const y_of = [&](double rate) { return bottom - (bottom - top) * (std::log10(rate) - low) / (high - low); };

    std::string content;
    lines decades, others;
    for (auto decade = low; decade <= high; ++decade)
        for (double const digit : {1., 2., 5.}) {
            auto const rate = digit * std::pow(10, decade);
            if (decade == high && digit > 1) break;
            (digit == 1 ? decades : others).add(left, y_of(rate), right, y_of(rate));
            if (digit == 1 || high - low <= 2) content += text("t e", left - 5, y_of(rate) + 4, decimal(rate));
        }
    content += others.element("g") + decades.element("axis");
    std::size_t before = 0;
    for (auto const& point : series.points) {
        if (point.size == 0 || point.size == before) continue;
        before = point.size;
        content += text("t", x_of(static_cast<double>(point.size)), bottom + 15, size_text(point.size));
    }
    std::ranges::reverse(all);
    for (auto const& id : all) {
        std::string path, marks;
        for (auto const& point : series.points) {
            auto const value = median_of(r, point.case_id, id, metric::throughput);
            if (point.size == 0 || !value || !is_positive(*value) || *value > 1e9) continue;
            auto const x = x_of(static_cast<double>(point.size)), y = y_of(*value);
            (path += path.empty() ? "M" : "L") += coordinate(x) + " " + coordinate(y);
            marks +=
                mark(r, id, x, y, id + ", " + size_text(point.size) + ": " + value_text(metric::throughput, *value));
        }
        content += "<path class=\"line " + colour_of(r, id) + "\" d=\"" + path + "\"/>" + marks;
    }
    return svg(bottom + 22, series.title + ": MB/s by the size of a write; the table has the numbers", content);
}

} // namespace bench::html

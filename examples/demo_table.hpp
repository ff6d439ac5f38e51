// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Text on a terminal of 100 columns.
namespace demo {

/// A number with this many decimals.
[[nodiscard]] inline std::string fixed(double value, int decimals) {
    long long scale = 1;
    for (int i = 0; i < decimals; ++i) scale *= 10;
    long long const rounded = std::llround(value * static_cast<double>(scale));
    std::string fraction = std::to_string(rounded % scale);
    if (decimals == 0) return std::to_string(rounded);
    fraction.insert(0, static_cast<std::size_t>(decimals) - fraction.size(), '0');
    return std::to_string(rounded / scale) + '.' + fraction;
}

/// Every line indented by two columns and broken between words before column 98, with a line end.
[[nodiscard]] inline std::string indented(std::string_view text) {
    constexpr std::size_t widest = 96;
    std::string out;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        std::string const deeper(std::min(line.find_first_not_of(' '), line.size()) + 4, ' ');
        std::string margin = "  ";
        while (margin.size() + line.size() > widest + 2) {
            std::size_t const room = widest + 2 - margin.size();
            std::size_t const space = line.rfind(' ', room);
            bool const breakable = space != std::string_view::npos && line.find_first_not_of(' ') < space;
            std::size_t const cut = breakable ? space : room;
            out += margin + std::string(line.substr(0, cut)) + '\n';
            line.remove_prefix(breakable ? cut + 1 : cut);
            margin = "  " + deeper;
        }
        out += margin + std::string(line) + '\n';
    }
    return out;
}

/// A table of labels and two columns, wider than asked for only where its content needs it.
class table {
public:
    using columns = std::array<std::string, 2>;

    table(std::size_t label_width, std::size_t column_width) : widths_{label_width, column_width, column_width} {}

    void head(std::string_view label, columns titles) {
        rows_.insert(rows_.begin(), {std::string(label), std::move(titles)});
    }
    void row(std::string_view label, columns values) { rows_.emplace_back(std::string(label), std::move(values)); }

    /// Writes the table with a line under its head.
    void print(std::ostream& out) const {
        auto widths = widths_;
        for (auto const& [label, values] : rows_) {
            widths[0] = std::max(widths[0], label.size());
            widths[1] = std::max(widths[1], values[0].size());
            widths[2] = std::max(widths[2], values[1].size());
        }
        bool head = true;
        for (auto const& [label, values] : rows_) {
            out << "  " << padded(label, widths[0]) << "  " << padded(values[0], widths[1]) << "  " << values[1]
                << '\n';
            if (std::exchange(head, false))
                out << "  " << std::string(widths[0] + widths[1] + widths[2] + 4, '-') << '\n';
        }
    }

private:
    [[nodiscard]] static std::string padded(std::string text, std::size_t width) {
        text.resize(width, ' ');
        return text;
    }

    std::array<std::size_t, 3> widths_;
    std::vector<std::pair<std::string, columns>> rows_;
};

} // namespace demo

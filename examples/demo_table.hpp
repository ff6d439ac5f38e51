// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
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

/// A table of labels and columns, wider than asked for only where its content needs it.
class table {
public:
    using columns = std::vector<std::string>;

    table(std::size_t label_width, std::size_t column_width) : label_width_(label_width), column_width_(column_width) {}

    void head(std::string_view label, columns titles) {
        rows_.insert(rows_.begin(), {std::string(label), std::move(titles)});
    }
    void row(std::string_view label, columns values) { rows_.emplace_back(std::string(label), std::move(values)); }

    /// Writes the table with a line under its head.
    void print(std::ostream& out) const {
        std::vector<std::size_t> widths{label_width_};
        for (auto const& [label, values] : rows_) {
            widths.resize(std::max(widths.size(), values.size() + 1), column_width_);
            widths[0] = std::max(widths[0], label.size());
            for (std::size_t i = 0; i != values.size(); ++i) widths[i + 1] = std::max(widths[i + 1], values[i].size());
        }
        bool head = true;
        for (auto const& [label, values] : rows_) {
            std::string line = padded(label, widths[0]);
            for (std::size_t i = 0; i != values.size(); ++i) line += "  " + padded(values[i], widths[i + 1]);
            line.resize(line.find_last_not_of(' ') + 1);
            out << "  " << line << '\n';
            if (!std::exchange(head, false)) continue;
            std::size_t const all = std::accumulate(widths.begin(), widths.end(), 2 * (widths.size() - 1));
            out << "  " << std::string(all, '-') << '\n';
        }
    }

private:
    [[nodiscard]] static std::string padded(std::string text, std::size_t width) {
        text.resize(width, ' ');
        return text;
    }

    std::size_t label_width_;
    std::size_t column_width_;
    std::vector<std::pair<std::string, columns>> rows_;
};

} // namespace demo

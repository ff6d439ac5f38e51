// SPDX-License-Identifier: Apache-2.0
#include "text_table.hpp"

#include "format.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <ostream>
#include <ranges>

namespace bench {
namespace {

constexpr std::size_t widest_cell = 40; // two of them fit beside each other

std::vector<std::string> lines_of(std::string const& header) {
    std::vector<std::string> lines{""};
    for (char const c : header)
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    for (auto& line : lines) line = printable(line);
    return lines;
}

std::string padding(std::size_t wanted, std::string const& text) {
    return std::string(wanted - std::min(wanted, width(text)), ' ');
}

} // namespace

std::string text_table::cell(std::vector<std::string> const& row, std::size_t column) const {
    if (column >= row.size()) return {};
    auto text = printable(row[column]);
    if (width(text) <= widest_cell) return text;
    return std::string(first_characters(text, widest_cell - 3)) + "...";
}

std::size_t text_table::width_of(std::size_t column) const {
    std::size_t widest = 0;
    for (auto const& line : lines_of(headers_[column])) widest = std::max(widest, width(line));
    for (auto const& row : rows_) widest = std::max(widest, width(cell(row, column)));
    return widest;
}

void text_table::print(std::ostream& to, std::size_t indent) const {
    std::vector<std::size_t> block{0};
    auto const first = indent + width_of(0);
    auto used = first;
    for (std::size_t column = 1; column != headers_.size(); ++column) {
        if (std::ranges::all_of(rows_, [&](auto const& row) { return cell(row, column).empty(); })) continue;
        auto const wanted = 2 + width_of(column);
        if (block.size() > 1 && used + wanted > terminal_columns) {
            print_block(to, indent, block);
            to << '\n';
            block = {0};
            used = first;
        }
        block.push_back(column);
        used += wanted;
    }
    print_block(to, indent, block);
}

void text_table::print_block(std::ostream& to, std::size_t indent, std::vector<std::size_t> const& columns) const {
    std::vector<std::vector<std::string>> headers;
    std::size_t height = 0;
    for (auto const column : columns) {
        headers.push_back(lines_of(headers_[column]));
        height = std::max(height, headers.back().size());
    }
    auto const print_line = [&](auto text_of) {
        std::string line(indent, ' ');
        for (std::size_t i = 0; i != columns.size(); ++i) {
            std::string const text = text_of(i);
            auto const space = padding(width_of(columns[i]), text);
            line += i == 0 ? text + space : "  " + space + text;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        to << line << '\n';
    };
    for (std::size_t l = 0; l != height; ++l)
        print_line([&](std::size_t i) { // headers are aligned at the bottom
            auto const missing = height - headers[i].size();
            return l < missing ? std::string() : headers[i][l - missing];
        });
    for (auto const& row : rows_) print_line([&](std::size_t i) { return cell(row, columns[i]); });
}

} // namespace bench

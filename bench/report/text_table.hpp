// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

constexpr std::size_t terminal_columns = 100;

/// A table as wide as a terminal: columns that do not fit beside the first one follow below, with the first one
/// repeated. A column without any entry is left out.
class text_table {
public:
    /// A line break in a header breaks the line.
    explicit text_table(std::vector<std::string> headers) : headers_(std::move(headers)) {}
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    void print(std::ostream& to, std::size_t indent = 2) const;

private:
    [[nodiscard]] std::string cell(std::vector<std::string> const& row, std::size_t column) const;
    [[nodiscard]] std::size_t width_of(std::size_t column) const;
    void print_block(std::ostream& to, std::size_t indent, std::vector<std::size_t> const& columns) const;

    std::vector<std::string> headers_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace bench

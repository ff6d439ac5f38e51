// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace bench {

/// A table that fits a terminal of 100 columns.
void print_table(std::ostream& to, results const& r);

/// results.json; its schema is in docs/benchmark.md.
[[nodiscard]] std::string to_json(results const& r);
/// The reverse; throws a std::runtime_error that says what is wrong and where.
[[nodiscard]] results from_json(std::string_view text);

/// What changed since an earlier run beyond the noise of both, one line each, and what could not be compared.
void print_comparison(std::ostream& to, results const& now, results const& before);

/// A self-contained page: tables and SVG plots.
[[nodiscard]] std::string to_html(results const& r);

} // namespace bench

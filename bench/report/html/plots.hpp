// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../results.hpp"
#include "../select.hpp"

#include <string>
#include <vector>

/// SVG, 360 units wide, so that in a column of the page its text is as large as the text around it.
namespace bench::html {

constexpr double plot_width = 360;

/// One bar of a metric for each contender of a case, from zero, with its quartiles and its ratios to raw C and to
/// OpenSSL. Empty if nothing was measured.
[[nodiscard]] std::string bars(results const& r, std::string const& case_id, metric m);

/// For each case, each contender's ratio of a handshake to its floor, on a common axis. Empty if there is none.
[[nodiscard]] std::string floor_plot(results const& r);

/// Throughput by the size of a write, both axes logarithmic. Empty if nothing was measured.
[[nodiscard]] std::string throughput_plot(results const& r, bulk_series const& series);

/// An `<svg>` element.
[[nodiscard]] std::string svg(double height, std::string const& label, std::string const& content);

/// A mark of its contender's shape and colour.
[[nodiscard]] std::string
mark(results const& r, std::string const& contender, double x, double y, std::string const& title);

} // namespace bench::html

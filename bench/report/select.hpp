// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Looks up in the results what the table and the page show, in the same way for both.
namespace bench {

/// The quartiles; twice the median if there is one sample, or if they do not enclose it.
[[nodiscard]] std::pair<double, double> range_of(distribution const& d);

/// Bulk cases are recognised by their measurements or by an id that begins with "bulk-", build cases by "build-"; all
/// others are handshakes.
[[nodiscard]] std::vector<results::described_case> handshake_cases_of(results const& r);
[[nodiscard]] std::vector<results::described_case> build_cases_of(results const& r);
/// The title of the case with this id; the text itself where no case has it.
[[nodiscard]] std::string case_title(results const& r, std::string const& id);
/// Bulk cases whose ids differ only in the size of a write.
struct bulk_series {
    std::string title; ///< "AES-128-GCM, client to server"
    struct point {
        std::size_t size = 0; ///< of a write, in bytes
        std::string case_id;
    };
    std::vector<point> points; ///< by size
};
[[nodiscard]] std::vector<bulk_series> bulk_series_of(results const& r);

/// Contenders that have a measurement in this case, of this metric if one is given; in the order of the report.
[[nodiscard]] std::vector<std::string>
contenders_in(results const& r, std::string const& case_id, std::optional<metric> m = std::nullopt);
/// Contenders that have a measurement of this metric in any case.
[[nodiscard]] std::vector<std::string> contenders_with(results const& r, metric m);
[[nodiscard]] described_contender const* contender(results const& r, std::string const& id);
/// The contender that is the bare library under this one; empty if there is none in this run.
[[nodiscard]] std::string raw_of(results const& r, std::string const& contender);
/// The contender that others are compared with: OpenSSL if it was measured, else the best; empty if none was.
[[nodiscard]] std::string reference_of(results const& r, std::string const& case_id, metric m);

/// Median of a measurement.
[[nodiscard]] std::optional<double>
median_of(results const& r, std::string const& case_id, std::string const& contender, metric m);
/// From the ratios of each round where the run has them, else the quotient of the medians, with no samples.
[[nodiscard]] std::optional<distribution>
ratio_of(results const& r, std::string const& case_id, std::string const& over, std::string const& under, metric m);
/// The same, as one number.
[[nodiscard]] std::optional<double>
median_ratio(results const& r, std::string const& case_id, std::string const& over, std::string const& under, metric m);

} // namespace bench

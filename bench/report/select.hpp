// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the table and the page show, looked up in the results in the same way for both.
namespace bench {

/// The quartiles; the median alone where there is one sample, or where they do not enclose it.
[[nodiscard]] std::pair<double, double> range_of(distribution const& d);

/// Cases of bulk data are told by their measurements or by an id that begins with "bulk-", those of clients that are
/// only made by "build-"; all others are handshakes.
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
/// Those that have one of this metric in any case.
[[nodiscard]] std::vector<std::string> contenders_with(results const& r, metric m);
[[nodiscard]] described_contender const* contender(results const& r, std::string const& id);
/// The contender that is the bare library under this one; empty if there is none in this run.
[[nodiscard]] std::string raw_of(results const& r, std::string const& contender);
/// Whom others are compared with: OpenSSL if it was measured, else the best; empty if nobody was.
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

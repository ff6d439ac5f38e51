// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../results.hpp"

#include <string>

/// The numbers behind the plots, and all others.
namespace bench::html {

[[nodiscard]] std::string target_table(results const& r);
/// Everything measured in one case, one row for each contender.
[[nodiscard]] std::string case_table(results const& r, std::string const& case_id);
/// Throughput by cipher, direction and size.
[[nodiscard]] std::string bulk_table(results const& r);
/// Which contenders took part, how they were built, and which did not.
[[nodiscard]] std::string contender_table(results const& r);

} // namespace bench::html

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// Why callgrind cannot be run here; empty if it can.
[[nodiscard]] std::optional<std::string> why_no_callgrind();

/// Runs this very program under callgrind, with addresses and environment that are the same each time, and returns how
/// many instructions it collected. Throws std::runtime_error if either fails.
[[nodiscard]] std::uint64_t
callgrind_total(std::vector<std::string> const& callgrind_options, std::vector<std::string> const& arguments);

/// The total in a file that callgrind wrote; empty without one.
[[nodiscard]] std::optional<std::uint64_t> total_in(std::string const& callgrind_file);

} // namespace bench

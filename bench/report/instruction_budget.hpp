// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Instruction counts alone, small enough to be committed, and whether a later run stays within them.
namespace bench {

struct instruction_count {
    std::string case_id, contender;
    std::uint64_t instructions = 0;
};

/// Counts, and what they depend on beside the source.
struct instruction_baseline {
    std::string compiler, processor;
    std::vector<instruction_count> counts;
};

/// Those that a run has counted.
[[nodiscard]] instruction_baseline instruction_baseline_of(results const& r);
[[nodiscard]] std::string to_json(instruction_baseline const& b);
/// The reverse; throws std::runtime_error naming what is wrong and where. A baseline without counts is wrong.
[[nodiscard]] instruction_baseline instruction_baseline_from_json(std::string_view text);

/// One line for each count of `before` that `now` exceeds by more than `budget` (0.01 is one in a hundred), or does not
/// have. Empty: all is well.
[[nodiscard]] std::vector<std::string>
check_instruction_budget(instruction_baseline const& now, instruction_baseline const& before, double budget);
[[nodiscard]] std::vector<std::string>
check_instruction_budget(results const& now, instruction_baseline const& before, double budget);

} // namespace bench

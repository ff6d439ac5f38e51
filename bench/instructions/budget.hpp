// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Keeps handshakes from growing unnoticed: what a few of them took when the budget was last renewed, in a file of the
/// project.
namespace bench {

/// One count of the file, "CASE CONTENDER" and instructions.
struct budget_entry {
    std::string case_id;
    std::string contender;
    double instructions = 0;
};

/// The whole file.
struct instruction_budget {
    std::string counted_by; ///< compiler and kind of build of the program that made the counts
    std::vector<budget_entry> entries;
};

/// By what fraction a count may exceed its entry.
inline constexpr double budget_tolerance = 0.01;

/// Reads the file's text. Throws std::runtime_error if it is not a budget, or has no entry.
[[nodiscard]] instruction_budget budget_of(std::string_view text);
[[nodiscard]] std::string to_text(instruction_budget const& budget);

/// How a count compares with its entry, and the text that says so.
struct budget_verdict {
    bool kept = false;
    std::string words;
};
[[nodiscard]] budget_verdict judge(budget_entry const& entry, double counted);

/// Counts everything in the file again and prints how it compares; false if something exceeds its budget. Throws
/// std::runtime_error if it cannot count.
[[nodiscard]] bool check_budget(std::string const& file);
/// Counts everything in the file again and writes the counts into it.
void renew_budget(std::string const& file);

} // namespace bench

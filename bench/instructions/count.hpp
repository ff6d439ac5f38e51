// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases.hpp"
#include "results.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Instructions instead of time: the program runs itself under callgrind, one contender and case at a time.
///
/// Counts repeat, because every counted run has the same randomness, addresses and environment. valgrind's processor
/// lacks ADX, the SHA extensions and AVX-512, so the counts are of code for an older one.
namespace bench {

/// What a counted run is to do, as the value of the option --instructions.
struct counted_run {
    std::string case_id;
    std::string contender;
    int handshakes = 1;   ///< counted ones, after one that is not
    bool plainly = false; ///< tell callgrind nothing: what is counted is up to callgrind's own options
};
[[nodiscard]] std::string to_text(counted_run const& r);
/// Throws std::runtime_error if the text is not one.
[[nodiscard]] counted_run counted_run_of(std::string const& text);

/// The part under callgrind. Throws if the handshakes fail.
void run_to_be_counted(std::string const& text);

/// Why nothing can be counted here; empty if it can.
[[nodiscard]] std::optional<std::string> why_not_countable();

/// Instructions of everything that the client does for one connection: new session, steps and free. Throws
/// std::runtime_error.
[[nodiscard]] double count_instructions(std::string const& case_id, std::string const& contender);

/// The same, found in another way, for checking: callgrind counts what runs inside the functions that these patterns
/// name, in two runs that differ by some handshakes.
[[nodiscard]] double count_inside_functions(
    std::string const& case_id, std::string const& contender, std::vector<std::string> const& patterns);

/// Counts these cases for all contenders, and adds what it finds.
void measure_instructions(std::vector<handshake_case const*> const& cases, results& into);

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace bench {

/// What the command line asks for.
struct options {
    bool help = false;
    bool list = false;
    bool quick = false;
    std::string filter{};                      ///< only cases whose id contains this
    std::optional<std::string> json{};         ///< where results.json goes
    std::optional<std::string> html{};         ///< where the page goes
    std::optional<std::string> baseline{};     ///< results.json of an earlier run
    bool count = false;                        ///< instructions instead of time
    std::optional<std::string> budget{};       ///< compare counts with this file
    std::optional<std::string> renew_budget{}; ///< write the counts into it
    std::optional<std::string> instructions{}; ///< what a run under callgrind is to do: see counted_run
};

/// Throws a std::runtime_error that names the argument at fault.
[[nodiscard]] options parse_options(int argc, char const* const* argv);
[[nodiscard]] std::string usage();

} // namespace bench

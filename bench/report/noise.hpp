// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <map>

namespace bench {

/// How much measurements of two runs differ although nothing has changed.
///
/// Quartiles tell what happened within a run, but not that the machine was busier during one of the two. So the times
/// of contenders without twintls that are the same in both runs are the yardstick for all others.
class noise {
public:
    noise(results const& now, results const& before);

    /// Whether this contender is part of the yardstick: its times cannot have changed.
    [[nodiscard]] bool is_yardstick(std::string const& contender) const;
    /// By how many percent times of this metric must differ at least.
    [[nodiscard]] double percent(metric m) const;
    /// Whether two measurements, or two ratios of them, differ by more than noise.
    [[nodiscard]] bool is_exceeded(metric m, distribution const& before, distribution const& now) const;
    [[nodiscard]] static bool is_exceeded_by_ratio(distribution const& before, distribution const& now);

private:
    std::vector<std::string> yardsticks_;
    std::map<metric, double> percent_;
};

/// The change in percent; infinite from zero.
[[nodiscard]] double percent_between(double before, double now);

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <vector>

namespace bench {

/// Blocks of samples, one for each round.
using rounds = std::vector<std::vector<double>>;

/// Median and quartiles; zeros if there are no samples.
[[nodiscard]] distribution distribution_of(std::vector<double> samples);
/// Of the samples of all rounds together.
[[nodiscard]] distribution distribution_of(rounds const& r);
/// Of the ratios of the rounds' medians: what slows the machine down for a while hits both.
[[nodiscard]] distribution ratio_of(rounds const& over, rounds const& under);
/// One exact value.
[[nodiscard]] distribution exactly(double value);

} // namespace bench

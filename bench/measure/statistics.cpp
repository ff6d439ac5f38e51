// SPDX-License-Identifier: Apache-2.0
#include "statistics.hpp"

#include <algorithm>
#include <cstddef>

namespace bench {

distribution distribution_of(std::vector<double> samples) {
    if (samples.empty()) return {};
    std::ranges::sort(samples);
    std::size_t const last = samples.size() - 1;
    return {samples[last / 2], samples[last / 4], samples[last - last / 4], samples.size()};
}

distribution distribution_of(rounds const& r) {
    std::vector<double> all;
    for (auto const& block : r) all.insert(all.end(), block.begin(), block.end());
    return distribution_of(std::move(all));
}

distribution ratio_of(rounds const& over, rounds const& under) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(over.size(), under.size()); ++i) {
        double const below = distribution_of(under[i]).median;
        if (below > 0) ratios.push_back(distribution_of(over[i]).median / below);
    }
    return distribution_of(std::move(ratios));
}

distribution exactly(double value) { return {value, value, value, 1}; }

} // namespace bench

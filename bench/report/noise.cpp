// SPDX-License-Identifier: Apache-2.0
#include "noise.hpp"

#include "select.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bench {
namespace {

constexpr double least_percent_of_times = 3, least_percent_of_ratios = 2;
constexpr std::size_t enough = 4; // fewer times than this say nothing about the machine

struct tolerance {
    double percent = 0;
    double absolute = 0;
};

tolerance tolerance_of_count(metric m) {
    switch (m) {
    case metric::instructions: return {1, 0};
    case metric::build_allocations:
    case metric::allocations: return {0.5, 0}; // those for big numbers depend on the values
    case metric::build_bytes:
    case metric::build_peak:
    case metric::client_heap:
    case metric::in_flight_heap:
    case metric::bytes_allocated:
    case metric::peak_heap:
    case metric::session_heap: return {1, 0};
    case metric::stack: return {1, 64}; // the system chooses where it begins
    case metric::bytes_sent:
    case metric::bytes_received: return {0, 16}; // an ECDSA signature can be up to four bytes shorter
    default: return {};
    }
}

bool are_apart(distribution const& a, distribution const& b) {
    auto const [low_a, high_a] = range_of(a);
    auto const [low_b, high_b] = range_of(b);
    return high_a < low_b || high_b < low_a;
}

} // namespace

double percent_between(double before, double now) {
    if (before == now) return 0;
    if (before == 0) return std::copysign(std::numeric_limits<double>::infinity(), now);
    return 100 * (now - before) / std::abs(before);
}

noise::noise(results const& now, results const& before) {
    for (auto const& c : now.contenders) {
        auto const* then = contender(before, c.id);
        auto const same = then != nullptr && then->title == c.title && then->build == c.build;
        if (same && !c.id.starts_with("twintls-")) yardsticks_.push_back(c.id);
    }
    std::map<metric, std::vector<double>> moved;
    for (auto const& m : now.measurements) {
        if (!is_timed(m.metric) || !is_yardstick(m.contender)) continue;
        auto const then = median_of(before, m.case_id, m.contender, m.metric);
        if (!then) continue;
        auto const size = std::abs(percent_between(*then, m.value.median));
        if (std::isfinite(size)) moved[m.metric].push_back(size);
    }
    for (auto& [m, sizes] : moved) {
        if (sizes.size() < enough) continue;
        std::ranges::sort(sizes);
        percent_[m] = sizes[(sizes.size() - 1) * 9 / 10]; // one outlier does not hide everything
    }
}

bool noise::is_yardstick(std::string const& contender) const {
    return std::ranges::find(yardsticks_, contender) != yardsticks_.end();
}

double noise::percent(metric m) const {
    auto const found = percent_.find(m);
    return found == percent_.end() ? least_percent_of_times : std::max(found->second, least_percent_of_times);
}

bool noise::is_exceeded(metric m, distribution const& before, distribution const& now) const {
    auto const allowed = is_timed(m) ? tolerance{percent(m), 0} : tolerance_of_count(m);
    auto const difference = std::abs(now.median - before.median);
    return are_apart(before, now) && std::abs(percent_between(before.median, now.median)) > allowed.percent &&
           difference > allowed.absolute;
}

bool noise::is_exceeded_by_ratio(distribution const& before, distribution const& now) {
    return are_apart(before, now) && std::abs(percent_between(before.median, now.median)) > least_percent_of_ratios;
}

} // namespace bench

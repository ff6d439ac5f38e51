// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

struct described_metric {
    metric id{};
    char const* name;
    char const* unit;
    bool timed = false;
};

constexpr std::array metrics{
    described_metric{metric::client_cpu, "client_cpu", "us", true},
    described_metric{metric::configure, "configure", "us", true},
    described_metric{metric::new_session, "new_session", "us", true},
    described_metric{metric::instructions, "instructions", "instructions"},
    described_metric{metric::allocations, "allocations", "allocations"},
    described_metric{metric::bytes_allocated, "bytes_allocated", "bytes"},
    described_metric{metric::peak_heap, "peak_heap", "bytes"},
    described_metric{metric::session_heap, "session_heap", "bytes"},
    described_metric{metric::stack, "stack", "bytes"},
    described_metric{metric::steady_allocations, "steady_allocations", "allocations"},
    described_metric{metric::bytes_sent, "bytes_sent", "bytes"},
    described_metric{metric::bytes_received, "bytes_received", "bytes"},
    described_metric{metric::records, "records", "records"},
    described_metric{metric::round_trips, "round_trips", "round trips"},
    described_metric{metric::throughput, "throughput", "MB/s", true},
    described_metric{metric::floor, "floor", "us", true},
    described_metric{metric::over_floor, "over_floor", "ratio", true},
    described_metric{metric::build_allocations, "build_allocations", "allocations"},
    described_metric{metric::build_bytes, "build_bytes", "bytes"},
    described_metric{metric::build_peak, "build_peak", "bytes"},
    described_metric{metric::client_heap, "client_heap", "bytes"},
    described_metric{metric::in_flight_heap, "in_flight_heap", "bytes"},
    described_metric{metric::code_size, "code_size", "bytes"},
    described_metric{metric::compile_time, "compile_time", "s", true},
};

constexpr bool in_order_of_the_enumeration() {
    for (std::size_t i = 0; i != metrics.size(); ++i)
        if (metrics[i].id != static_cast<metric>(i)) return false;
    return metrics.back().id == metric::compile_time;
}
static_assert(in_order_of_the_enumeration(), "a metric is missing here, or in another place than in the enumeration");

described_metric const& described(metric m) { return metrics.at(static_cast<std::size_t>(m)); }

} // namespace

char const* name(metric m) { return described(m).name; }
char const* unit(metric m) { return described(m).unit; }
bool is_timed(metric m) { return described(m).timed; }
bool less_is_better(metric m) { return m != metric::throughput; }

std::optional<metric> metric_named(std::string_view text) {
    auto const at =
        std::ranges::find(metrics, text, [](described_metric const& d) { return std::string_view(d.name); });
    if (at == metrics.end()) return std::nullopt;
    return at->id;
}

measurement const* find(results const& r, std::string const& case_id, std::string const& contender, metric m) {
    auto const at = std::ranges::find_if(r.measurements, [&](measurement const& candidate) {
        return candidate.metric == m && candidate.contender == contender && candidate.case_id == case_id;
    });
    return at == r.measurements.end() ? nullptr : &*at;
}

} // namespace bench

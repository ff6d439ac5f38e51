// SPDX-License-Identifier: Apache-2.0
#include "builds.hpp"

#include "measure/heap.hpp"
#include "measure/statistics.hpp"

#include <memory>
#include <utility>

namespace bench {

void measure_build(handshake_case const& c, std::vector<contender_kind> const& contenders, results& into) {
    constexpr int clients = 5; // checking a key works on random numbers, whose lengths vary
    auto const& with = credentials_of(c);
    for (auto const& kind : contenders) {
        (void)kind.configure(c, with); // so that what a process allocates once is not counted
        std::vector<heap_use> uses;
        for (int i = 0; i < clients; ++i) {
            heap_watch heap;
            std::unique_ptr<client_contender> made;
            {
                watching const now(heap);
                made = kind.configure(c, with);
            }
            uses.push_back(heap.use());
        }
        auto const add = [&](metric m, auto part) {
            std::vector<double> values;
            for (auto const& use : uses) values.push_back(static_cast<double>(use.*part));
            into.measurements.push_back({c.id, kind.id, m, distribution_of(std::move(values))});
        };
        add(metric::build_allocations, &heap_use::allocations);
        add(metric::build_bytes, &heap_use::bytes);
        add(metric::build_peak, &heap_use::peak);
        add(metric::client_heap, &heap_use::live);
    }
    into.cases.push_back({c.id, c.title});
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "stopwatch.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#if __has_include(<valgrind/callgrind.h>)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wpedantic"
#    pragma GCC diagnostic ignored "-Wconversion"
#    include <valgrind/callgrind.h>
#else
#    define BENCH_NO_CALLGRIND
#    define CALLGRIND_TOGGLE_COLLECT
#    define CALLGRIND_START_INSTRUMENTATION
#endif

namespace bench {

microseconds cpu_time() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

microseconds cost_of_measuring() {
    static microseconds const cost = [] {
        std::array<microseconds, 1001> empty{};
        for (auto& e : empty) {
            auto const start = cpu_time();
            e = cpu_time() - start;
        }
        std::ranges::sort(empty);
        return empty[empty.size() / 2];
    }();
    return cost;
}

stopwatch::stopwatch(microseconds& sum) : sum_(sum) {
    (void)cost_of_measuring(); // determined before the first start, or it would be part of what is measured
    start_ = cpu_time();
    CALLGRIND_TOGGLE_COLLECT;
}

stopwatch::~stopwatch() {
    CALLGRIND_TOGGLE_COLLECT;
    microseconds const spent = cpu_time() - start_;
    sum_ += std::max(spent - cost_of_measuring(), microseconds(0));
}

bool stopwatch_speaks_to_callgrind() {
#if defined(BENCH_NO_CALLGRIND)
    return false;
#else
    return true;
#endif
}

void begin_callgrind() { CALLGRIND_START_INSTRUMENTATION; }

} // namespace bench

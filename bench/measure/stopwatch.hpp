// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace bench {

using microseconds = std::chrono::duration<double, std::micro>;

/// The processor time of this thread: what else the machine does is not in it.
[[nodiscard]] microseconds cpu_time();

/// What measuring an interval of nothing comes to, found out once; taken off every interval.
[[nodiscard]] microseconds cost_of_measuring();

/// Adds the processor time of its life to a sum, and lets callgrind count meanwhile.
class stopwatch {
public:
    explicit stopwatch(microseconds& sum);
    ~stopwatch();
    stopwatch(stopwatch const&) = delete;
    stopwatch& operator=(stopwatch const&) = delete;

private:
    microseconds& sum_;
    microseconds start_{};
};

/// Whether stopwatches are known to callgrind: the program was built with valgrind's header.
[[nodiscard]] bool stopwatch_speaks_to_callgrind();

/// Lets callgrind begin to look, where it was told to wait: what comes before then runs several times faster.
void begin_callgrind();

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace bench {

using microseconds = std::chrono::duration<double, std::micro>;

/// The processor time of this thread, whatever else the machine does.
[[nodiscard]] microseconds cpu_time();

/// How long an empty interval seems to take, measured once; it is subtracted from every interval.
[[nodiscard]] microseconds cost_of_measuring();

/// Adds the processor time of its lifetime to a sum, and lets callgrind count meanwhile.
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

/// Whether stopwatches can control callgrind: true if the program was built with valgrind's header.
[[nodiscard]] bool stopwatch_speaks_to_callgrind();

/// Lets callgrind begin, where it was told to wait: whatever comes before runs several times faster.
void begin_callgrind();

} // namespace bench

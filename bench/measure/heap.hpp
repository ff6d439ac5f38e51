// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bench {

/// How the heap was used while it was watched.
struct heap_use {
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0; ///< allocated in all
    std::int64_t live = 0;   ///< allocated and not freed
    std::int64_t peak = 0;   ///< the most that was live at a time
};

/// Counts this thread's use of malloc, and of everything built on it, between start and stop; may be stopped and
/// started again. Only one at a time.
class heap_watch {
public:
    heap_watch() = default;
    ~heap_watch() { stop(); }
    heap_watch(heap_watch const&) = delete;
    heap_watch& operator=(heap_watch const&) = delete;

    void start();
    void stop();
    [[nodiscard]] heap_use const& use() const { return use_; }

private:
    heap_use use_;
};

/// Watches for as long as it lives.
class watching {
public:
    explicit watching(heap_watch& w) : watch_(w) { watch_.start(); }
    ~watching() { watch_.stop(); }
    watching(watching const&) = delete;
    watching& operator=(watching const&) = delete;

private:
    heap_watch& watch_;
};

} // namespace bench

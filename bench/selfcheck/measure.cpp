// SPDX-License-Identifier: Apache-2.0
#include "measure/heap.hpp"
#include "measure/stack.hpp"
#include "measure/statistics.hpp"
#include "measure/stopwatch.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

namespace bench {
namespace {

/// Keeps the compiler from optimising a value away.
void use(void const* p) { __asm__ volatile("" : : "r"(p) : "memory"); }

[[gnu::noinline]] void deep(std::size_t bytes) {
    std::array<char, 1024> frame;
    std::memset(frame.data(), 1, frame.size());
    use(frame.data());
    if (bytes > frame.size()) deep(bytes - frame.size());
    use(frame.data());
}

} // namespace

TEST_CASE("the heap watch counts allocations while it watches, and no others") {
    heap_watch watch;
    std::unique_ptr<int[]> const before(new int[100]);
    use(before.get());
    {
        watching const now(watch);
        std::unique_ptr<char[]> const a(new char[1000]);
        use(a.get());
        void* b = std::malloc(500);
        use(b);
        b = std::realloc(b, 5000);
        use(b);
        std::free(b);
    }
    std::unique_ptr<int[]> const after(new int[100]);
    use(after.get());
    CHECK(watch.use().allocations == 3);
    CHECK(watch.use().bytes >= 6500);
    CHECK(watch.use().bytes < 6700);
    CHECK(watch.use().live == 0);
    CHECK(watch.use().peak >= 6000);
    CHECK(watch.use().peak < 6200);
    std::vector<char> kept;
    {
        watching const now(watch);
        kept.resize(2000);
    }
    CHECK(watch.use().allocations == 4);
    CHECK(watch.use().live >= 2000);
}

TEST_CASE("the painted stack tells how deep a function went, and passes exceptions on") {
    painted_stack shallow;
    shallow.run([] { deep(1); });
    painted_stack stack;
    stack.run([] { deep(64 * 1024); });
    CHECK(stack.used() > 64 * 1024);
    CHECK(stack.used() < 80 * 1024);
    CHECK(shallow.used() < 4 * 1024);
    CHECK_THROWS_AS(stack.run([] { throw std::runtime_error("out"); }), std::runtime_error);
}

TEST_CASE("medians and quartiles, and ratios round by round") {
    auto const d = distribution_of(std::vector<double>{5, 1, 4, 2, 3});
    CHECK(d.median == 3);
    CHECK(d.low == 2);
    CHECK(d.high == 4);
    CHECK(d.samples == 5);
    CHECK(distribution_of(std::vector<double>{}).samples == 0);
    // The second round ran while the machine was slow: that affects both, and no ratio.
    rounds const ours = {{2, 2, 2}, {20, 20, 20}, {2, 2, 2}};
    rounds const theirs = {{1, 1, 1}, {10, 10, 10}, {1, 1, 1}};
    auto const r = ratio_of(ours, theirs);
    CHECK(r.median == 2);
    CHECK(r.low == 2);
    CHECK(r.high == 2);
}

TEST_CASE("a stopwatch measures what it sees, and nothing costs nothing") {
    microseconds nothing{};
    for (int i = 0; i < 100; ++i) stopwatch const running(nothing);
    microseconds work{};
    {
        stopwatch const running(work);
        for (int volatile i = 0; i < 1'000'000;) i = i + 1;
    }
    CHECK(nothing < work);
    CHECK(work.count() > 0);
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/allocation.hpp>
#include <tls/core/blame.hpp>
#include <tls/core/once.hpp>
#include <tls/core/text_list.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace unit::allocation_cases {

using tls::seam::array;
using tls::seam::shared;
using tls::seam::text_list;

struct counted {
    explicit counted(int& alive, int v = 0) noexcept : alive_(&alive), value(v) { ++alive; }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { --*alive_; }
    int* alive_;
    int value;
};

TEST_CASE("array: grows, inserts in the middle, also a value of its own, and keeps what it has when it moves") {
    array<std::uint32_t> a;
    CHECK(a.empty());
    for (std::uint32_t i = 0; i != 1000; ++i) REQUIRE(a.push_back(i));
    REQUIRE(a.insert(500, a[999]));
    REQUIRE(a.size() == 1001);
    CHECK(a[499] == 499);
    CHECK(a[500] == 999);
    CHECK(a[501] == 500);
    array<std::uint32_t> moved = std::move(a);
    CHECK(moved.size() == 1001);
    CHECK(moved[1000] == 999);
    REQUIRE(moved.resize(2));
    std::array<std::uint32_t, 2> const more{7, 8};
    REQUIRE(moved.append(more));
    CHECK(std::vector(moved.begin(), moved.end()) == std::vector<std::uint32_t>{0, 1, 7, 8});
}

TEST_CASE("array: a size that memory cannot have changes nothing") {
    array<std::uint64_t> a;
    REQUIRE(a.push_back(1));
    CHECK_FALSE(a.reserve(SIZE_MAX / 8));
    CHECK_FALSE(a.resize(SIZE_MAX));
    CHECK_FALSE(a.resize(SIZE_MAX / 16));
    CHECK(a.size() == 1);
    CHECK(a[0] == 1);
}

TEST_CASE("allocate_zeroed: a product that overflows is refused and noted") {
    tls::seam::memory_watch const memory;
    CHECK(tls::seam::allocate_zeroed(SIZE_MAX / 2, 4) == nullptr);
    CHECK(memory.ran_out());
}

TEST_CASE("memory_watch: notes failures of its own thread, from when it was made") {
    tls::seam::memory_watch const first;
    std::thread([] { CHECK(tls::seam::allocate(SIZE_MAX / 2) == nullptr); }).join();
    CHECK_FALSE(first.ran_out());
    CHECK(tls::seam::allocate(SIZE_MAX / 2) == nullptr);
    CHECK(first.ran_out());
    tls::seam::memory_watch const second;
    CHECK_FALSE(second.ran_out());
}

TEST_CASE("shared: one object for all copies, destroyed with the last") {
    int alive = 0;
    {
        auto a = shared<counted>::make(alive, 5);
        REQUIRE(a);
        shared<counted const> const b = a;
        shared<counted> c = std::move(a);
        CHECK_FALSE(a); // NOLINT(bugprone-use-after-move)
        CHECK(c.get() == b.get());
        auto& itself = c;
        c = itself;
        CHECK(alive == 1);
        c = nullptr;
        CHECK(alive == 1);
        CHECK(b->value == 5);
    }
    CHECK(alive == 0);
}

TEST_CASE("text_list: texts with what may be in them, each ended by a NUL") {
    text_list list;
    using namespace std::string_view_literals;
    REQUIRE(list.assign(std::vector<std::string_view>{"two", "", "a\0b"sv, "one"}));
    REQUIRE(list.add("folder", "/", std::string("file")));
    REQUIRE(list.size() == 5);
    CHECK(list[0] == "two");
    CHECK(list[1].empty());
    CHECK(list[2] == "a\0b"sv);
    CHECK(list[3].data()[3] == '\0');
    CHECK(list[4] == "folder/file");
    CHECK(list.has("one"));
    CHECK_FALSE(list.has("a"));
    list.sort();
    CHECK(list[0].empty());
    CHECK(list[4] == "two");
}

TEST_CASE("once: what failed is tried again, what succeeded is not, and threads wait for it") {
    tls::seam::once done;
    int tries = 0;
    auto const first_fails = [&]() noexcept -> tls::result<void> {
        if (++tries == 1) return std::unexpected(tls::configuration_error(tls::errc::out_of_memory));
        return {};
    };
    CHECK(done.run(first_fails).error() == tls::errc::out_of_memory);
    CHECK(done.run(first_fails));
    CHECK(done.run(first_fails));
    CHECK(tries == 2);

    tls::seam::once together;
    std::atomic<int> times = 0;
    std::atomic<int> finished = 0;
    std::atomic<int> too_early = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] {
            auto const r = together.run([&]() noexcept -> tls::result<void> {
                ++times;
                std::this_thread::yield();
                ++finished;
                return {};
            });
            if (!r || finished != 1) ++too_early;
        });
    for (auto& t : threads) t.join();
    CHECK(times == 1);
    CHECK(too_early == 0);
}

TEST_CASE("blamed: nobody is accused of what went wrong because memory ran out") {
    auto e = tls::configuration_error(tls::errc::key_mismatch, "key.pem");
    e.problems.add(tls::errc::expired);
    CHECK(tls::seam::blamed(e, false) == tls::errc::key_mismatch);
    auto const b = tls::seam::blamed(e, true);
    CHECK(b == tls::errc::out_of_memory);
    CHECK(b.about.empty());
    CHECK(b.problems.empty());
}

} // namespace unit::allocation_cases

// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include <tls/core/byte_queue.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <utility>

namespace unit::byte_queue_cases {
namespace {

using testbed::bytes;
using testbed::pattern;
using testbed::view_of;
using tls::detail::byte_queue;

std::string text_of(byte_queue const& queue) { return testbed::to_text(queue.front()); }

} // namespace

TEST_CASE("byte queue: one that was moved from is empty") {
    tls::detail::byte_queue queue;
    std::array<std::byte, 3> const bytes{std::byte{1}, std::byte{2}, std::byte{3}};
    REQUIRE(queue.push(bytes));
    tls::detail::byte_queue other(std::move(queue));
    CHECK(queue.empty()); // NOLINT(bugprone-use-after-move)
    CHECK(queue.front().empty());
    CHECK(other.size() == 3);
    queue = std::move(other);
    CHECK(other.front().empty()); // NOLINT(bugprone-use-after-move)
    CHECK(queue.size() == 3);
}

TEST_CASE("byte_queue: a new queue is empty") {
    byte_queue queue;
    CHECK(queue.empty());
    CHECK(queue.size() == 0);
    CHECK(queue.front().empty());
    queue.pop(5);
    queue.release();
    CHECK(queue.empty());
    CHECK(queue.push({}));
    CHECK(queue.empty());
}

TEST_CASE("byte_queue: it begins in the block it was lent, and leaves it when more is needed or it is released") {
    std::array<std::byte, 4> block{};
    byte_queue queue;
    queue.lend(block);
    REQUIRE(queue.push(view_of("abc")));
    CHECK(queue.front().data() == block.data());
    byte_queue moved(std::move(queue));
    CHECK(text_of(moved) == "abc");
    moved.pop(1);
    REQUIRE(moved.push(view_of("de")));
    CHECK(moved.front().data() == block.data());
    CHECK(text_of(moved) == "bcde");
    REQUIRE(moved.push(view_of("f")));
    CHECK(text_of(moved) == "bcdef");
    CHECK(moved.front().data() != block.data());

    byte_queue again;
    again.lend(block);
    REQUIRE(again.push(view_of("g")));
    again.release();
    REQUIRE(again.push(view_of("h")));
    CHECK(text_of(again) == "h");
    CHECK(again.front().data() != block.data());
}

TEST_CASE("byte_queue: first in, first out") {
    byte_queue queue;
    REQUIRE(queue.push(view_of("abc")));
    REQUIRE(queue.push(view_of("def")));
    CHECK(text_of(queue) == "abcdef");
    queue.pop(2);
    CHECK(text_of(queue) == "cdef");
    REQUIRE(queue.push(view_of("g")));
    CHECK(text_of(queue) == "cdefg");
    CHECK(queue.size() == 5);
    queue.pop(99);
    CHECK(queue.empty());
    REQUIRE(queue.push(view_of("h")));
    CHECK(text_of(queue) == "h");
}

TEST_CASE("byte_queue: it grows, and keeps what waits when it does") {
    byte_queue queue;
    bytes const first = pattern(2000, 1);
    bytes const second = pattern(100'000, 2);
    REQUIRE(queue.push(first));
    queue.pop(1999);
    REQUIRE(queue.push(second));
    REQUIRE(queue.size() == 100'001);
    CHECK(queue.front().front() == first.back());
    CHECK(std::ranges::equal(queue.front().subspan(1), second));
}

TEST_CASE("byte_queue: space that was popped is used again before memory is asked for") {
    byte_queue queue;
    bytes const first = pattern(2048);
    REQUIRE(queue.push(first));
    std::byte const* const block = queue.front().data();
    queue.pop(1000);
    REQUIRE(queue.push(pattern(900, 3)));
    CHECK(queue.front().data() == block);
    CHECK(std::ranges::equal(queue.front().first(1048), std::span(first).subspan(1000)));
    CHECK(std::ranges::equal(queue.front().subspan(1048), pattern(900, 3)));
}

TEST_CASE("byte_queue: when memory cannot be had nothing changes") {
    byte_queue queue;
    REQUIRE(queue.push(view_of("kept")));
    // No such range exists; its size must be refused before a byte of it is looked at.
    std::byte const one{};
    std::size_t const volatile half = SIZE_MAX / 2; // volatile, or the compiler sees through it
    std::size_t const volatile all = SIZE_MAX;
    CHECK_FALSE(queue.push(std::span(&one, half)));
    CHECK_FALSE(queue.push(std::span(&one, all)));
    CHECK(text_of(queue) == "kept");
}

TEST_CASE("byte_queue: released means empty, and usable") {
    byte_queue queue;
    REQUIRE(queue.push(pattern(5000)));
    queue.release();
    CHECK(queue.empty());
    REQUIRE(queue.push(view_of("again")));
    CHECK(text_of(queue) == "again");
}

TEST_CASE("byte_queue: moving takes the bytes along") {
    byte_queue queue;
    REQUIRE(queue.push(view_of("bytes")));
    byte_queue const moved = std::move(queue);
    CHECK(text_of(moved) == "bytes");
}

TEST_CASE("byte_queue: room is filled in place, and stays there until it is") {
    byte_queue queue;
    REQUIRE(queue.push(view_of("abc")));
    std::byte* const room = queue.room(5000);
    REQUIRE(room != nullptr);
    CHECK(queue.size() == 3);
    std::ranges::copy(view_of("defgh"), room);
    CHECK(queue.front().data() + 3 == room);
    queue.pop(1);
    queue.fill(3);
    CHECK(text_of(queue) == "bcdef");
    queue.fill(2); // only once
    CHECK(text_of(queue) == "bcdef");

    // All is dropped while it is being filled; so is more than there is, and nothing.
    std::ranges::copy(view_of("xyz"), queue.room(3));
    queue.pop(5);
    CHECK(queue.empty());
    queue.fill(99);
    CHECK(text_of(queue) == "xyz");
    REQUIRE(queue.room(10) != nullptr);
    queue.fill(0);
    CHECK(text_of(queue) == "xyz");

    // What is pushed, moved to or released takes the room back.
    REQUIRE(queue.room(4) != nullptr);
    REQUIRE(queue.push(view_of("!")));
    queue.fill(4);
    CHECK(text_of(queue) == "xyz!");
    std::ranges::copy(view_of("?"), queue.room(1));
    byte_queue moved(std::move(queue));
    queue.fill(1); // NOLINT(bugprone-use-after-move)
    moved.fill(1);
    CHECK(text_of(moved) == "xyz!?");
    CHECK(queue.empty());
    REQUIRE(moved.room(1) != nullptr);
    moved.release();
    moved.fill(1);
    CHECK(moved.empty());
    CHECK(moved.room(SIZE_MAX) == nullptr);
    CHECK(moved.room(SIZE_MAX / 4) == nullptr);
    moved.fill(1);
    CHECK(moved.empty());
}

TEST_CASE("byte_queue: it behaves like a string over any sequence of calls") {
    std::mt19937 random(41);
    auto const below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    byte_queue queue;
    bytes model;
    for (std::uint32_t round = 0; round < 5000; ++round) {
        std::size_t const what = below(3);
        if (what == 0) {
            bytes const more = pattern(below(3000), round);
            REQUIRE(queue.push(more));
            testbed::append(model, more);
        } else if (what == 1) {
            bytes const more = pattern(below(2000), round);
            std::ranges::copy(more, queue.room(2000));
            queue.fill(more.size());
            testbed::append(model, more);
        } else {
            std::size_t const n = below(6000);
            queue.pop(n);
            model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(std::min(n, model.size())));
        }
        if (round % 97 == 0) {
            queue.release();
            model.clear();
        }
        REQUIRE(queue.size() == model.size());
        REQUIRE(std::ranges::equal(queue.front(), model));
    }
}

} // namespace unit::byte_queue_cases

// SPDX-License-Identifier: Apache-2.0
#include <tls/signature/memory.hpp>

#include <array>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace unit::signature_memory_cases {
namespace {

using tls::signature::edge;
using tls::signature::held_edges;
using tls::signature::memory;

/// A number as an edge; two numbers differ in the first and in the last byte only.
edge numbered(std::uint32_t n) {
    edge e{};
    e.front() = static_cast<std::byte>(n & 0xffU);
    e.back() = static_cast<std::byte>(n >> 8U & 0xffU);
    return e;
}

void keep(memory& m, std::uint32_t n) {
    edge const e = numbered(n);
    m.keep({&e, 1});
}

static_assert(std::is_nothrow_constructible_v<memory, std::size_t> && !std::is_copy_constructible_v<memory>);
static_assert(memory::default_edges * sizeof(edge) == 1024);

} // namespace

TEST_CASE("signature memory: knows what it was given and nothing else") {
    memory m;
    CHECK(m.capacity() == 32);
    CHECK(m.size() == 0);
    CHECK_FALSE(m.knows(edge{}));
    keep(m, 7);
    CHECK(m.knows(numbered(7)));
    for (std::size_t bit = 0; bit != 256; ++bit) {
        edge other = numbered(7);
        other[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        CHECK_FALSE(m.knows(other));
    }
    keep(m, 7);
    CHECK(m.size() == 1); // once
    m.clear();
    CHECK(m.size() == 0);
    CHECK_FALSE(m.knows(numbered(7)));
}

TEST_CASE("signature memory: the least recently used is dropped first") {
    memory m(3);
    for (std::uint32_t const n : {1u, 2u, 3u}) keep(m, n);
    keep(m, 1); // a use
    keep(m, 4);
    CHECK(m.size() == 3);
    CHECK_FALSE(m.knows(numbered(2)));
    for (std::uint32_t const n : {1u, 3u, 4u}) CHECK(m.knows(numbered(n)));
    keep(m, 5);
    CHECK_FALSE(m.knows(numbered(3)));
    for (std::uint32_t const n : {1u, 4u, 5u}) CHECK(m.knows(numbered(n)));
}

TEST_CASE("signature memory: asking changes nothing") {
    memory m(2);
    keep(m, 1);
    keep(m, 2);
    for (int i = 0; i != 10; ++i) CHECK(m.knows(numbered(1)));
    keep(m, 3);
    CHECK_FALSE(m.knows(numbered(1)));
    CHECK(m.knows(numbered(2)));
}

TEST_CASE("signature memory: more at once than it holds leaves the last of them") {
    memory m(4);
    std::vector<edge> many;
    for (std::uint32_t n = 0; n != 300; ++n) many.push_back(numbered(n));
    m.keep(many);
    CHECK(m.size() == 4);
    for (std::uint32_t n = 0; n != 300; ++n) CHECK(m.knows(numbered(n)) == (n >= 296));
    m.keep({});
    CHECK(m.size() == 4);
    m.keep(std::span(many).last(4)); // all known
    CHECK(m.size() == 4);
    CHECK(m.knows(numbered(296)));
}

TEST_CASE("signature memory: of no size it is off, and there is a largest size") {
    memory off(0);
    CHECK(off.capacity() == 0);
    keep(off, 1);
    CHECK(off.size() == 0);
    CHECK_FALSE(off.knows(numbered(1)));
    off.clear();

    memory one(1);
    keep(one, 1);
    keep(one, 2);
    CHECK(one.size() == 1);
    CHECK(one.knows(numbered(2)));

    memory large(static_cast<std::size_t>(-1));
    CHECK(large.capacity() == memory::max_edges);
    std::vector<edge> all;
    for (std::uint32_t n = 0; n != memory::max_edges + 1; ++n) all.push_back(numbered(n));
    large.keep(all);
    CHECK(large.size() == memory::max_edges);
    CHECK_FALSE(large.knows(numbered(0)));
    CHECK(large.knows(numbered(1)));
}

TEST_CASE("signature memory: many threads, asking, keeping and pushing out") {
    constexpr std::uint32_t threads = 4;
    constexpr std::uint32_t rounds = 2000;
    memory m(8);
    std::array<bool, threads> right{};
    {
        std::vector<std::jthread> workers;
        for (std::uint32_t me = 0; me != threads; ++me)
            workers.emplace_back([&m, &right, me] {
                bool good = true;
                for (std::uint32_t i = 0; i != rounds; ++i) {
                    std::array const mine = {numbered(me * 64 + i % 64), numbered(me * 64)};
                    m.keep(mine);
                    (void)m.knows(mine[0]);
                    good = good && !m.knows(numbered(threads * 64 + i)) && m.size() <= m.capacity();
                }
                right[me] = good;
            });
    }
    for (bool const r : right) CHECK(r);
    CHECK(m.size() == 8);
}

TEST_CASE("signature memory: what a handshake holds is bounded") {
    held_edges held;
    CHECK(held.all().empty());
    for (std::uint32_t n = 0; n != held_edges::max_edges + 5; ++n) held.add(numbered(n));
    REQUIRE(held.all().size() == held_edges::max_edges);
    CHECK(held.all().front() == numbered(0));
    CHECK(held.all().back() == numbered(held_edges::max_edges - 1));
    held.clear();
    CHECK(held.all().empty());
}

} // namespace unit::signature_memory_cases

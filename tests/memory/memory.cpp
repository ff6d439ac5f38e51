// SPDX-License-Identifier: Apache-2.0
#include <tls/client.hpp>
#include <tls/compare.hpp>
#include <tls/core/memory.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/pipe.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace {

using tls::errc;

template <class B> tls::result<tls::client<B>> build() {
    return tls::client<B>::configure().insecure_accept_any_server().no_identity().build();
}

/// Both libraries have at least this for a connection: the buffer of a record.
constexpr std::size_t least_of_a_library = 2000;

template <class B> void count() {
    REQUIRE(B::template supports<tls::feature::memory_resource>); // as twintls builds it
    REQUIRE(tls::set_memory({}));
    CHECK(tls::memory_in_use().bytes == 0);
    if (auto const client = build<B>()) {
        auto engine = client->engine(tls::server_name::parse("localhost"));
        if (engine) (void)engine->handshake(); // what the library keeps for the process
    }
    auto const idle = tls::memory_in_use();
    {
        auto const client = build<B>();
        REQUIRE(client);
        auto const with_client = tls::memory_in_use();
        CHECK(with_client.bytes > idle.bytes + sizeof(tls::settings));
        auto engine = client->engine(tls::server_name::parse("localhost"));
        REQUIRE(engine);
        CHECK(engine->handshake().error() == errc::want_read);
        CHECK(tls::memory_in_use().bytes > with_client.bytes + least_of_a_library);
        CHECK(tls::memory_in_use().most_bytes >= tls::memory_in_use().bytes);
    }
    auto const after = tls::memory_in_use();
    CHECK(after.bytes == idle.bytes);
    CHECK(after.blocks == idle.blocks);
    CHECK(after.allocations > idle.allocations);
    CHECK(after.refused == 0);
}

/// Hands out its memory once, from the front; blocks are only counted back.
struct arena {
    alignas(std::max_align_t) std::array<std::byte, 256 * 1024> memory;
    std::size_t used = 0;
    long blocks = 0;
};

/// The very first use of a library fails at each of its allocations, and then works.
template <class B> void fail_first_use() {
    static std::size_t left = 0;
    static bool reached = false;
    REQUIRE(tls::set_memory(
        {.allocate = [](void*, std::size_t size) noexcept -> void* {
             if (left != 0 && --left == 0) {
                 reached = true;
                 return nullptr;
             }
             return std::malloc(size);
         },
         .free = [](void*, void* block) noexcept { std::free(block); }}));
    for (std::size_t n = 1;; ++n) {
        CAPTURE(n);
        left = n;
        reached = false;
        auto const made = build<B>();
        if (!reached) {
            CHECK(made);
            break;
        }
        REQUIRE_FALSE(made);
        CHECK(made.error() == errc::out_of_memory);
    }
}

} // namespace

TEST_CASE("memory: counts what wolfSSL takes") { count<tls::wolfssl>(); }
TEST_CASE("memory: counts what Mbed TLS takes") { count<tls::mbedtls>(); }

TEST_CASE("memory: counts for a comparison") {
    REQUIRE(tls::set_memory({}));
    auto const hello = [] {
        // Nobody answers: what is counted is what it takes to say hello.
        return tls::compare<tls::wolfssl, tls::mbedtls>(
            tls::server_name::parse("localhost"),
            [](auto builder) { return std::move(builder).insecure_accept_any_server().no_identity().build(); },
            [] { return tls::memory_pipe::make().first; }, {.rounds = 1});
    };
    auto const found = hello();
    for (auto const& c : found) {
        CAPTURE(c.backend);
        REQUIRE(c.cost);
        REQUIRE(c.cost->allocations);
        CHECK(*c.cost->allocations > 3);
        CHECK(*c.cost->allocations < 100'000);
    }
    // Each thread for itself.
    auto const here = tls::allocations_of_this_thread();
    std::thread([&] { (void)hello(); }).join();
    CHECK(tls::allocations_of_this_thread() == here);
}

TEST_CASE("memory: has a limit") {
    REQUIRE(tls::set_memory({.limit = 1024}));
    CHECK(build<tls::wolfssl>().error() == errc::out_of_memory);
    CHECK(build<tls::mbedtls>().error() == errc::out_of_memory);
    auto const used = tls::memory_in_use();
    CHECK(used.refused >= 2);
    CHECK(used.most_bytes <= 1024);
    CHECK(used.bytes <= used.most_bytes);
}

TEST_CASE("memory: takes it from a pool") {
    static arena all;
    REQUIRE(tls::set_memory(
        {.allocate = [](void* user, std::size_t size) noexcept -> void* {
             auto& a = *static_cast<arena*>(user);
             std::size_t const at = (a.used + 15) / 16 * 16;
             if (size > a.memory.size() - at) return nullptr;
             a.used = at + size;
             ++a.blocks;
             return a.memory.data() + at;
         },
         .free = [](void* user, void*) noexcept { --static_cast<arena*>(user)->blocks; },
         .user = &all}));
    {
        auto const client = build<tls::mbedtls>();
        REQUIRE(client);
        auto engine = client->engine(tls::server_name::parse("localhost"));
        REQUIRE(engine);
        auto const hello = engine->handshake();
        CHECK(hello.error() == errc::want_read);
        CHECK(static_cast<std::size_t>(all.blocks) == tls::memory_in_use().blocks);
    }
    CHECK(static_cast<std::size_t>(all.blocks) == tls::memory_in_use().blocks);
}

TEST_CASE("memory: comes first") {
    {
        CHECK(build<tls::wolfssl>());
    }
    CHECK(tls::memory_in_use().allocations == 0);
    CHECK_FALSE(tls::allocations_of_this_thread());
    auto const late = tls::set_memory({});
    REQUIRE_FALSE(late);
    CHECK(late.error() == errc::bad_configuration);
    CHECK(late.error().about.view() == "the memory is in use already");
}

TEST_CASE("memory: needs both functions") {
    auto const half = tls::set_memory({.free = [](void*, void*) noexcept {}});
    REQUIRE_FALSE(half);
    CHECK(half.error() == errc::bad_configuration);
    CHECK(tls::set_memory({}));
    CHECK_FALSE(tls::set_memory({})); // once
}

TEST_CASE("memory: first use fails with wolfSSL") { fail_first_use<tls::wolfssl>(); }
TEST_CASE("memory: first use fails with Mbed TLS") { fail_first_use<tls::mbedtls>(); }

// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"
#include "testbed/sanitizers.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

/// What operations allocate: everything in this thread is counted, by whomever it is allocated.
#if !defined(TESTBED_ADDRESS_SANITIZER) && !defined(TESTBED_THREAD_SANITIZER)

namespace {
thread_local int allocations = 0;
thread_local std::size_t too_large = SIZE_MAX; // from so many bytes on, malloc has none
} // namespace

extern "C" {
void* __real_malloc(std::size_t size);                // NOLINT(bugprone-reserved-identifier)
void* __real_calloc(std::size_t n, std::size_t size); // NOLINT(bugprone-reserved-identifier)
void* __real_realloc(void* p, std::size_t size);      // NOLINT(bugprone-reserved-identifier)
void* __wrap_malloc(std::size_t size) {               // NOLINT(bugprone-reserved-identifier)
    ++allocations;
    return size < too_large ? __real_malloc(size) : nullptr;
}
void* __wrap_calloc(std::size_t n, std::size_t size) { // NOLINT(bugprone-reserved-identifier)
    ++allocations;
    return __real_calloc(n, size);
}
void* __wrap_realloc(void* p, std::size_t size) { // NOLINT(bugprone-reserved-identifier)
    ++allocations;
    return __real_realloc(p, size);
}
}

void* operator new(std::size_t size) {
    if (void* const p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++allocations;
    auto const to = static_cast<std::size_t>(alignment);
    if (void* const p = std::aligned_alloc(to, (size + to - 1) / to * to)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace parity::asio_cases {
namespace {

/// Sends a message of two pieces and reads it back, so many times; with one handler alive at a time.
template <class Stream> struct ping_pong {
    Stream& s;
    int rounds;
    bool failed = false;
    std::array<char, 300> out{};
    std::array<char, 300> in{};

    void write() {
        std::array<net::const_buffer, 2> const pieces{net::buffer(out.data(), 100), net::buffer(out) + 100};
        net::async_write(s, pieces, [this](error_code code, std::size_t) {
            failed |= static_cast<bool>(code);
            if (!failed) read();
        });
    }
    void read() {
        net::async_read(s, net::buffer(in), [this](error_code code, std::size_t) {
            failed |= static_cast<bool>(code);
            if (!failed && --rounds > 0) write();
        });
    }
};

/// How often an engine alone allocates for the same: a library may, for each record.
template <class P> int engines_own(protocol_version v, int rounds) {
    auto c = connected<P>(only(v), good_server(v));
    std::array<std::byte, 300> message{};
    int own = 0;
    for (int i = 0; i < rounds + 5; ++i) {
        if (i == 5) own = 0; // the first ones make its buffers
        int before = allocations;
        REQUIRE(c.client.write_some(message) == message.size());
        own += allocations - before;
        c.carry();
        testbed::serve(c.server, c.pipe);
        c.server.send(c.server.received());
        testbed::serve(c.server, c.pipe);
        c.carry();
        before = allocations;
        REQUIRE(c.client.read_some(message) == message.size());
        own += allocations - before;
    }
    return own;
}

PARITY_CASE("asio: once the first operations are over, none allocates", crossed, P, v) {
    meeting<P, plain_socket, plain_socket> m(only(v), {.server = good_server(v)});
    REQUIRE(!m.handshake().code);
    auto const count = [&](int rounds) {
        ping_pong<decltype(m.s)> p{m.s, rounds};
        p.write();
        int const before = allocations;
        run(m.io);
        CHECK(!p.failed);
        CHECK(p.rounds == 0);
        return allocations - before;
    };
    (void)count(5);
    CHECK(count(1000) <= engines_own<P>(v, 1000));
}

PARITY_CASE("asio: no memory to read into is said", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    too_large = 30'000;
    auto const without = m.handshake();
    too_large = SIZE_MAX;
    CHECK(without.code == errc::out_of_memory);
    CHECK(m.s.last_error() == errc::out_of_memory);
}

} // namespace
} // namespace parity::asio_cases

#endif

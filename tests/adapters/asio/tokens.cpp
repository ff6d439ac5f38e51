// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"

#include <array>
#include <future>
#include <memory_resource>
#include <string>
#include <thread>
#if !defined(TWINTLS_ASIO_BOOST)
#    include <asio/experimental/deferred.hpp>
#endif

/// Every completion token, and what a handler brings with it.
namespace parity::asio_cases {
namespace {

template <class Stream> net::awaitable<std::string> talk(Stream& s, std::string line) {
    co_await s.async_handshake(localhost, net::use_awaitable);
    // Two buffers, and so one record.
    std::array<net::const_buffer, 2> const pieces{net::buffer(line), net::buffer("!", 1)};
    co_await net::async_write(s, pieces, net::use_awaitable);
    std::string back(line.size() + 1, ' ');
    co_await net::async_read(s, net::buffer(back), net::use_awaitable);
    co_await s.async_shutdown(net::use_awaitable);
    co_return back;
}

PARITY_CASE("asio: a coroutine", pairings, P, v) {
    meeting<P> m(with_identity(v), {.server = strict_server(v)});
    auto answer = net::co_spawn(m.io, talk(m.s, "hello"), net::use_future);
    run(m.io);
    CHECK(answer.get() == "hello!");
    CHECK(m.server.report().peer_closed);
}

PARITY_CASE("asio: a coroutine is thrown what went wrong", crossed, P, v) {
    auto stranger = only(v);
    stranger.anchors = trust(pki(testbed::key_kind::p384));
    meeting<P> m(stranger, {.server = good_server(v)});
    auto answer = net::co_spawn(m.io, talk(m.s, "hello"), net::use_future);
    run(m.io);
    try {
        (void)answer.get();
        FAIL("nothing was thrown");
    } catch (tls::asio::system_error const& e) {
        CHECK(e.code() == errc::untrusted);
    }
}

PARITY_CASE("asio: futures", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    auto work = net::make_work_guard(m.io);
    std::thread runs([&] { m.io.run(); });
    m.s.async_handshake(localhost, net::use_future).get();
    CHECK(m.s.async_write_some(net::buffer("hello", 5), net::use_future).get() == 5);
    std::array<char, 5> back{};
    CHECK(net::async_read(m.s, net::buffer(back), net::use_future).get() == 5);
    CHECK(std::string_view(back.data(), 5) == "hello");
    m.s.async_shutdown(net::use_future).get();
    CHECK_THROWS_AS(m.s.async_read_some(net::buffer(back), net::use_future).get(), tls::asio::system_error);
    work.reset();
    runs.join();
}

#if !defined(TWINTLS_ASIO_BOOST)
PARITY_CASE("asio: deferred operations begin when they are launched", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    auto handshake = m.s.async_handshake(localhost, net::experimental::deferred);
    run(m.io);
    CHECK(!m.s.established());
    CHECK(!finish(m.io, [&](auto h) { std::move(handshake)(std::move(h)); }).code);
    CHECK(m.s.established());
}
#endif

PARITY_CASE("asio: a handler's executor is where it runs, and what its operation does", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    net::thread_pool pool(1);
    auto strand = net::make_strand(pool);
    std::promise<bool> handshaken;
    m.s.async_handshake(localhost, net::bind_executor(strand, [&](error_code code) {
                            handshaken.set_value(!code && strand.running_in_this_thread());
                        }));
    run(m.io);
    pool.join();
    CHECK(handshaken.get_future().get());
    m.echo("hello");
}

/// Counts what a handler's allocator is asked for.
template <class T> struct counting_allocator {
    using value_type = T;
    int* allocated;

    explicit counting_allocator(int* n) : allocated(n) {}
    template <class U> counting_allocator(counting_allocator<U> const& other) : allocated(other.allocated) {}
    T* allocate(std::size_t n) {
        ++*allocated;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) { std::allocator<T>().deallocate(p, n); }
    template <class U> bool operator==(counting_allocator<U> const& other) const {
        return allocated == other.allocated;
    }
};

struct allocating_handler {
    using allocator_type = counting_allocator<char>;
    outcome_of* done;
    int* allocated;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(allocated); }
    void operator()(error_code code, std::size_t n = 0) { done->handler()(code, n); }
};

PARITY_CASE("asio: a handler's allocator serves its operation", crossed, P, v) {
    meeting<P, plain_socket, plain_socket> m(only(v), {.server = good_server(v)});
    outcome_of done;
    int handshake = 0;
    m.s.async_handshake(localhost, allocating_handler{&done, &handshake});
    run(m.io);
    REQUIRE(done.done());
    CHECK(handshake > 0);
    done.forget();
    int write = 0;
    m.s.async_write_some(net::buffer("hello", 5), allocating_handler{&done, &write});
    run(m.io);
    CHECK(write == 1); // the next layer's operation
    done.forget();
    int read = 0;
    std::array<char, 5> into{};
    m.s.async_read_some(net::buffer(into.data(), 2), allocating_handler{&done, &read});
    run(m.io);
    CHECK(read >= 1);
    CHECK(done->bytes == 2);
    done.forget();
    int posted = 0; // what is there already comes later all the same
    m.s.async_read_some(net::buffer(into), allocating_handler{&done, &posted});
    run(m.io);
    CHECK(posted == 1);
    CHECK(done->bytes == 3);
    done.forget();
    int shutdown = 0;
    m.s.async_shutdown(allocating_handler{&done, &shutdown});
    run(m.io);
    CHECK(shutdown == 1);
}

} // namespace
} // namespace parity::asio_cases

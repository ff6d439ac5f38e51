// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// Many messages, much data, and several threads.
namespace parity::asio_cases {
namespace {

template <class Stream> net::awaitable<void> small_messages(Stream& s, int count, int& echoed) {
    co_await s.async_handshake(localhost, net::use_awaitable);
    std::string back;
    for (int i = 0; i < count; ++i) {
        std::string const line = "message " + std::to_string(i);
        co_await net::async_write(s, net::buffer(line), net::use_awaitable);
        back.resize(line.size());
        co_await net::async_read(s, net::buffer(back), net::use_awaitable);
        echoed += back == line;
    }
    co_await s.async_shutdown(net::use_awaitable);
}

PARITY_CASE("asio: ten thousand small messages there and back", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    int echoed = 0;
    net::co_spawn(m.io, small_messages(m.s, 10'000, echoed), net::detached);
    run(m.io);
    CHECK(echoed == 10'000);
    CHECK(m.server.report().peer_closed);
}

/// One connection that writes and reads at the same time, in a strand of its own.
template <class P> struct duplex : std::enable_shared_from_this<duplex<P>> {
    using backend = typename P::backend;
    using executor = net::strand<net::thread_pool::executor_type>;
    using socket = net::basic_stream_socket<tcp, executor>;

    duplex(executor const& e, client_for<P> const& client, testbed::bytes const& d) : s(e, client), data(d) {}

    void start(std::uint16_t port) {
        s.lowest_layer().connect(tcp::endpoint(net::ip::address_v4::loopback(), port));
        s.async_handshake(localhost, [self = this->shared_from_this()](error_code code) {
            if (code) return;
            self->back.resize(self->data.size());
            net::async_read(self->s, net::buffer(self->back), [self](error_code c, std::size_t) { self->over(c); });
            net::async_write(self->s, net::buffer(self->data), [self](error_code c, std::size_t) { self->over(c); });
        });
    }
    void over(error_code code) {
        failed |= static_cast<bool>(code);
        if (++ended == 2 && !failed)
            s.async_shutdown([self = this->shared_from_this()](error_code c) { self->complete = !c; });
    }

    tls::asio::stream<socket, backend> s;
    testbed::bytes const& data;
    testbed::bytes back{};
    int ended = 0;
    bool failed = false;
    bool complete = false;
};

PARITY_CASE("asio: eight connections with 512 KiB both ways at once, in two threads", pairings, P, v) {
    constexpr int connections = 8;
    testbed::server_thread<typename P::server> server({.server = good_server(v), .connections = connections});
    auto const client = client_of<P>(only(v));
    auto const data = testbed::pattern(512 << 10);
    net::thread_pool pool(2);
    std::vector<std::shared_ptr<duplex<P>>> all;
    for (int i = 0; i < connections; ++i) {
        all.push_back(std::make_shared<duplex<P>>(net::make_strand(pool.get_executor()), client, data));
        all.back()->start(server.port());
    }
    pool.join();
    for (auto const& one : all) {
        CHECK(one->complete);
        CHECK(one->back == data);
    }
    for (auto const& report : server.reports()) CHECK(report.peer_closed);
}

PARITY_CASE("asio: many small buffers go into few records", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    REQUIRE(!m.handshake().code);
    std::vector<std::string> pieces;
    std::vector<net::const_buffer> buffers;
    std::string whole;
    for (int i = 0; i < 500; ++i) pieces.push_back(std::string(static_cast<std::size_t>(i % 97), static_cast<char>(i)));
    pieces.push_back(std::string(40'000, 'x'));
    pieces.push_back("end");
    for (auto const& piece : pieces) {
        buffers.push_back(net::buffer(piece));
        whole += piece;
    }
    // All of it is one operation: less than the engine holds.
    auto const o = finish(m.io, [&](auto h) { m.s.async_write_some(buffers, std::move(h)); });
    CHECK(!o.code);
    CHECK(o.bytes == whole.size());
    std::string back(whole.size(), ' ');
    auto const parts = std::array<net::mutable_buffer, 2>{net::buffer(back.data(), 7), net::buffer(back) + 7};
    CHECK(!finish(m.io, [&](auto h) { net::async_read(m.s, parts, std::move(h)); }).code);
    CHECK(back == whole);
    // Nothing to read or write is done at once.
    CHECK(!finish(m.io, [&](auto h) { m.s.async_read_some(net::mutable_buffer(), std::move(h)); }).code);
    CHECK(!finish(m.io, [&](auto h) { m.s.async_write_some(net::const_buffer(), std::move(h)); }).code);
}

} // namespace
} // namespace parity::asio_cases

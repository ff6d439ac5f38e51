// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "parity/signed_later.hpp"
#include "testbed/server_thread.hpp"

#include <utility>
#if defined(TWINTLS_ASIO_BOOST)
#    include <boost/asio.hpp>
#else
#    include <asio.hpp>
#endif
#include <tls/adapters/asio.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What the tests of streams of Asio are made of; the same for standalone Asio and Boost's.
namespace parity::asio_cases {

using namespace std::chrono_literals;
namespace net = tls::asio::net;
using tcp = net::ip::tcp;
using testbed::behaviour;
using tls::asio::error_code;

/// A backend with the other library's server: what happens does not depend on the server.
using crossed =
    std::tuple<pairing<tls::wolfssl, testbed::mbedtls_server>, pairing<tls::mbedtls, testbed::wolfssl_server>>;

inline auto const& localhost = [] -> auto const& {
    static auto const name = tls::server_name::parse("localhost");
    return name;
}();

/// An executor without its type, which sockets have if nothing else is said, allocates for each operation in
/// Boost 1.74, and everywhere past the allocator of a handler that is posted.
using plain_socket = net::basic_stream_socket<tcp, net::io_context::executor_type>;

/// What an operation completed with.
struct completion {
    error_code code{};
    std::size_t bytes = 0;
};

/// Handlers that note how their operation completed, and that it did so once.
class outcome_of {
public:
    [[nodiscard]] auto handler() {
        return [this](error_code code, std::size_t n = 0) {
            CHECK(!done_);
            done_ = completion{code, n};
        };
    }
    [[nodiscard]] bool done() const { return done_.has_value(); }
    [[nodiscard]] completion const& operator*() const { return *done_; }
    [[nodiscard]] completion const* operator->() const { return &*done_; }
    void forget() { done_.reset(); }

private:
    std::optional<completion> done_;
};

/// Runs until nothing is left to do; for long enough that it is a failure of the test if something is.
inline void run(net::io_context& io) {
    io.restart();
    io.run_for(60s);
    REQUIRE(io.stopped());
}

/// Runs one operation to its end.
template <class Start> completion finish(net::io_context& io, Start start) {
    outcome_of o;
    start(o.handler());
    CHECK(!o.done()); // never from inside the call
    run(io);
    REQUIRE(o.done());
    return *o;
}

/// A stream that is connected to a server in threads of its own. `Layer` is made of a `Socket`.
template <class P, class Layer = tcp::socket, class Socket = tcp::socket> struct meeting {
    using backend = typename P::backend;
    using stream = tls::asio::stream<Layer, backend>;

    meeting(client_options const& client, testbed::thread_options const& options)
        : server(options),
          s(connected(), client_of<P>(client)) {}

    [[nodiscard]] completion handshake(tls::result<tls::server_name> const& name = localhost) {
        return finish(io, [&](auto handler) { s.async_handshake(name, std::move(handler)); });
    }
    [[nodiscard]] completion write(std::string_view data) {
        return finish(io, [&](auto h) { net::async_write(s, net::buffer(data.data(), data.size()), std::move(h)); });
    }
    [[nodiscard]] completion read_some() {
        auto const o = finish(io, [&](auto h) { s.async_read_some(net::buffer(into), std::move(h)); });
        text.append(into.data(), o.bytes);
        return o;
    }
    /// Reads so many bytes.
    [[nodiscard]] completion read(std::size_t n) {
        text.resize(n);
        return finish(io, [&](auto h) { net::async_read(s, net::buffer(text), std::move(h)); });
    }
    [[nodiscard]] completion shutdown() {
        return finish(io, [&](auto handler) { s.async_shutdown(std::move(handler)); });
    }
    /// Sends a line and reads it back.
    void echo(std::string const& line) {
        CHECK(!write(line).code);
        CHECK(!read(line.size()).code);
        CHECK(text == line);
    }
    /// Reads to the end, and returns it.
    [[nodiscard]] error_code read_to_end() {
        for (;;)
            if (auto const o = read_some(); o.code) return o.code;
    }

    testbed::server_thread<typename P::server> server;
    net::io_context io{};
    stream s;
    std::array<char, 20000> into{};
    std::string text{};

private:
    Socket connected() {
        Socket socket(io);
        socket.connect(tcp::endpoint(net::ip::address_v4::loopback(), server.port()));
        return socket;
    }
};

/// The client and server that know each other.
inline client_options with_identity(protocol_version v) { return only(v, {.who = identity(pki().client)}); }

} // namespace parity::asio_cases

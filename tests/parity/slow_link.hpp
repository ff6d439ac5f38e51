// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

/// A slow link with a clock of its own, so that no test waits.
namespace parity {

using moment = std::chrono::steady_clock::time_point;

/// What a link does, and what time it is there.
struct link_state {
    moment now{};
    std::chrono::milliseconds each{0};   ///< how long a read or write takes
    std::size_t piece = SIZE_MAX;        ///< the most that one read or write moves
    bool takes_nothing = false;          ///< writes wait until their deadline
    int takes = INT_MAX;                 ///< so many writes, and then nothing
    std::chrono::milliseconds timeout{}; ///< of a session's calls
    moment expiry = moment::max();       ///< of everything
    int calls = 0;
    moment last_until{}; ///< how long the last call could have waited

    /// A read or write that could wait until a moment; false if it takes longer.
    bool passes(moment until) {
        ++calls;
        last_until = until;
        bool const in_time = each == std::chrono::milliseconds(0) || now + each <= until;
        now = in_time ? now + each : std::max(now, until);
        return in_time;
    }
};

/// A link to a server in the same thread. It waits by setting its clock.
template <class Server> struct slow_link {
    Server* server;
    testbed::wire::byte_pipe* pipe;
    link_state* at;

    [[nodiscard]] moment now() const noexcept { return at->now; }
    [[nodiscard]] moment expiry() const noexcept { return at->expiry; }
    [[nodiscard]] std::chrono::milliseconds read_timeout() const noexcept { return at->timeout; }
    [[nodiscard]] std::chrono::milliseconds write_timeout() const noexcept { return at->timeout; }

    [[nodiscard]] tls::io_result read_some_until(std::span<std::byte> into, moment until) const noexcept {
        if (!at->passes(until)) return tls::io_result::timed_out();
        if (pipe->to_client.empty()) testbed::serve(*server, *pipe);
        if (pipe->to_client.empty()) {
            at->now = std::max(at->now, until);
            return tls::io_result::timed_out();
        }
        return tls::io_result::moved(pipe->to_client.pop(into.first(std::min(into.size(), at->piece))));
    }
    [[nodiscard]] tls::io_result write_some_until(std::span<std::byte const> from, moment until) const noexcept {
        if (!at->passes(until)) return tls::io_result::timed_out();
        if (at->takes_nothing || at->takes-- <= 0) {
            at->now = std::max(at->now, until);
            return tls::io_result::timed_out();
        }
        auto const some = from.first(std::min(from.size(), at->piece));
        pipe->to_server.push(some);
        return tls::io_result::moved(some.size());
    }
    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) const noexcept {
        return read_some_until(into, moment::max());
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) const noexcept {
        return write_some_until(from, moment::max());
    }
};

/// A server behind such a link.
template <class P> struct slow_server {
    explicit slow_server(testbed::server_options const& options) : server(options) {}
    slow_server(slow_server const&) = delete;
    slow_server& operator=(slow_server const&) = delete;

    using link = slow_link<typename P::server>;

    [[nodiscard]] link to() { return {&server, &pipe, &at}; }
    [[nodiscard]] auto start(client_for<P> const& client) {
        auto h = client.start(tls::server_name::dns("localhost"), to());
        REQUIRE(h);
        return std::move(*h);
    }
    /// A session over a link that has been fast until now.
    [[nodiscard]] auto session(client_for<P> const& client) {
        at.timeout = std::chrono::seconds(1);
        auto s = client.connect(tls::server_name::dns("localhost"), to());
        REQUIRE(s);
        testbed::serve(server, pipe);
        return std::move(*s);
    }
    /// From now on, one byte each 300 ms.
    void drip() {
        at.each = std::chrono::milliseconds(300);
        at.piece = 1;
    }
    [[nodiscard]] std::chrono::nanoseconds since_start() const { return at.now - moment(); }

    typename P::server server;
    testbed::wire::byte_pipe pipe{};
    link_state at{.timeout = std::chrono::seconds(30)};
};

} // namespace parity

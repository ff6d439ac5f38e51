// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/slow_link.hpp"
#include <tls/transport/deadline.hpp>

#include <algorithm>
#include <string>

/// Every call ends, whatever a server lets drip in: on a link that has its own clock, so that no test waits.
namespace parity::time_limits_cases {

static_assert([] {
    using std::chrono::steady_clock;
    constexpr auto end = steady_clock::time_point::max();
    constexpr auto longest = std::chrono::milliseconds::max();
    bool const near_the_end = tls::detail::moment_after(end, longest) == end &&
                              tls::detail::moment_after(end - std::chrono::seconds(1), longest) == end;
    return near_the_end && tls::detail::moment_after(steady_clock::time_point::min(), longest) < end;
}());
namespace {

using namespace std::chrono_literals;

} // namespace

PARITY_CASE("time: a handshake that drips is over after 30 seconds, and stays over", pairings, P, v) {
    slow_server<P> slow(good_server(v));
    slow.at.timeout = 1s; // no single read takes longer
    slow.at.each = 300ms;
    auto const client = client_of<P>(only(v));
    auto handshake = slow.start(client);
    CHECK(!handshake.deadline());
    slow.at.piece = 5; // the hello leaves in time, the server's flight does not come in time
    auto const step = handshake.step();
    REQUIRE(!step);
    CHECK(step.error().code == errc::timeout);
    CHECK(step.error().phase == tls::phase::handshake);
    CHECK(handshake.deadline() == moment() + 30s);
    CHECK(slow.since_start() >= 30s);
    CHECK(slow.since_start() <= 31s);

    int const calls = slow.at.calls;
    auto const again = handshake.step();
    REQUIRE(!again);
    CHECK(again.error().code == errc::timeout);
    CHECK(slow.at.calls == calls); // nothing was read or written any more
}

PARITY_CASE("time: how long a handshake may take is the client's to say", pairings, P, v) {
    SUBCASE("less") {
        slow_server<P> slow(good_server(v));
        slow.drip();
        CHECK(slow.start(client_of<P>(only(v, {.handshake_timeout = 2s}))).step().error().code == errc::timeout);
        CHECK(slow.since_start() <= 2400ms);
    }
    SUBCASE("for ever") {
        slow_server<P> slow(good_server(v));
        slow.drip();
        auto handshake = slow.start(client_of<P>(only(v, {.handshake_timeout = tls::no_timeout})));
        CHECK(handshake.step());
        CHECK(slow.since_start() > 60s);
        CHECK(handshake.deadline() == moment() + std::chrono::years(1));
    }
    SUBCASE("no time at all") {
        for (auto const none : {0ms, -1ms, std::chrono::milliseconds::min()}) {
            slow_server<P> slow(good_server(v));
            CHECK(slow.start(client_of<P>(only(v, {.handshake_timeout = none}))).step().error().code == errc::timeout);
            CHECK(slow.at.calls == 0);
        }
    }
}

PARITY_CASE("time: a handshake of steps is over at the same moment", pairings, P, v) {
    // Between two steps the clock goes on, as it does for a program that polls.
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    slow.at.timeout = 40s;
    struct : slow_server<P>::link {
        tls::io_result read_some_until(std::span<std::byte>, moment) const noexcept {
            return tls::io_result::blocked();
        }
        tls::io_result read_some(std::span<std::byte>) const noexcept { return tls::io_result::blocked(); }
    } waiting{slow.to()};
    auto handshake = client.start(tls::server_name::dns("localhost"), waiting);
    REQUIRE(handshake);
    CHECK(handshake->step().error().code == errc::want_read);
    slow.at.now += 29s;
    CHECK(handshake->step().error().code == errc::want_read);
    slow.at.now = *handshake->deadline();
    for (int i = 0; i < 2; ++i) CHECK(handshake->step().error().code == errc::timeout);
}

PARITY_CASE("time: a handshake whose bytes do not leave is over, and stays over", pairings, P, v) {
    slow_server<P> slow(good_server(v));
    slow.at.timeout = 1s;
    slow.at.takes_nothing = true;
    auto const client = client_of<P>(only(v));
    auto handshake = slow.start(client);
    CHECK(handshake.step().error().code == errc::timeout);
    CHECK(slow.since_start() == 1s);
    slow.at.takes_nothing = false;
    int const calls = slow.at.calls;
    CHECK(handshake.step().error().code == errc::timeout);
    CHECK(slow.at.calls == calls);
}

PARITY_CASE("time: a handshake that a silent server let time out stays over", pairings, P, v) {
    slow_server<P> slow(good_server(v));
    slow.at.timeout = 1s;
    struct : slow_server<P>::link {
        bool* silent;
        tls::io_result read_some_until(std::span<std::byte> into, moment until) const noexcept {
            return *silent ? tls::io_result::timed_out() : slow_server<P>::link::read_some_until(into, until);
        }
    } link{slow.to(), nullptr};
    bool silent = true;
    link.silent = &silent;
    auto const client = client_of<P>(only(v));
    auto handshake = client.start(tls::server_name::dns("localhost"), link);
    REQUIRE(handshake);
    CHECK(handshake->step().error().code == errc::timeout);
    silent = false;
    CHECK(handshake->step().error().code == errc::timeout);
}

PARITY_CASE("time: a read is bounded as a whole, and goes on later", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    slow.drip();
    slow.server.send(testbed::view_of("slowly"));
    std::byte into[16];
    tls::result<std::size_t> n{};
    int timeouts = 0;
    for (;; ++timeouts) {
        auto const before = slow.at.now;
        n = session.read_some(into);
        if (n) break;
        REQUIRE(n.error().code == errc::timeout);
        CHECK(slow.at.now - before >= 1s);
        CHECK(slow.at.now - before < 1500ms);
    }
    CHECK(timeouts > 5);
    CHECK(testbed::to_text(testbed::byte_view(into).first(*n)) == "slowly");
    // Nothing comes at all.
    auto const before = slow.at.now;
    CHECK(session.read_some(into).error().code == errc::timeout);
    CHECK(slow.at.now - before < 1500ms);
}

PARITY_CASE("time: a write and a close are bounded as a whole", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    for (bool const closes : {false, true}) {
        slow_server<P> slow(good_server(v));
        auto session = slow.session(client);
        slow.drip();
        auto const before = slow.at.now;
        auto const answer = [&]() -> tls::result<void> {
            if (closes) return session.close();
            auto const n = session.write_some(testbed::view_of("a request that nobody takes"));
            if (!n) return std::unexpected(n.error());
            return {};
        };
        auto const failed = answer();
        REQUIRE(!failed);
        CHECK(failed.error().code == errc::timeout);
        CHECK(slow.at.now - before >= 1s);
        CHECK(slow.at.now - before < 1500ms);
        CHECK(answer().error().code == errc::timeout); // again, and bounded again
        CHECK(slow.at.now - before < 3s);
    }
}

PARITY_CASE("time: confirm_accepted is bounded as a whole", pairings, P) {
    constexpr auto v = protocol_version::tls_1_3;
    auto asking = asking_server(v);
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    slow_server<P> slow(asking);
    auto session = slow.session(client);
    slow.drip();
    slow.server.send(testbed::view_of("slowly"));
    auto const before = slow.at.now;
    CHECK(session.confirm_accepted(1s) == tls::acceptance::unknown);
    CHECK(slow.at.now - before >= 1s);
    CHECK(slow.at.now - before < 1500ms);
    slow.at.each = 0ms;
    CHECK(session.confirm_accepted(0ms) == tls::acceptance::accepted); // what is there is looked at
}

PARITY_CASE("time: a time-out without end is a year", pairings, P) {
    auto const client = client_of<P>({.who = identity(pki().client)});
    slow_server<P> slow(asking_server(protocol_version::tls_1_3));
    auto session = slow.session(client);
    std::byte into[16];
    slow.at.timeout = tls::no_timeout;
    auto const start = slow.at.now;
    CHECK(session.read_some(into).error().code == errc::timeout);
    CHECK(slow.at.last_until == start + std::chrono::years(1));
    auto const later = slow.at.now;
    CHECK(session.confirm_accepted(std::chrono::milliseconds::max()) == tls::acceptance::unknown);
    CHECK(slow.at.last_until == later + std::chrono::years(1));
    CHECK(session.write_some(testbed::view_of("x")) == 1u);
    CHECK(slow.at.last_until == slow.at.now + std::chrono::years(1));
}

TEST_CASE("a duration becomes a deadline between now and in a year") {
    using tls::detail::moment_after;
    moment const now = moment() + 1000h;
    CHECK(moment_after(now, 5ms) == now + 5ms);
    for (auto const none : {0ms, -1ms, std::chrono::milliseconds::min()}) CHECK(moment_after(now, none) == now);
    CHECK(moment_after(now, std::chrono::milliseconds::max()) == now + std::chrono::years(1));
    CHECK(moment_after(now, tls::no_timeout) == now + std::chrono::years(1));
}

} // namespace parity::time_limits_cases

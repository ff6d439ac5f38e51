// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/slow_link.hpp"

#include <string>
#include <string_view>

/// What a session's deadlines mean for what it was given to write, and how they are changed.
namespace parity::session_deadlines_cases {
namespace {

using namespace std::chrono_literals;

/// What the server has read of the client's data so far.
template <class P> std::string read_by_server(slow_server<P>& slow) {
    testbed::serve(slow.server, slow.pipe);
    return testbed::to_text(slow.server.received());
}

} // namespace

PARITY_CASE("deadlines: a write that timed out is not the end, and no byte is lost or sent twice", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    // The deadline passes before the first byte of a record, within its header, and within its content.
    for (std::size_t const leave : {0u, 3u, 9u}) {
        CAPTURE(leave);
        slow_server<P> slow(good_server(v));
        auto session = slow.session(client);
        REQUIRE(session.write_all("one "));
        slow.at.each = 300ms;
        slow.at.piece = 3;
        slow.at.takes_nothing = leave == 0;
        if (leave != 0) session.set_write_timeout(300ms * static_cast<int>(leave / 3));
        auto const late = session.write_some("two ");
        REQUIRE(!late);
        CHECK(late.error().code == errc::timeout);
        CHECK(late.error().phase == tls::phase::writing);
        CHECK(late.error().transferred == 4);
        CHECK(session.unsent());
        // While it waits, nothing more is taken.
        slow.at.takes_nothing = true;
        auto const next = session.write_all("three ");
        REQUIRE(!next);
        CHECK(next.error().code == errc::timeout);
        CHECK(next.error().transferred == 0);
        CHECK(session.flush().error().code == errc::timeout);
        slow.at = {.now = slow.at.now, .timeout = 1s};
        REQUIRE(session.write_all("three"));
        CHECK_FALSE(session.unsent());
        CHECK(read_by_server(slow) == "one two three");
        REQUIRE(session.close());
        (void)read_by_server(slow);
        CHECK(slow.server.peer_closed());
    }
}

PARITY_CASE("deadlines: write_all says how much was taken when one passes, and goes on behind that", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    auto const data = testbed::pattern(100'000);
    slow.at.each = 1ms;
    slow.at.piece = 1000;
    session.set_write_timeout(5ms);
    std::size_t taken = 0;
    int times = 0;
    for (;; ++times) {
        REQUIRE(times < 1000);
        auto const r = session.write_all(testbed::byte_view(data).subspan(taken));
        if (r) break;
        REQUIRE(r.error().code == errc::timeout);
        taken += r.error().transferred;
        REQUIRE(taken <= data.size());
    }
    while (!session.flush()) REQUIRE(++times < 1000);
    CHECK(times > 5);
    testbed::serve(slow.server, slow.pipe);
    CHECK(slow.server.received() == data);
}

PARITY_CASE("deadlines: close_notify that timed out leaves with the next close", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    slow.at.takes_nothing = true;
    for (int i = 0; i < 2; ++i) {
        auto const late = session.close();
        REQUIRE(!late);
        CHECK(late.error().code == errc::timeout);
        CHECK(late.error().phase == tls::phase::closing);
    }
    CHECK(session.write_some("x").error().code == errc::not_writable);
    slow.at.takes_nothing = false;
    CHECK(session.close());
    testbed::serve(slow.server, slow.pipe);
    CHECK(slow.server.peer_closed());
}

PARITY_CASE("deadlines: those of a session can be changed, and zero takes what is there", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client);
    std::byte into[16];
    for (auto const allowed : {7s, 2s, 0s}) {
        session.set_read_timeout(allowed);
        auto const before = slow.at.now;
        CHECK(session.read_some(into).error().code == errc::timeout);
        CHECK(slow.at.now - before == allowed);
    }
    slow.server.send(testbed::view_of("here"));
    CHECK(session.read_some(into) == 4u);
    slow.at.takes_nothing = true;
    for (auto const allowed : {5s, 0s}) {
        session.set_write_timeout(allowed);
        auto const before = slow.at.now;
        CHECK(session.write_some("x").error().code == errc::timeout);
        CHECK(slow.at.now - before == allowed);
    }
    session.set_read_timeout(tls::no_timeout);
    auto const before = slow.at.now;
    CHECK(session.read_some(into).error().code == errc::timeout);
    CHECK(slow.at.now - before == std::chrono::years(1));
}

} // namespace parity::session_deadlines_cases

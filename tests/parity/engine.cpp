// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

/// What an engine shows, keeps and answers, between its caller and the wire.
namespace parity::engine_cases {
namespace {

/// Sends what an engine shows, so many bytes at a time.
template <class P> void send_in_pieces(conversation<P>& c, std::size_t piece) {
    while (!c.client.drain().empty()) {
        auto const some = c.client.drain().first(std::min(piece, c.client.drain().size()));
        c.pipe.to_server.push(some);
        c.client.drained(some.size());
    }
    testbed::serve(c.server, c.pipe);
}

} // namespace

PARITY_CASE("engine: what it shows stays in place while it is fed, read, written and moved", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    auto const first = testbed::pattern(3000, 1);
    auto const more = testbed::pattern(200'000, 2);
    REQUIRE(c.client.write_some(first) == first.size());
    auto const shown = c.client.drain();
    testbed::bytes const copy(shown.begin(), shown.end());
    REQUIRE(!shown.empty());

    // A write of these bytes is in progress; meanwhile:
    c.client.set_unsent_limit(SIZE_MAX);
    for (testbed::byte_view rest = more; !rest.empty();) {
        auto const n = c.client.write_some(rest);
        REQUIRE(n);
        rest = rest.subspan(*n);
    }
    c.server.send(testbed::view_of("meanwhile"));
    c.pipe.to_client.push(c.server.drain());
    REQUIRE(c.client.feed(c.pipe.to_client.take_all()));
    std::byte into[64];
    CHECK(c.client.read_some(into) == 9u);
    auto moved = std::move(c.client);
    c.client = std::move(moved);
    CHECK(std::ranges::equal(shown, copy));
    CHECK(c.client.drain().data() == shown.data());
    CHECK(c.client.drain().size() == shown.size()); // the rest comes behind it
    CHECK(c.client.unsent() > more.size());

    send_in_pieces(c, 1234);
    CHECK(c.client.unsent() == 0);
    auto all = first;
    testbed::append(all, more);
    CHECK(c.server.received() == all);
    CHECK(std::ranges::equal(c.client.drain(), testbed::bytes{}));
}

PARITY_CASE("engine: what comes can be read straight into it", pairings, P, v) {
    auto c = converse<P>(only(v), good_server(v));
    // A transport that reads a few bytes at a time, into room for more.
    auto const receive = [&](std::size_t most) {
        auto const room = c.client.room(20'000);
        REQUIRE(room);
        CHECK(room->size() == 20'000);
        std::size_t const some = c.pipe.to_client.pop(room->first(most));
        auto moved = std::move(c.client); // what is being filled stays in place
        c.client = std::move(moved);
        c.client.fed(some);
        return some != 0;
    };
    for (auto done = c.client.handshake(); !done; done = c.client.handshake()) {
        REQUIRE(done.error().code == errc::want_read);
        send_in_pieces(c, 100'000);
        REQUIRE(receive(1000));
    }
    send_in_pieces(c, 100'000);

    auto const data = testbed::pattern(50'000);
    c.server.send(data);
    c.pipe.to_client.push(c.server.drain());
    testbed::bytes got;
    std::vector<std::byte> into(3000);
    while (got.size() < data.size()) {
        auto const n = c.client.read_some(into);
        if (n) {
            got.insert(got.end(), into.begin(), into.begin() + static_cast<std::ptrdiff_t>(*n));
            continue;
        }
        REQUIRE(n.error().code == errc::want_read);
        CHECK(c.client.unread() == 0);
        REQUIRE(receive(7001));
    }
    CHECK(got == data);

    // Where nothing is read any more there is no room, and what had been given takes nothing.
    CHECK(c.client.room(SIZE_MAX).error().code == errc::out_of_memory);
    CHECK(c.client.room(0).value().empty());
    c.client.fed(5);
    CHECK(c.client.unread() == 0);
    c.client.feed_end();
    CHECK(c.client.read_some(into).error().code == errc::truncated);
    CHECK(c.client.room(5).error().code == errc::truncated);
}

PARITY_CASE("engine: it takes no more than its limit, and goes on when that has left", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    auto const data = testbed::pattern(300'000);
    std::size_t taken = 0;
    auto const fill = [&] {
        for (;;) {
            auto const n = c.client.write_some(testbed::byte_view(data).subspan(taken));
            if (!n) return n.error();
            taken += *n;
            if (taken == data.size()) return tls::error{};
        }
    };
    CHECK(fill().code == errc::want_write);
    CHECK(c.client.unsent() >= 65536);
    CHECK(c.client.unsent() < 65536 + 17000);
    c.client.set_unsent_limit(100'000);
    CHECK(fill().code == errc::want_write);
    CHECK(c.client.unsent() >= 100'000);
    while (taken < data.size()) {
        send_in_pieces(c, 70'000);
        (void)fill();
    }
    send_in_pieces(c, 70'000);
    CHECK(c.server.received() == data);
    CHECK(c.client.close());
    CHECK(c.client.write_some("x").error().code == errc::not_writable);
}

PARITY_CASE("engine: a transport that broke is no end, and says how", pairings, P, v) {
    // In a handshake, and after it; reading and writing.
    auto early = converse<P>(only(v), good_server(v));
    CHECK(early.client.handshake().error().code == errc::want_read);
    early.client.feed_failure(ECONNRESET);
    for (int i = 0; i < 2; ++i) {
        auto const failed = early.client.handshake();
        REQUIRE(!failed);
        CHECK(failed.error().code == errc::io_error);
        CHECK(failed.error().system == ECONNRESET);
        CHECK(failed.error().phase == tls::phase::handshake);
    }

    std::byte into[64];
    for (bool const reads_first : {true, false}) {
        auto c = connected<P>(only(v), good_server(v));
        c.server.send(testbed::view_of("before"));
        c.pipe.to_client.push(c.server.drain());
        REQUIRE(c.client.feed(c.pipe.to_client.take_all()));
        c.client.feed_failure(EPIPE);
        c.client.feed_end(); // too late to make an end of it
        if (reads_first) {
            CHECK(c.client.read_some(into) == 6u);
            auto const failed = c.client.read_some(into);
            REQUIRE(!failed);
            CHECK(failed.error().code == errc::io_error);
            CHECK(failed.error().system == EPIPE);
        }
        auto const written = c.client.write_some("x");
        REQUIRE(!written);
        CHECK(written.error().code == errc::io_error);
        CHECK(written.error().system == EPIPE);
        CHECK(c.client.feed(testbed::view_of("x")).has_value() != reads_first);
        if (!reads_first) CHECK(c.client.read_some(into) == 6u);
    }
}

PARITY_CASE("engine: an alert that came before the transport broke is what is told", backends, B, v) {
    auto c = connected<pairing<B, testbed::mbedtls_server>>(only(v), good_server(v));
    c.server.send_alert(2, tls::number(tls::alert::access_denied));
    c.pipe.to_client.push(c.server.drain());
    REQUIRE(c.client.feed(c.pipe.to_client.take_all()));
    c.client.feed_failure(ECONNRESET);
    auto const written = c.client.write_some("x");
    REQUIRE(!written);
    CHECK(written.error().received == tls::alert::access_denied);
    std::byte into[64];
    CHECK(c.client.read_some(into).error().received == tls::alert::access_denied);
}

PARITY_CASE("engine: what was decrypted and not read yet is pending", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.send(testbed::view_of("0123456789"));
    c.pipe.to_client.push(c.server.drain());
    REQUIRE(c.client.feed(c.pipe.to_client.take_all()));
    char into[4];
    CHECK(c.client.read_some(into) == 4u);
    CHECK(std::string_view(into, 4) == "0123");
    CHECK(c.client.pending() == 6);
    unsigned char rest[16];
    CHECK(c.client.read_some(rest) == 6u);
    CHECK(c.client.pending() == 0);
}

PARITY_CASE("engine: the former names still work, without the limit", pairings, P) {
    auto c = connected<P>(only(protocol_version::tls_1_3), good_server(protocol_version::tls_1_3));
    auto const data = testbed::pattern(16384);
    for (int i = 0; i < 20; ++i) CHECK(c.client.write(data) == data.size());
    CHECK(c.client.unsent() > 20 * data.size());
    std::byte into[4];
    CHECK(c.client.read(into).error().code == errc::want_read);
}

} // namespace parity::engine_cases

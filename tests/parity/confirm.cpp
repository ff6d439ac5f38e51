// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/tcp.hpp"
#include "testbed/server_thread.hpp"
#include "testbed/sockets.hpp"
#include "testbed/transports.hpp"
#include <tls/transport/descriptor.hpp>

#include <string>

namespace parity::confirm_cases {
namespace {

using namespace std::chrono_literals;
using tls::acceptance;

enum class asks { nothing, certificate };

testbed::server_options asking(protocol_version v, asks what, bool tickets) {
    auto options = good_server(v);
    options.require_client_certificate = what == asks::certificate;
    options.client_anchors = {pki().root.certificate};
    options.tickets = tickets;
    return options;
}

client_options with_identity(protocol_version v) { return only(v, {.who = identity(pki().client)}); }

template <class P> auto conversing(testbed::server_options const& options, bool identified = true) {
    auto const v = options.max_version;
    return converse<P>(identified ? with_identity(v) : only(v), options);
}

/// As far as our handshake goes: the server has not seen our last flight.
template <class C> void handshake_only(C& c) {
    for (int turn = 0; turn < 10 && !c.client.established(); ++turn) {
        (void)c.client.handshake();
        if (c.client.established()) return;
        c.carry();
        testbed::serve(c.server, c.pipe);
        c.carry();
    }
    REQUIRE(c.client.established());
}

template <class C> testbed::bytes read_all(C& c) {
    testbed::bytes all;
    while (auto const part = c.read()) testbed::append(all, *part);
    return all;
}

} // namespace

PARITY_CASE("confirm: a session ticket says that our certificate is accepted", pairings, P) {
    auto c = conversing<P>(asking(protocol_version::tls_1_3, asks::certificate, true));
    CHECK(c.client.confirm().error().code == errc::want_read);
    handshake_only(c);
    CHECK(c.client.confirm() == acceptance::unknown);
    CHECK(c.client.confirm() == acceptance::unknown);
    c.carry();
    testbed::serve(c.server, c.pipe);
    auto const tickets = c.pipe.to_client.take_all();
    REQUIRE(!tickets.empty());
    for (std::byte const b : tickets) {
        REQUIRE(c.client.feed(std::span(&b, 1)));
        (void)c.client.confirm();
    }
    for (int i = 0; i < 3; ++i) CHECK(c.client.confirm() == acceptance::accepted);
    c.server.send(testbed::view_of("hello"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "hello");
}

PARITY_CASE("confirm: data says it too, and none of it is lost", pairings, P) {
    for (std::size_t const size : {1u, 5u, 16384u, 50'000u}) {
        CAPTURE(size);
        auto c = conversing<P>(asking(protocol_version::tls_1_3, asks::certificate, false));
        REQUIRE(c.run());
        CHECK(c.client.confirm() == acceptance::unknown);
        auto const data = testbed::pattern(size);
        c.server.send(data);
        auto const arrives = [&] {
            c.pipe.to_client.push(c.server.drain());
            return c.pipe.to_client.take_all();
        }();
        // Only a whole record counts.
        std::size_t const first_record =
            5 + (std::to_integer<std::size_t>(arrives[3]) << 8) + std::to_integer<std::size_t>(arrives[4]);
        REQUIRE(c.client.feed(testbed::byte_view(arrives).first(first_record - 1)));
        CHECK(c.client.confirm() == acceptance::unknown);
        REQUIRE(c.client.feed(testbed::byte_view(arrives).subspan(first_record - 1)));
        for (int i = 0; i < 3; ++i) CHECK(c.client.confirm() == acceptance::accepted);
        CHECK((read_all(c) == data));
        c.client.feed_end();
        CHECK(c.read().error().code == errc::truncated);
        CHECK(c.client.confirm() == acceptance::accepted);
    }
}

PARITY_CASE("confirm: what was read before counts", pairings, P) {
    auto c = conversing<P>(asking(protocol_version::tls_1_3, asks::certificate, false));
    REQUIRE(c.run());
    c.server.send(testbed::view_of("hello"));
    c.server.close();
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "hello");
    CHECK(c.read().error().code == errc::closed);
    CHECK(c.client.confirm() == acceptance::accepted);
}

PARITY_CASE("confirm: a refusal is the error that reading would give", pairings, P) {
    for (bool const tickets : {false, true}) {
        auto c = conversing<P>(asking(protocol_version::tls_1_3, asks::certificate, tickets), false);
        handshake_only(c);
        CHECK(c.client.confirm() == acceptance::unknown);
        REQUIRE(c.run());
        for (int i = 0; i < 2; ++i) {
            auto const answer = c.client.confirm();
            REQUIRE(!answer);
            tls::error const& e = answer.error();
            CHECK(e.code == errc::peer_rejected_certificate);
            CHECK(e.phase == tls::phase::reading);
            REQUIRE(e.received);
            CHECK(static_cast<int>(*e.received) == c.server.alert_sent());
            CHECK(e.handshake.client_certificate_requested == true);
            CHECK(e.handshake.certificates_sent == std::uint16_t{0});
        }
        CHECK(c.read().error().code == errc::peer_rejected_certificate);
    }
}

PARITY_CASE("confirm: where the handshake has judged, it answers at once", pairings, P) {
    for (protocol_version const v : versions) {
        for (asks const what : {asks::nothing, asks::certificate}) {
            if (v == protocol_version::tls_1_3 && what == asks::certificate) continue;
            CAPTURE(tls::name(v));
            auto c = conversing<P>(asking(v, what, false));
            handshake_only(c);
            c.client.feed_end(); // would be seen by anything that reads
            CHECK(c.client.confirm() == acceptance::accepted);
            CHECK(c.read().error().code == errc::truncated);
            CHECK(c.client.confirm() == acceptance::accepted);
        }
    }
    auto refused = conversing<P>(asking(protocol_version::tls_1_2, asks::certificate, false), false);
    CHECK(refused.run().error().code == errc::peer_rejected_certificate);
}

PARITY_CASE("confirm: an end of the connection is neither", pairings, P) {
    auto const options = asking(protocol_version::tls_1_3, asks::certificate, false);
    auto closing = conversing<P>(options);
    REQUIRE(closing.run());
    closing.server.close();
    closing.run();
    for (int i = 0; i < 2; ++i) CHECK(closing.client.confirm().error().code == errc::closed);

    auto ending = conversing<P>(options);
    REQUIRE(ending.run());
    ending.client.feed_end();
    for (int i = 0; i < 2; ++i) CHECK(ending.client.confirm().error().code == errc::truncated);

    auto damaged = conversing<P>(options);
    REQUIRE(damaged.run());
    damaged.server.send(testbed::view_of("hello"));
    auto record = damaged.server.drain();
    record.back() ^= std::byte{1};
    REQUIRE(damaged.client.feed(record));
    for (int i = 0; i < 2; ++i) CHECK(damaged.client.confirm().error().code == errc::bad_record_mac);

    // A ticket, and right behind it the end: the answer is that of the first record, whatever a library does with it.
    auto both = conversing<P>(asking(protocol_version::tls_1_3, asks::certificate, true));
    REQUIRE(both.run());
    both.server.close();
    both.run();
    CHECK(both.client.confirm() == acceptance::accepted);
    CHECK(both.read().error().code == errc::closed);
    CHECK(both.client.confirm() == acceptance::accepted);
}

PARITY_CASE("confirm: on a socket it waits for the answer, or until the deadline", pairings, P) {
    constexpr auto v = protocol_version::tls_1_3;
    auto const connect = [](std::uint16_t port, bool identified) {
        auto session = client_of<P>(identified ? with_identity(v) : only(v))
                           .connect(tls::server_name::dns("localhost"), connection_to(port));
        REQUIRE(session);
        return std::move(*session);
    };
    SUBCASE("a ticket") {
        testbed::server_thread<typename P::server> server({.server = asking(v, asks::certificate, true)});
        auto session = connect(server.port(), true);
        CHECK(session.confirm_accepted(30s) == acceptance::accepted);
        CHECK(session.close());
    }
    SUBCASE("nothing, and then data") {
        testbed::server_thread<typename P::server> server({.server = asking(v, asks::certificate, false)});
        auto session = connect(server.port(), true);
        CHECK(session.confirm_accepted(0ms) == acceptance::unknown);
        CHECK(session.confirm_accepted(-1h) == acceptance::unknown);
        CHECK(session.confirm_accepted(20ms) == acceptance::unknown);
        session.transport().expires_after(-1ms); // the application's own deadline holds too, and stays
        CHECK(session.confirm_accepted(std::chrono::milliseconds::max()) == acceptance::unknown);
        std::byte into[16];
        CHECK(session.read_some(into).error().code == errc::timeout);
        session.transport().expires_never();
        REQUIRE(session.write_all(testbed::view_of("hello")));
        CHECK(session.confirm_accepted(std::chrono::milliseconds::max()) == acceptance::accepted);
        auto const n = session.read_some(into);
        REQUIRE(n);
        CHECK(testbed::to_text(testbed::byte_view(into).first(*n)) == "hello");
        CHECK(session.close());
    }
    SUBCASE("a refusal") {
        testbed::server_thread<typename P::server> server({.server = asking(v, asks::certificate, false)});
        auto session = connect(server.port(), false);
        for (int i = 0; i < 2; ++i)
            CHECK(session.confirm_accepted(30s).error().code == errc::peer_rejected_certificate);
    }
    SUBCASE("a transport without deadlines waits as it does") {
        testbed::server_thread<typename P::server> server({.server = asking(v, asks::certificate, false)});
        auto const socket = testbed::connect_to_loopback(server.port());
        using plain = testbed::wrapped_transport<tls::descriptor_transport>;
        auto session = client_of<P>(with_identity(v))
                           .connect(tls::server_name::dns("localhost"), plain{tls::descriptor_transport(socket.get())});
        REQUIRE(session);
        REQUIRE(session->write_all(testbed::view_of("hello")));
        CHECK(session->confirm_accepted(0ms) == acceptance::accepted);
        CHECK(session->close());
    }
}

} // namespace parity::confirm_cases

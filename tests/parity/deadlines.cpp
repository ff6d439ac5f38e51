// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/tcp.hpp"
#include "testbed/scripted_peer.hpp"
#include "testbed/server_thread.hpp"
#include "testbed/sockets.hpp"
#include <tls/transport/descriptor.hpp>

namespace parity::deadlines_cases {
namespace {

using namespace std::chrono_literals;
using testbed::behaviour;

constexpr tls::tcp_options short_deadlines{.connect_timeout = 5s, .read_timeout = 150ms, .write_timeout = 150ms};

template <class Server> testbed::thread_options serving(behaviour b, protocol_version v = protocol_version::tls_1_3) {
    testbed::thread_options o;
    o.server = good_server(v);
    o.behaviour = b;
    return o;
}

template <class B> auto connect(std::uint16_t port, tls::tcp_options const& o, protocol_version v) {
    return client_of<B>(only(v)).connect(tls::server_name::dns("localhost"), connection_to(port, o));
}

} // namespace

PARITY_CASE("a server that says nothing, or stops in the handshake, is a timeout", pairings, P) {
    for (auto const b : {behaviour::silent, behaviour::stop_in_handshake}) {
        // In TLS 1.3 the server's first flight completes our handshake: only 1.2 can be left waiting in the middle.
        auto const v = b == behaviour::silent ? protocol_version::tls_1_3 : protocol_version::tls_1_2;
        testbed::server_thread<typename P::server> server(serving<typename P::server>(b, v));
        auto const session = connect<typename P::backend>(server.port(), short_deadlines, v);
        REQUIRE(!session);
        CHECK(session.error().code == errc::timeout);
        CHECK(session.error().phase == tls::phase::handshake);
        server.stop();
    }
}

PARITY_CASE("one deadline covers a handshake whose bytes drip in", backends, B) {
    // Each byte would reset a deadline that counts from the last read; the total must not.
    testbed::scripted_peer peer(
        {testbed::action::receive_record(), testbed::action::send(testbed::octets({22})),
         testbed::action::send(testbed::octets({3})), testbed::action::hold()});
    auto const client = client_of<B>({});
    auto tcp = connection_to(peer.port(), {.read_timeout = 1h});
    tcp.expires_after(150ms);
    auto const session = client.connect(tls::server_name::dns("localhost"), std::move(tcp));
    REQUIRE(!session);
    CHECK(session.error().code == errc::timeout);
}

PARITY_CASE("a descriptor that blocks is waited for until the handshake's deadline", backends, B) {
    testbed::scripted_peer peer({testbed::action::receive_record(), testbed::action::hold()});
    auto const socket = testbed::connect_to_loopback(peer.port());
    auto const client = client_of<B>({.handshake_timeout = 100ms});
    auto handshake = client.start(tls::server_name::dns("localhost"), tls::descriptor_transport(socket.get()));
    REQUIRE(handshake);
    for (int i = 0; i < 2; ++i) CHECK(handshake->step().error().code == errc::timeout);
}

TEST_CASE("the overall deadline leaves what can be moved at once, and waits for nothing") {
    auto [ours, theirs] = testbed::socket_pair();
    tls::tcp_stream stream(ours.release());
    tls::descriptor_transport peer(theirs.get());
    REQUIRE(peer.write_some(testbed::view_of("already here")).bytes == 12);
    std::byte into[64];
    stream.expires_after(-1ms);
    CHECK(stream.read_some(into).bytes == 12);
    CHECK(stream.write_some(testbed::view_of("x")).bytes == 1);
    CHECK(stream.read_some(into).status == tls::io_status::timeout);
    stream.expires_never();
    CHECK(stream.expiry() == tls::tcp_stream::clock::time_point::max());
}

PARITY_CASE("a server that stops reading is a timeout, again and again", pairings, P) {
    testbed::server_thread<typename P::server> server(serving<typename P::server>(behaviour::stop_reading));
    auto session = connect<typename P::backend>(server.port(), short_deadlines, protocol_version::tls_1_3);
    REQUIRE(session);
    auto const data = testbed::pattern(64u * 1024 * 1024);
    auto const sent = session->write_all(data);
    REQUIRE(!sent);
    CHECK(sent.error().code == errc::timeout);
    CHECK(sent.error().phase == tls::phase::writing);
    CHECK(sent.error().transferred > 0);
    CHECK(sent.error().transferred < data.size());
    auto const again = session->write_all(data);
    REQUIRE(!again);
    CHECK(again.error().code == errc::timeout);
    server.stop();
}

PARITY_CASE("a read that timed out may be tried again, and nothing is lost", pairings, P, v) {
    testbed::server_thread<typename P::server> server(serving<typename P::server>(behaviour::echo, v));
    auto session = connect<typename P::backend>(server.port(), short_deadlines, v);
    REQUIRE(session);
    std::byte into[64];
    for (int i = 0; i < 2; ++i) CHECK(session->read_some(into).error().code == errc::timeout);
    REQUIRE(session->write_all(testbed::view_of("ping")));
    testbed::bytes got;
    while (got.size() < 4) {
        auto const n = session->read_some(into);
        if (n)
            testbed::append(got, testbed::byte_view(into).first(*n));
        else
            REQUIRE(n.error().code == errc::timeout);
    }
    CHECK(testbed::to_text(got) == "ping");
    REQUIRE(session->close());
    CHECK(server.report().peer_closed);
}

PARITY_CASE("one for everything that has passed leaves what is there to be read", pairings, P, v) {
    testbed::server_thread<typename P::server> server(serving<typename P::server>(behaviour::echo, v));
    auto session = connect<typename P::backend>(server.port(), {.read_timeout = 60s, .write_timeout = 60s}, v);
    REQUIRE(session);
    std::byte into[16];
    REQUIRE(session->write_all("ping"));
    REQUIRE(session->read_some(std::span(into).first(1)) == 1u);
    session->transport().expires_after(0ms);
    CHECK(session->read_some(into) == 3u);                         // decrypted already
    CHECK(session->read_some(into).error().code == errc::timeout); // and nothing else is there
    CHECK(session->write_all("pong"));                             // what can leave at once does
    session->transport().expires_never();
    std::size_t got = 0;
    while (got < 4) {
        auto const n = session->read_some(into);
        REQUIRE(n);
        got += *n;
    }
    REQUIRE(session->close());
    server.stop();
}

PARITY_CASE("what is not TLS, or ends too early, is reported as that", backends, B) {
    auto const client = client_of<B>({});
    auto const fails = [&](std::vector<testbed::action> script) {
        testbed::scripted_peer peer(std::move(script));
        auto const session = client.connect(tls::server_name::dns("localhost"), connection_to(peer.port()));
        REQUIRE(!session);
        return session.error();
    };
    using testbed::action;
    CHECK(fails({action::receive_record(), action::finish()}).code == errc::peer_closed);
    CHECK(
        fails({action::receive_record(), action::send(testbed::octets({22, 3, 3})), action::finish()}).code ==
        errc::peer_closed);
    auto const reset = fails({action::receive_record(), action::reset()});
    CHECK(reset.code == errc::io_error);
    CHECK(reset.system != 0);
    auto const http = fails(
        {action::receive_record(),
         action::send(testbed::to_bytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")), action::finish()});
    CHECK(http.code == errc::not_tls);
    CHECK(http.about.view() == "HTTP/");
    auto const alert =
        fails({action::receive_record(), action::send(testbed::wire::make_alert(2, 112)), action::finish()});
    CHECK(alert.code == errc::unrecognized_name);
    CHECK(alert.received == tls::alert::unrecognized_name);
}

} // namespace parity::deadlines_cases

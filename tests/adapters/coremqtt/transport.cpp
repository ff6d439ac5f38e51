// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/slow_link.hpp"
#include "parity/tcp.hpp"
#include "testbed/server_thread.hpp"
#include <tls/adapters/coremqtt.hpp>
#include <tls/any_client.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// For this test: whoever implements the interface may have one.
struct NetworkContext {
    int mine;
};

/// What coreMQTT's documentation asks of a transport, through its table of functions.
namespace parity::coremqtt_cases {
namespace {

using namespace std::chrono_literals;

std::int32_t receive(TransportInterface_t const& t, std::span<std::byte> into) {
    return t.recv(t.pNetworkContext, into.data(), into.size());
}
std::int32_t send(TransportInterface_t const& t, testbed::byte_view from) {
    return t.send(t.pNetworkContext, from.data(), from.size());
}

/// Sends everything, as coreMQTT does, and answers the last call's answer.
std::int32_t send_all(TransportInterface_t const& t, testbed::byte_view from) {
    while (!from.empty()) {
        auto const n = send(t, from);
        if (n < 0) return n;
        from = from.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

/// Receives until something is wrong, and answers what, or 0 if nothing is; the data goes behind `data`.
std::int32_t receive_all(TransportInterface_t const& t, testbed::bytes& data) {
    for (int idle = 0; idle != 100; ++idle) {
        std::array<std::byte, 4096> some;
        auto const n = receive(t, some);
        if (n < 0) return n;
        testbed::append(data, std::span(some).first(static_cast<std::size_t>(n)));
    }
    return 0;
}

std::int32_t number(errc code) { return -static_cast<std::int32_t>(code); }

/// Messages of two pieces each, there and back, 500 on their way at a time.
template <class Session> void exchange_small_messages(Session session, std::uint32_t messages) {
    tls::coremqtt::transport over(session, {.recv = 1min, .send = 1min});
    TransportInterface_t const t = over.functions();
    testbed::bytes sent;
    testbed::bytes got;
    for (std::uint32_t i = 0; i != messages; ++i) {
        auto const head = testbed::pattern(2, i);
        auto const body = testbed::pattern(1 + i % 40, i + 1);
        std::array<TransportOutVector_t, 2> pieces{{{head.data(), head.size()}, {body.data(), body.size()}}};
        auto const all = static_cast<std::int32_t>(head.size() + body.size());
        REQUIRE(t.writev(t.pNetworkContext, pieces.data(), pieces.size()) == all);
        testbed::append(sent, head);
        testbed::append(sent, body);
        if (i % 500 != 499) continue;
        while (got.size() < sent.size()) {
            std::array<std::byte, 4096> some;
            auto const n = receive(t, some);
            REQUIRE(n > 0);
            testbed::append(got, std::span(some).first(static_cast<std::size_t>(n)));
        }
    }
    CHECK(got == sent);
    CHECK(!over.last_error());
    REQUIRE(session.close());
    CHECK(receive_all(t, got) == number(errc::closed));
    CHECK(got == sent);
    REQUIRE(over.last_error());
    CHECK(over.last_error()->code == errc::closed);
}

/// What a server says before its connection ends, and how it ends.
struct ending {
    testbed::behaviour behaviour;
    errc code;
};

} // namespace

PARITY_CASE("coremqtt: 10 000 small messages over mutual TLS", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    testbed::server_thread<typename P::server> server({.server = strict_server(v), .connections = 2});
    auto session = client.connect(tls::server_name::dns("localhost"), connection_to(server.port()));
    REQUIRE(session);
    exchange_small_messages(std::move(*session), 10'000);

    auto const any = tls::any_client::of(client);
    REQUIRE(any);
    auto erased = any->connect(tls::server_name::dns("localhost"), connection_to(server.port()));
    REQUIRE(erased);
    exchange_small_messages(std::move(*erased), 500);
    for (auto const& report : server.reports()) CHECK(report.client_leaf == pki().client.leaf().der);
}

PARITY_CASE("coremqtt: one byte is not waited for, and more only as long as is allowed", pairings, P, v) {
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client_of<P>(only(v)));
    tls::coremqtt::transport over(session, {.recv = 250ms, .send = 700ms});
    TransportInterface_t const t = over.functions();
    std::array<std::byte, 8> into{};
    auto const one = std::span(into).first(1);
    auto const before = slow.at.now;
    (void)receive(t, into); // what the handshake left: tickets
    slow.at.now = before;
    CHECK(receive(t, one) == 0);
    CHECK(slow.at.now == before);
    CHECK(receive(t, into) == 0);
    CHECK(slow.at.now - before == 250ms);
    CHECK(receive(t, std::span(into).first(0)) == 0);
    slow.server.send(testbed::view_of("abc"));
    CHECK(receive(t, one) == 1);
    CHECK(into[0] == std::byte{'a'});
    CHECK(receive(t, into) == 2); // no more than there is
    CHECK(receive(t, one) == 0);
    CHECK(!over.last_error());

    // A link that takes nothing: what was taken is told, once, and leaves when there is room, before recv waits.
    slow.at.takes_nothing = true;
    auto const full = slow.at.now;
    auto const data = testbed::pattern(20'000);
    std::int32_t const taken = send(t, data);
    CHECK(taken == 16384);
    CHECK(slow.at.now - full == 700ms);
    CHECK(send(t, testbed::byte_view(data).subspan(16384)) == 0);
    CHECK(slow.at.now - full == 1400ms);
    CHECK(receive(t, one) == 0);
    CHECK(slow.at.now - full == 1400ms);
    CHECK(slow.server.received().empty());
    slow.at.takes_nothing = false;
    CHECK(receive(t, into) == 0);
    CHECK(!session.unsent());
    testbed::serve(slow.server, slow.pipe);
    CHECK(slow.server.received() == testbed::bytes(data.begin(), data.begin() + 16384));
    CHECK(!over.last_error());
}

PARITY_CASE("coremqtt: pieces share records, however many there are", pairings, P, v) {
    slow_server<P> slow(good_server(v));
    auto session = slow.session(client_of<P>(only(v)));
    tls::coremqtt::transport over(session);
    TransportInterface_t const t = over.functions();
    (void)slow.pipe.to_server.take_all();
    std::size_t const before = slow.pipe.to_server.history().size();
    auto const data = testbed::pattern(100);
    std::vector<TransportOutVector_t> pieces;
    for (std::size_t i = 0; i != 100; ++i) pieces.push_back({data.data() + i, 1});
    pieces[7].iov_len = 0;
    for (std::size_t done = 0; done != pieces.size();) {
        auto const n = t.writev(t.pNetworkContext, pieces.data() + done, pieces.size() - done);
        REQUIRE(n > 0);
        done += static_cast<std::size_t>(n) + (done == 0 ? 1 : 0); // the empty one is among the first
    }
    CHECK(t.writev(t.pNetworkContext, pieces.data(), 0) == 0);
    CHECK(
        testbed::wire::records(testbed::byte_view(slow.pipe.to_server.history()).subspan(before)).size() ==
        100 / 32 + 1);
    testbed::serve(slow.server, slow.pipe);
    testbed::bytes expected = data;
    expected.erase(expected.begin() + 7);
    CHECK(slow.server.received() == expected);
}

PARITY_CASE("coremqtt: a connection that ended is an error, and never nothing yet", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    for (auto const& [behaviour, code] :
         {ending{testbed::behaviour::send_then_close, errc::closed},
          ending{testbed::behaviour::send_then_drop, errc::truncated},
          ending{testbed::behaviour::send_then_reset, errc::io_error}}) {
        CAPTURE(tls::name(code));
        testbed::server_thread<typename P::server> server(
            {.server = good_server(v), .behaviour = behaviour, .amount = 3000});
        auto session = client.connect(tls::server_name::dns("localhost"), connection_to(server.port()));
        REQUIRE(session);
        tls::coremqtt::transport over(*session, {.recv = 1min});
        TransportInterface_t const t = over.functions();
        testbed::bytes got;
        CHECK(receive_all(t, got) == number(code));
        if (code != errc::io_error) CHECK(got == testbed::pattern(3000)); // a reset may overtake what was sent
        REQUIRE(over.last_error());
        CHECK(over.last_error()->code == code);
        std::array<std::byte, 1> one{};
        for (int i = 0; i != 3; ++i) CHECK(receive(t, one) == number(code));
    }
}

PARITY_CASE("coremqtt: after the server's half close data still goes to it", pairings, P, v) {
    testbed::server_thread<typename P::server> server(
        {.server = good_server(v), .behaviour = testbed::behaviour::close_then_read, .amount = 100});
    {
        auto session = client_of<P>(only(v)).connect(tls::server_name::dns("localhost"), connection_to(server.port()));
        REQUIRE(session);
        tls::coremqtt::transport over(*session, {.recv = 1min});
        TransportInterface_t const t = over.functions();
        testbed::bytes got;
        CHECK(receive_all(t, got) == number(errc::closed));
        CHECK(got == testbed::pattern(100));
        CHECK(send_all(t, testbed::pattern(3000)) == 0);
        REQUIRE(session->close());
    }
    CHECK(server.report().bytes_received == 3000);
}

PARITY_CASE("coremqtt: a refused certificate is told before the first byte, or with it", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(foreign_credentials())}));
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    auto session = client.connect(tls::server_name::dns("localhost"), connection_to(server.port()));
    if (v == protocol_version::tls_1_2) {
        REQUIRE(!session);
        CHECK(session.error().code == errc::peer_rejected_certificate);
        return;
    }
    REQUIRE(session);
    tls::coremqtt::transport over(*session, {.recv = 1min});
    TransportInterface_t const t = over.functions();
    (void)send_all(t, testbed::view_of("CONNECT"));
    testbed::bytes got;
    CHECK(receive_all(t, got) == number(errc::peer_rejected_certificate));
    CHECK(got.empty());
    REQUIRE(over.last_error());
    std::string const text = tls::explain(*over.last_error());
    CHECK(text.find("the server rejected our certificate") != std::string::npos);
    CHECK(over.last_error()->received);
}

PARITY_CASE("coremqtt: a server that reads no more makes send answer 0, and then an error", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    testbed::server_thread<typename P::server> server(
        {.server = good_server(v), .behaviour = testbed::behaviour::stop_reading});
    auto session = client.connect(tls::server_name::dns("localhost"), connection_to(server.port()));
    REQUIRE(session);
    tls::coremqtt::transport over(*session, {.recv = 1min, .send = 1ms});
    TransportInterface_t const t = over.functions();
    auto const data = testbed::pattern(16384);
    std::int32_t n = 0;
    while ((n = send(t, data)) > 0) {
    }
    CHECK(n == 0);
    CHECK(!over.last_error());
    server.stop();
    while ((n = send(t, data)) >= 0) {
    }
    REQUIRE(over.last_error());
    CHECK(n == number(over.last_error()->code));
}

} // namespace parity::coremqtt_cases

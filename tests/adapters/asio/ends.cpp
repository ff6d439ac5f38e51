// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"

#include <string>

/// How connections of streams of Asio end.
namespace parity::asio_cases {
namespace {

constexpr std::size_t amount = 100'000;

/// What a client reads from a server that sends and then ends the connection like that.
template <class P> void reads(protocol_version v, behaviour how, auto expected, errc whole) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = how, .amount = amount});
    REQUIRE(!m.handshake().code);
    auto const code = m.read_to_end();
    CHECK(code == expected);
    CHECK(m.s.last_error() == whole);
    if (how != behaviour::send_then_reset) CHECK(m.text.size() == amount);
    // It stays so.
    CHECK(m.read_some().code == code);
    if (how == behaviour::send_then_reset) CHECK(m.s.last_error().system != 0);
}

PARITY_CASE("asio: a close_notify is an end, a bare end is a truncation", pairings, P, v) {
    reads<P>(v, behaviour::send_then_close, net::error::eof, errc::closed);
    reads<P>(v, behaviour::send_then_drop, errc::truncated, errc::truncated);
}

PARITY_CASE("asio: a reset is told as the socket tells it", crossed, P, v) {
    reads<P>(v, behaviour::send_then_reset, net::error::connection_reset, errc::io_error);
}

PARITY_CASE("asio: an end after the server's first flight", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = behaviour::drop_in_handshake});
    auto code = m.handshake().code;
    bool const whole = v == protocol_version::tls_1_3; // for us: our Finished is the last message
    CHECK(!code == whole);
    if (whole) code = m.read_some().code;
    // What we still send to a socket that was closed comes back as a reset.
    bool const reset = code == net::error::connection_reset || code == net::error::broken_pipe;
    CHECK((reset || code == (whole ? errc::truncated : errc::peer_closed)));
    CHECK(m.s.last_error().phase == (whole ? tls::phase::reading : tls::phase::handshake));
    if (!whole) CHECK(m.read_some().code == net::error::not_connected);
}

PARITY_CASE("asio: after our close_notify all that the peer still sends is read", pairings, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    REQUIRE(!m.handshake().code);
    std::string const data(amount, 'z');
    CHECK(!m.write(data).code);
    CHECK(!m.shutdown().code);
    CHECK(!m.shutdown().code); // once more changes nothing
    CHECK(m.write("x").code == errc::not_writable);
    CHECK(m.read_to_end() == net::error::eof);
    CHECK(m.text == data);
    CHECK(m.server.report().peer_closed);
}

PARITY_CASE("asio: a shutdown does not wait for the peer's close_notify", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = behaviour::stop_reading});
    REQUIRE(!m.handshake().code);
    CHECK(!m.shutdown().code);
}

PARITY_CASE("asio: a timer ends a handshake with a server that says nothing", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .behaviour = behaviour::silent});
    net::steady_timer timer(m.io, 50ms);
    outcome_of done;
    m.s.async_handshake(localhost, done.handler());
    timer.async_wait([&](error_code) { m.s.lowest_layer().cancel(); });
    run(m.io);
    REQUIRE(done.done());
    CHECK(done->code == net::error::operation_aborted);
    CHECK(m.s.last_error() == errc::io_error);
    CHECK(tls::explain(m.s.last_error()).size() > 0);
    CHECK(m.read_some().code == net::error::not_connected);
}

PARITY_CASE("asio: a timer ends a read, and the stream goes on", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    REQUIRE(!m.handshake().code);
    for (int i = 0; i < 3; ++i) {
        net::steady_timer timer(m.io, 10ms);
        outcome_of done;
        m.s.async_read_some(net::buffer(m.into), done.handler());
        timer.async_wait([&](error_code) { m.s.lowest_layer().cancel(); });
        run(m.io);
        REQUIRE(done.done());
        CHECK(done->code == net::error::operation_aborted);
        CHECK(done->bytes == 0);
        m.echo("still here");
    }
}

} // namespace
} // namespace parity::asio_cases

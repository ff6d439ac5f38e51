// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"
#include <tls/any_client.hpp>

#include <string>

/// Handshakes of streams of Asio, and what comes of them.
namespace parity::asio_cases {
namespace {

PARITY_CASE("asio: mutual TLS, an echo, facts, and the end", pairings, P, v) {
    meeting<P> m(with_identity(v), {.server = strict_server(v)});
    CHECK(!m.s.established());
    CHECK(!m.s.facts().client_certificate_requested);
    auto const done = m.handshake();
    CHECK_MESSAGE(!done.code, tls::explain(m.s.last_error()));
    CHECK(m.s.established());
    CHECK(m.s.facts().version == v);
    CHECK(m.s.facts().client_certificate_requested == true);
    m.echo("hello");
    m.echo(std::string(100'000, 'x'));
    CHECK(!m.shutdown().code);
    CHECK(m.read_some().code == net::error::eof);
    CHECK(m.s.last_error() == errc::closed);
    auto const report = m.server.report();
    CHECK(report.peer_closed);
    CHECK(report.client_leaf == pki().client.leaf().der);
    CHECK(report.sni == "localhost");
}

PARITY_CASE("asio: a server's certificate that we refuse, and the alert has left", crossed, P, v) {
    auto stranger = only(v);
    stranger.anchors = trust(pki(testbed::key_kind::p384));
    meeting<P> m(stranger, {.server = good_server(v)});
    auto const done = m.handshake();
    CHECK(done.code == errc::untrusted);
    CHECK(m.s.last_error() == errc::untrusted);
    CHECK(m.s.last_error().phase == tls::phase::handshake);
    CHECK(tls::explain(m.s.last_error()).find("trust anchor") != std::string::npos);
    CHECK(tls::asio::errc_of(done.code) == errc::untrusted);
    CHECK(done.code.message() == tls::message(errc::untrusted));
    CHECK(m.read_some().code == net::error::not_connected);
    CHECK(m.server.report().alert_received == tls::number(tls::alert::unknown_ca));
}

PARITY_CASE("asio: a handshake that waits for a signature, and goes on with it", crossed, P, v) {
    meeting<P> m(signed_later(v), {.server = strict_server(v), .connections = 2});
    auto const go_on = [&] { return finish(m.io, [&](auto h) { m.s.async_resume_handshake(std::move(h)); }); };
    CHECK(!m.s.wanted_signature());
    CHECK(m.s.give_signature({}).error() == errc::spent);
    CHECK(go_on().code == net::error::not_connected);
    CHECK(m.handshake().code == errc::want_signature);
    CHECK(go_on().code == errc::want_signature);
    auto const wanted = m.s.wanted_signature();
    REQUIRE(wanted);
    CHECK(m.s.give_signature(signature_for(*wanted)));
    CHECK(!go_on().code);
    CHECK(m.s.established());
    CHECK(!m.s.wanted_signature());
    m.echo("signed");

    m.s.lowest_layer().close();
    m.s.lowest_layer().connect(tcp::endpoint(net::ip::address_v4::loopback(), m.server.port()));
    CHECK(m.handshake().code == errc::want_signature);
    m.s.refuse_signature("no key");
    error_code code;
    m.s.handshake(code); // the call that waits goes on in the same way
    CHECK(code == errc::signing_failed);
    CHECK(m.s.last_error().about.view() == "no key");
}

PARITY_CASE("asio: another name than the certificate's", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    CHECK(m.handshake(tls::server_name::parse("elsewhere.example")).code == errc::name_mismatch);
}

PARITY_CASE("asio: a server that refuses our certificate, before the handshake is over or after", pairings, P, v) {
    meeting<P> m(only(v, {.who = identity(foreign_credentials())}), {.server = strict_server(v)});
    auto done = m.handshake();
    if (v == protocol_version::tls_1_3) {
        CHECK(!done.code);
        done = m.read_some();
    }
    CHECK(done.code == errc::peer_rejected_certificate);
    CHECK(m.s.last_error().received);
    CHECK(m.s.last_error().phase == (v == protocol_version::tls_1_3 ? tls::phase::reading : tls::phase::handshake));
    // Then everything says so.
    if (v == protocol_version::tls_1_3) CHECK(m.write("x").code == errc::peer_rejected_certificate);
}

PARITY_CASE("asio: what is wrong before anything was sent", backends, B) {
    meeting<pairing<B, testbed::mbedtls_server>> m({}, {.server = good_server(protocol_version::tls_1_3)});
    CHECK(m.read_some().code == net::error::not_connected);
    CHECK(m.write("x").code == net::error::not_connected);
    CHECK(m.shutdown().code == net::error::not_connected);
    CHECK(m.handshake(tls::server_name::parse("no name")).code == errc::bad_server_name);
    CHECK(m.s.last_error().about.view() == "no name");
    // None of that has touched the connection.
    CHECK(!m.handshake().code);
    m.echo("hello");
}

PARITY_CASE("asio: a stream is connected anew", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v), .connections = 2});
    CHECK(!m.handshake().code);
    m.echo("first");
    m.s.lowest_layer().close();
    CHECK(m.write("x").code == net::error::bad_descriptor);
    m.s.lowest_layer().connect(tcp::endpoint(net::ip::address_v4::loopback(), m.server.port()));
    CHECK(!m.handshake().code);
    m.echo("second");
}

TEST_CASE("asio: the backend is chosen at run time") {
    for (char const* const name : {"wolfssl", "mbedtls"}) {
        testbed::server_thread<testbed::mbedtls_server> server({.server = good_server(protocol_version::tls_1_3)});
        auto client = tls::any_client::build<tls::wolfssl, tls::mbedtls>(
            name, [](auto builder) { return std::move(builder).trust(trust(pki())).no_identity().build(); });
        REQUIRE(client);
        net::io_context io;
        tcp::socket socket(io);
        socket.connect(tcp::endpoint(net::ip::address_v4::loopback(), server.port()));
        tls::asio::stream<tcp::socket&, tls::asio::any_backend> s(socket, *client); // refers to a socket, too
        CHECK(&s.next_layer() == &socket);
        CHECK(&s.lowest_layer() == &socket);
        CHECK(s.get_executor() == io.get_executor());
        CHECK(!finish(io, [&](auto h) { s.async_handshake(localhost, std::move(h)); }).code);
        CHECK(s.facts().version == protocol_version::tls_1_3);
        auto moved = std::move(s);
        CHECK(!finish(io, [&](auto h) { moved.async_shutdown(std::move(h)); }).code);
        CHECK(server.report().peer_closed);
    }
}

PARITY_CASE("asio: the calls that wait", crossed, P, v) {
    meeting<P> m(with_identity(v), {.server = strict_server(v)});
    m.s.handshake(localhost);
    std::string const line(50'000, 'y');
    CHECK(net::write(m.s, net::buffer(line)) == line.size());
    std::string back(line.size(), ' ');
    CHECK(net::read(m.s, net::buffer(back)) == line.size());
    CHECK(back == line);
    m.s.shutdown();
    error_code code;
    CHECK(m.s.read_some(net::buffer(back), code) == 0);
    CHECK(code == net::error::eof);
    CHECK_THROWS_AS(m.s.read_some(net::buffer(back)), tls::asio::system_error);
    CHECK_THROWS_AS(m.s.handshake(tls::server_name::parse("")), tls::asio::system_error);
}

PARITY_CASE("asio: the calls that wait, on a socket that does not", crossed, P, v) {
    meeting<P> m(only(v), {.server = good_server(v)});
    m.s.lowest_layer().non_blocking(true);
    auto const repeat = [&](auto call) {
        for (;;) {
            error_code code;
            call(code);
            if (code != net::error::would_block) return code;
            CHECK(m.s.last_error().would_block());
            m.s.lowest_layer().async_wait(tcp::socket::wait_read, [](error_code) {});
            run(m.io);
        }
    };
    error_code begun;
    m.s.handshake(localhost, begun);
    CHECK((!begun || !repeat([&](error_code& code) { m.s.handshake(code); })));
    CHECK(m.s.established());
    error_code nothing; // has come, but a ticket perhaps
    CHECK(m.s.read_some(net::buffer(m.into), nothing) == 0);
    CHECK(nothing == net::error::would_block);
    CHECK(!repeat([&](error_code& code) { CHECK(m.s.write_some(net::buffer("hello", 5), code) == 5); }));
    std::size_t n = 0;
    CHECK(!repeat([&](error_code& code) { n = m.s.read_some(net::buffer(m.into), code); }));
    CHECK(std::string_view(m.into.data(), n) == "hello");
    CHECK(!repeat([&](error_code& code) { m.s.shutdown(code); }));
}

} // namespace
} // namespace parity::asio_cases

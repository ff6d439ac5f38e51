// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/transports.hpp"

#include <string>

namespace parity::client_certificate_cases {
namespace {

/// A pipe that breaks when the test says so; what has arrived by then can still be read.
struct breakable : testbed::pipe_transport {
    bool* broken;

    tls::io_result read_some(std::span<std::byte> into) noexcept {
        return *broken && pipe->to_client.empty() ? tls::io_result::broken(104) : pipe_transport::read_some(into);
    }
    tls::io_result write_some(std::span<std::byte const> from) noexcept {
        return *broken ? tls::io_result::broken(32) : pipe_transport::write_some(from);
    }
};

/// Handshakes; if that succeeds (TLS 1.3 does, before the server has judged us), reads.
template <class C> tls::error failure_of(C& c) {
    auto const done = c.run();
    if (!done) return done.error();
    auto const n = c.read();
    REQUIRE(!n);
    return n.error();
}

} // namespace

PARITY_CASE("no certificate where one is required: the server's refusal reaches the caller", pairings, P, v) {
    auto c = converse<P>(only(v), strict_server(v));
    auto const e = failure_of(c);
    CHECK(e.code == errc::peer_rejected_certificate);
    CHECK(e.phase == (v == protocol_version::tls_1_3 ? tls::phase::reading : tls::phase::handshake));
    REQUIRE(e.received);
    CHECK(static_cast<int>(*e.received) == c.server.alert_sent());
    CHECK(e.handshake.client_certificate_requested == true);
    CHECK(e.handshake.certificates_sent == 0);
    CHECK(e.handshake.version == v);
    CHECK(c.server.client_certificates_received() == 0);
    CHECK(e.native != 0);
    CHECK(std::string_view(e.backend) == P::backend::name);
    auto const words = tls::explain(e);
    CHECK(words.starts_with("the server requires a certificate and we sent none"));
    CHECK(words.find("the server asked for a client certificate: yes") != std::string::npos);
    CHECK(words.find("an empty Certificate message") != std::string::npos);
}

PARITY_CASE("a certificate of a foreign authority is refused with the server's alert", pairings, P, v) {
    auto c = converse<P>(only(v, {.who = identity(foreign_credentials())}), strict_server(v));
    auto const e = failure_of(c);
    CHECK(e.code == errc::peer_rejected_certificate);
    REQUIRE(e.received);
    CHECK(static_cast<int>(*e.received) == c.server.alert_sent());
    CHECK(e.handshake.client_certificate_requested == true);
    CHECK(e.handshake.certificates_sent == 1);
}

PARITY_CASE(
    "an expired certificate of ours is a warning when the client is built, and refused by the server later", pairings,
    P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(expired_credentials())}));
    CHECK(client.identity_is_out_of_date());
    auto c = converse<P>(client, strict_server(v));
    auto const e = failure_of(c);
    CHECK(e.code == errc::peer_rejected_certificate);
    CHECK(e.handshake.certificates_sent == 2);
    CHECK(!build<P>(only(v, {.who = identity(pki().client)}))->identity_is_out_of_date());
}

PARITY_CASE("a server that asks but does not insist gets the chain, or nothing", pairings, P, v) {
    for (bool const with_identity : {false, true}) {
        auto wanted = only(v);
        if (with_identity) wanted.who = identity(pki().client);
        auto c = connected<P>(wanted, asking_server(v));
        CHECK(c.server.client_certificates_received() == (with_identity ? 2 : 0));
        CHECK(c.client.facts().client_certificate_requested == true);
        CHECK(c.client.facts().certificates_sent == (with_identity ? 2 : 0));
    }
}

PARITY_CASE("the alert is found when the transport breaks while we write", pairings, P, v) {
    // The server refuses us and goes away; our next write fails, and its alert is already among the bytes that arrived.
    auto const client = client_of<P>(only(v));
    testbed::wire::byte_pipe pipe;
    bool broken = false;
    typename P::server server(strict_server(v));
    auto handshake = client.start(tls::server_name::dns("localhost"), breakable{{&pipe}, &broken});
    REQUIRE(handshake);
    auto step = handshake->step();
    while (!step && step.error().code == errc::want_read && !server.failed()) {
        testbed::serve(server, pipe);
        if (!server.failed()) step = handshake->step();
    }
    testbed::serve(server, pipe);
    REQUIRE(server.failed());
    broken = true;
    tls::error e;
    if (v == protocol_version::tls_1_2) {
        auto const after = handshake->step();
        REQUIRE(!after);
        e = after.error();
    } else {
        REQUIRE(step);
        auto const written = step->write_all(testbed::view_of("request"));
        REQUIRE(!written);
        e = written.error();
        CHECK(e.phase == tls::phase::writing);
    }
    CHECK(e.code == errc::peer_rejected_certificate);
    REQUIRE(e.received);
    CHECK(static_cast<int>(*e.received) == server.alert_sent());
}

} // namespace parity::client_certificate_cases

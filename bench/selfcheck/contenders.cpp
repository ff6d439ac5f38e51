// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"
#include "handshakes.hpp"
#include "testbed/certificate_factory.hpp"

#include <string>

#include <doctest/doctest.h>

namespace bench {
namespace {

/// Makes a handshake in which the contender was told something other than what the server is.
void try_with(contender_kind const& kind, handshake_case const& c, credentials const& told) {
    auto const server = make_server(c, credentials_of(c));
    auto const client = kind.configure(c, told);
    auto const accepted = server->accept();
    auto const connection = client->connect();
    bytes from_server;
    bytes to_server;
    for (int i = 0; i < 10; ++i) {
        to_server.clear();
        bool const done = connection->handshake(from_server, to_server);
        from_server.clear();
        if (done) return;
        accepted->step(to_server, from_server);
    }
}

} // namespace

TEST_CASE("every contender makes the handshake of every case, as client and server both say") {
    for (auto const& c : handshake_cases())
        for (auto const& kind : contenders_for(c)) {
            CAPTURE(c.id);
            CAPTURE(kind.id);
            // The constructor and `establish` throw unless version, suite, resumption, verification, application
            // protocol and client certificates are those of the case.
            lane l(kind, c);
            for (int i = 0; i < 3; ++i) {
                auto e = l.establish(plainly);
                l.greet(e, plainly);
                CHECK(e.bytes_sent > 0);
                CHECK(e.bytes_received > 0);
                CHECK(e.round_trips == (c.version == tls::protocol_version::tls_1_2 && !c.resumed ? 2 : 1));
            }
        }
}

TEST_CASE("every contender accepts the server it was told to connect to, and no other") {
    for (auto const& c : handshake_cases()) {
        if (c.resumed || c.other_anchors != 0) continue;
        for (auto const& kind : contenders_for(c)) {
            CAPTURE(c.id);
            CAPTURE(kind.id);
            auto told = credentials_of(c);
            CHECK_NOTHROW(try_with(kind, c, told));
            told.name = "other.example";
            CHECK_THROWS(try_with(kind, c, told));
            told = credentials_of(c);
            auto spec = testbed::root_spec();
            spec.common_name = "nobody's root";
            told.trust_anchors = testbed::issue(spec, testbed::pooled_key(testbed::key_kind::p256, 9)).pem();
            CHECK_THROWS(try_with(kind, c, told));
        }
    }
}

} // namespace bench

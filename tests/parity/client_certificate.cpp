// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <string>

namespace parity {
namespace {

/// A server that requires a certificate from our PKI's root.
testbed::server_options strict_server(protocol_version v) {
    auto options = good_server(v);
    options.require_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    return options;
}

/// Handshakes; if that succeeds (TLS 1.3 does, before the server has judged us), reads.
template <class C> tls::error failure_of(C& c) {
    auto const done = c.run();
    if (!done) return done.error();
    auto const n = c.read();
    REQUIRE(!n);
    return n.error();
}

} // namespace

TEST_CASE_TEMPLATE_DEFINE("no certificate where one is required: the server's refusal reaches the caller", P, none) {
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const client = build<typename P::backend>(only(v));
        REQUIRE(client);
        auto c = converse<P>(*client, strict_server(v));
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
}
TEST_CASE_TEMPLATE_APPLY(none, pairings);

TEST_CASE_TEMPLATE_DEFINE("a certificate of a foreign authority is refused with the server's alert", P, foreign) {
    static auto const other = [] {
        auto spec = testbed::root_spec();
        spec.common_name = "foreign root";
        auto const& root_key = testbed::pooled_key(testbed::key_kind::p256, 7);
        testbed::issuer const root{testbed::issue(spec, root_key), &root_key};
        auto const& leaf_key = testbed::pooled_key(testbed::key_kind::p256, 8);
        return testbed::credentials{{testbed::issue(testbed::client_spec(), leaf_key, &root)}, &leaf_key};
    }();
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto wanted = only(v);
        wanted.who = identity(other);
        auto const client = build<typename P::backend>(wanted);
        REQUIRE(client);
        auto c = converse<P>(*client, strict_server(v));
        auto const e = failure_of(c);
        CHECK(e.code == errc::peer_rejected_certificate);
        REQUIRE(e.received);
        CHECK(static_cast<int>(*e.received) == c.server.alert_sent());
        CHECK(e.handshake.client_certificate_requested == true);
        CHECK(e.handshake.certificates_sent == 1);
    }
}
TEST_CASE_TEMPLATE_APPLY(foreign, pairings);

TEST_CASE_TEMPLATE_DEFINE(
    "an expired certificate of ours is a warning when built and the server's refusal later", P, expired) {
    auto spec = testbed::client_spec();
    spec.not_before = testbed::now() - std::chrono::days(20);
    spec.not_after = testbed::now() - std::chrono::days(10);
    auto const old = pki().client_with(spec);
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto wanted = only(v);
        wanted.who = identity(old);
        auto const client = build<typename P::backend>(wanted);
        REQUIRE(client);
        CHECK(client->identity_is_out_of_date());
        auto c = converse<P>(*client, strict_server(v));
        auto const e = failure_of(c);
        CHECK(e.code == errc::peer_rejected_certificate);
        CHECK(e.handshake.certificates_sent == 2);
    }
    auto fresh = only(protocol_version::tls_1_3);
    fresh.who = identity(pki().client);
    CHECK(!build<typename P::backend>(fresh)->identity_is_out_of_date());
}
TEST_CASE_TEMPLATE_APPLY(expired, pairings);

TEST_CASE_TEMPLATE_DEFINE(
    "a server that asks and does not insist gets the chain, or nothing", P, optional_certificate) {
    for (protocol_version const v : versions) {
        for (bool const with_identity : {false, true}) {
            CAPTURE(tls::name(v));
            auto wanted = only(v);
            if (with_identity) wanted.who = identity(pki().client);
            auto const client = build<typename P::backend>(wanted);
            REQUIRE(client);
            auto options = good_server(v);
            options.request_client_certificate = true;
            options.client_anchors = {pki().root.certificate};
            auto c = converse<P>(*client, options);
            REQUIRE(c.run());
            CHECK(c.server.client_certificates_received() == (with_identity ? 2 : 0));
            CHECK(c.client.facts().client_certificate_requested == true);
            CHECK(c.client.facts().certificates_sent == (with_identity ? 2 : 0));
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(optional_certificate, pairings);

TEST_CASE_TEMPLATE_DEFINE("the alert is found when the transport breaks while we write", P, alert_after_failed_write) {
    // The server refuses us and goes away; our next write fails, and its alert is already among the bytes that arrived.
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        struct breakable {
            testbed::wire::byte_pipe* pipe;
            bool* broken;
            tls::io_result read_some(std::span<std::byte> into) noexcept {
                if (pipe->to_client.empty()) return *broken ? tls::io_result::broken(104) : tls::io_result::blocked();
                return tls::io_result::moved(pipe->to_client.pop(into));
            }
            tls::io_result write_some(std::span<std::byte const> from) noexcept {
                if (*broken) return tls::io_result::broken(32);
                pipe->to_server.push(from);
                return tls::io_result::moved(from.size());
            }
        };
        auto const client = build<typename P::backend>(only(v));
        REQUIRE(client);
        testbed::wire::byte_pipe pipe;
        bool broken = false;
        typename P::server server(strict_server(v));
        auto handshake = client->start(tls::server_name::dns("localhost"), breakable{&pipe, &broken});
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
}
TEST_CASE_TEMPLATE_APPLY(alert_after_failed_write, pairings);

} // namespace parity

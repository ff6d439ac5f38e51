// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/server.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A client on an Mbed TLS that takes 4096 bytes at once and sends 2048, with a server of wolfSSL, which has no such
/// limits.
namespace small_buffers {
namespace {

using tls::errc;
using tls::protocol_version;
static_assert(MBEDTLS_SSL_IN_CONTENT_LEN == 4096 && MBEDTLS_SSL_OUT_CONTENT_LEN == 2048);

constexpr protocol_version versions[] = {protocol_version::tls_1_2, protocol_version::tls_1_3};

testbed::pki const& pki() {
    static testbed::pki const made = testbed::make_pki();
    return made;
}

/// The good server, with a certificate of so many names behind its chain, which no client needs.
testbed::server_options server(protocol_version v, int names = 0) {
    auto options = testbed::server_options::showing(pki().server, v);
    auto spec = testbed::root_spec();
    for (int i = 0; i != names; ++i) spec.dns.push_back("name-" + std::to_string(i) + ".example");
    if (names != 0) options.chain.push_back(testbed::issue(spec, testbed::pooled_key(testbed::key_kind::p256)));
    return options;
}

tls::result<tls::client<tls::mbedtls>> build(protocol_version v, std::size_t max_fragment) {
    auto b = tls::client<tls::mbedtls>::configure()
                 .trust(tls::trust_anchors::from_pem(pki().root_pem()))
                 .no_identity()
                 .versions(v, v);
    if (max_fragment != 0) return std::move(b).max_fragment_length(max_fragment).build();
    return std::move(b).build();
}

struct conversation {
    conversation(protocol_version v, testbed::server_options const& options, std::size_t max_fragment = 0)
        : server(options) {
        auto const client = build(v, max_fragment);
        REQUIRE(client);
        auto made = client->engine(tls::server_name::dns("localhost"));
        REQUIRE(made);
        engine.emplace(std::move(*made));
    }

    /// Carries bytes both ways until nothing moves; returns how the handshake stands.
    tls::result<void> run() {
        for (;;) {
            auto const state = engine->handshake();
            auto const out = engine->drain();
            server.feed(out);
            bool const sent = !out.empty();
            engine->drained(out.size());
            server.step();
            auto const back = server.drain();
            if (!back.empty()) (void)engine->feed(back);
            if (back.empty() && !sent) return state;
        }
    }
    /// What the client makes of data in records as long as its server makes them.
    tls::result<testbed::bytes> hear(testbed::byte_view data) {
        server.send(data);
        REQUIRE(engine->feed(server.drain()));
        testbed::bytes have(data.size());
        for (std::size_t at = 0; at != have.size();) {
            auto const n = engine->read(std::span(have).subspan(at));
            if (!n) return std::unexpected(n.error());
            at += *n;
        }
        return have;
    }

    testbed::wolfssl_server server;
    std::optional<tls::engine<tls::mbedtls>> engine{};
};

void check_told(tls::error const& e) {
    CHECK_MESSAGE(e.code == errc::buffers_too_small, tls::explain(e));
    CHECK(tls::whose_fault(e.code) == tls::fault::build);
    auto const text = tls::explain(e);
    CHECK_MESSAGE(text.find("a maximum fragment length") != text.npos, text);
}

} // namespace

TEST_CASE("small buffers: records that fit are read, and a longer one is told from a damaged one") {
    for (auto const v : versions)
        for (std::size_t const size : {4097U, 4150U, 4500U, 16000U}) {
            CAPTURE(tls::name(v));
            CAPTURE(size);
            conversation c(v, server(v));
            REQUIRE(c.run());
            auto const fits = testbed::pattern(4000);
            CHECK(c.hear(fits).value() == fits);
            auto const n = c.hear(testbed::pattern(size));
            REQUIRE(!n);
            check_told(n.error());
            testbed::bytes one(1);
            CHECK(c.engine->read(one).error() == errc::buffers_too_small); // and stays so
        }
}

TEST_CASE("small buffers: a server that is asked for short records is read") {
    for (auto const v : versions) {
        CAPTURE(tls::name(v));
        conversation c(v, server(v), 2048);
        REQUIRE(c.run());
        auto const data = testbed::pattern(16000);
        CHECK(c.hear(data).value() == data);
        auto const made = build(v, 4096);
        REQUIRE(!made);
        CHECK(made.error() == errc::unsupported);
    }
}

TEST_CASE("small buffers: a chain of certificates that does not fit, in one record or in short ones") {
    for (auto const v : versions)
        for (std::size_t const max_fragment : {0U, 2048U}) {
            CAPTURE(tls::name(v));
            CAPTURE(max_fragment);
            conversation good(v, server(v, 20), max_fragment);
            CHECK(good.run());
            conversation c(v, server(v, 300), max_fragment);
            auto const done = c.run();
            REQUIRE(!done);
            INFO(c.server.error_text());
            check_told(done.error());
            CHECK(!c.server.established());
        }
}

TEST_CASE("small buffers: what is no record is not taken for a long one") {
    for (auto const v : versions) {
        CAPTURE(tls::name(v));
        conversation c(v, server(v));
        REQUIRE(c.run());
        REQUIRE(c.engine->feed(testbed::octets({23, 3, 3, 0xff, 0xff})));
        testbed::bytes one(1);
        auto const n = c.engine->read(one);
        REQUIRE(!n);
        CHECK_MESSAGE(n.error() == errc::record_overflow, tls::explain(n.error()));
    }
}

} // namespace small_buffers

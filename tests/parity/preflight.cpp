// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/configuration/preflight.hpp>
#include <tls/core/time_text.hpp>

#include <string>
#include <vector>

namespace parity::preflight_cases {
namespace {

using testbed::key_kind;
using tls::finding_kind;
using tls::findings;
using tls::severity;

/// The findings of a client, after checking that both backends give the same, in the same words.
findings both(client_options const& options, std::string_view name = "localhost") {
    auto const a = client_of<tls::wolfssl>(options);
    auto const b = client_of<tls::mbedtls>(options);
    auto const wanted = tls::server_name::parse(name);
    REQUIRE(wanted);
    auto const x = a.preflight(*wanted);
    auto const y = b.preflight(*wanted);
    CHECK(std::vector<tls::finding>(x.begin(), x.end()) == std::vector<tls::finding>(y.begin(), y.end()));
    // The clock may have gone on between the two; without it the words are the same.
    auto const words = [](findings const& f) {
        std::string text = tls::explain(f);
        std::string const clock(tls::detail::time_text(f.clock()).view());
        for (auto at = text.find(clock); at != std::string::npos; at = text.find(clock)) text.erase(at, clock.size());
        return text;
    };
    CHECK(words(x) == words(y));
    return x;
}

client_options showing(testbed::credentials const& who) { return {.who = identity(who)}; }

/// The findings of a client that shows this certificate, from the good intermediate.
findings both_showing(testbed::certificate_spec const& spec) { return both(showing(pki().client_with(spec))); }

} // namespace

TEST_CASE("preflight: a good client has no warnings and no errors") {
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto options = showing(pki(kind).client);
        options.anchors = trust(pki(kind));
        for (auto const v : versions) {
            options.lowest = options.highest = v;
            auto const found = both(options);
            CAPTURE(tls::explain(found));
            CHECK(found.empty());
        }
    }
    auto const found = both({});
    REQUIRE(found.size() == 1);
    CHECK(found.has(finding_kind::no_identity));
    CHECK(found.worst() == severity::note);
}

TEST_CASE("preflight: what is wrong with our certificate is found before any connection") {
    auto old = testbed::client_spec();
    old.not_before = testbed::now() - std::chrono::days(20);
    old.not_after = testbed::now() - std::chrono::days(10);
    auto found = both_showing(old);
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::identity_expired));
    CHECK(found.worst() == severity::error);
    CHECK(tls::explain(found).find("; the clock says ") != std::string::npos);

    auto early = testbed::client_spec();
    early.not_before = testbed::now() + std::chrono::days(1);
    found = both_showing(early);
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::identity_not_yet_valid));

    auto for_servers = testbed::client_spec();
    for_servers.extended_key_usage = {testbed::purpose::server_auth};
    found = both_showing(for_servers);
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::identity_not_for_clients));

    auto alone = pki().client;
    alone.chain.resize(1);
    found = both(showing(alone));
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::chain_may_be_incomplete));
    CHECK(found.worst() == severity::note);

    testbed::credentials const authority{{pki().root.certificate}, pki().root.private_key};
    found = both(showing(authority));
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::identity_is_ca));
}

TEST_CASE("preflight: a trust anchor that is not a CA") {
    client_options o = showing(pki().client);
    o.anchors = tls::trust_anchors::from_pem(pki().server.leaf().pem());
    auto const found = both(o);
    CHECK(found.size() == 2);
    CHECK(found.has(finding_kind::anchor_not_a_ca));
    CHECK(found.has(finding_kind::no_usable_anchor));
    CHECK(found.worst() == severity::error);
}

TEST_CASE("preflight: an address as server name") {
    auto const found = both(showing(pki().client), "127.0.0.1");
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::no_server_name_sent));
    CHECK(found.worst() == severity::note);
}

PARITY_CASE("preflight: an error in the name is passed on", backends, B) {
    auto const client = client_of<B>({});
    auto const refused = client.preflight(tls::server_name::dns("not a name"));
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::bad_server_name);
    auto const found = client.preflight(tls::server_name::dns("localhost"));
    REQUIRE(found);
    CHECK(found->has(finding_kind::no_identity));
}

PARITY_CASE("preflight: insecure_accept_any_server is a warning", backends, B) {
    auto const client = client_of<B>({.any_server = true, .who = identity(pki().client)});
    auto const found = client.preflight(*tls::server_name::dns("localhost"));
    CHECK(found.size() == 1);
    CHECK(found.has(finding_kind::accepts_any_server));
    CHECK(found.worst() == severity::warning);
}

PARITY_CASE("preflight need not check whether the key matches: build() does", backends, B) {
    for (auto const kind : {key_kind::p256, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto const who =
            tls::identity::from_pem(pki(kind).client.chain_pem(), testbed::pooled_key(kind, 9).pkcs8_pem());
        REQUIRE(who);
        auto const client = build<B>({.who = who});
        REQUIRE(!client);
        CHECK(client.error().code == errc::key_mismatch);
    }
}

/// A key that a client can be built with is one that servers take.
PARITY_CASE("preflight: what it says about a key is what happens", pairings, P, v) {
    for (auto const kind :
         {key_kind::p256, key_kind::p384, key_kind::p521, key_kind::p224, key_kind::rsa_2048, key_kind::rsa_1024}) {
        CAPTURE(testbed::name(kind));
        auto const client = build<P>(only(v, {.who = identity(pki(kind).client)}));
        bool const weak = kind == key_kind::p224 || kind == key_kind::rsa_1024;
        REQUIRE(client.has_value() == !weak);
        if (weak) {
            CHECK(client.error().code == errc::weak_identity);
            continue;
        }
        auto const found = client->preflight(*tls::server_name::dns("localhost"));
        CAPTURE(tls::explain(found));
        CHECK(found.worst() == severity::note);
        auto server = strict_server(v);
        server.client_anchors = {pki(kind).root.certificate};
        auto c = converse<P>(*client, server);
        REQUIRE(c.run());
        CHECK(c.read().error().code == errc::want_read);
        CHECK(c.server.client_certificates_received() == 2);
    }
}

} // namespace parity::preflight_cases

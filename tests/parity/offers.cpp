// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// What a client offers is what it was told to offer, read from its ClientHello.
namespace parity::offers_cases {
namespace {

using tls::cipher_suite;
using tls::named_group;
using tls::signature_scheme;
using enum tls::cipher_suite;
using enum tls::named_group;

constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

/// What a client of these options says first.
template <class B> testbed::wire::client_hello hello(client_options const& o) {
    return hello_of(client_of<B>(o).engine(tls::server_name::dns("localhost")));
}

/// The suites without the value that stands for an extension (RFC 5746).
std::vector<unsigned> suites_in(testbed::wire::client_hello const& h) {
    auto found = h.suites;
    std::erase(found, 0x00ffU);
    return found;
}

template <class Value> std::vector<unsigned> numbers(std::vector<Value> const& list) {
    std::vector<unsigned> out;
    out.reserve(list.size());
    for (Value const v : list) out.push_back(static_cast<unsigned>(v));
    return out;
}

template <class B> tls::error refusal(client_options const& o) {
    auto const client = build<B>(o);
    REQUIRE(!client);
    return client.error();
}

} // namespace

PARITY_CASE("Offers: exactly the suites asked for, in their order", backends, B) {
    std::vector<client_options> const offers = {
        {.suites = {{ecdhe_rsa_aes_256_gcm_sha384}}, .highest = tls_1_2},
        {.suites = {{ecdhe_ecdsa_chacha20_poly1305_sha256, ecdhe_rsa_aes_128_gcm_sha256}}, .highest = tls_1_2},
        {.suites = {{chacha20_poly1305_sha256}}, .lowest = tls_1_3},
        {.suites = {{chacha20_poly1305_sha256, aes_128_gcm_sha256, aes_256_gcm_sha384}}, .lowest = tls_1_3},
        {.suites = {{ecdhe_rsa_aes_256_gcm_sha384, aes_256_gcm_sha384, ecdhe_ecdsa_aes_128_gcm_sha256}}}};
    for (client_options const& o : offers) {
        auto const h = hello<B>(o);
        CAPTURE(tls::name(o.suites->front()));
        CHECK(suites_in(h) == numbers(*o.suites));
        CHECK(h.groups == numbers<named_group>({tls::groups_by_default.begin(), tls::groups_by_default.end()}));
        bool const offers_1_3 = std::ranges::find(h.versions, 0x0304U) != h.versions.end();
        bool const offers_1_2 = std::ranges::find(h.versions, 0x0303U) != h.versions.end();
        CHECK(offers_1_3 == (o.highest == tls_1_3));
        CHECK(offers_1_2 == (o.lowest == tls_1_2));
    }
}

PARITY_CASE("Offers: every suite can be offered alone", backends, B) {
    for (cipher_suite const suite : tls::settings::default_suites()) {
        CAPTURE(tls::name(suite));
        auto const v = tls::version_of(suite);
        auto const h = hello<B>({.suites = {{suite}}, .lowest = v, .highest = v});
        CHECK(suites_in(h) == numbers<cipher_suite>({suite}));
    }
}

PARITY_CASE("Offers: exactly the groups asked for, the first with a key share", backends, B) {
    std::vector<std::vector<named_group>> const lists = {
        {x25519},
        {secp256r1},
        {secp384r1},
        {secp384r1, x25519},
        {secp256r1, secp384r1, x25519},
        {secp384r1, secp256r1, x25519}};
    for (auto const& list : lists) {
        CAPTURE(tls::name(list.front()));
        CAPTURE(list.size());
        for (protocol_version const highest : versions) {
            auto const h = hello<B>({.groups = list, .highest = highest});
            CHECK(h.groups == numbers(list));
            std::vector<unsigned> shares;
            if (highest == tls_1_3) shares = numbers<named_group>({list.front()});
            CHECK(h.key_shares == shares);
        }
    }
}

PARITY_CASE(
    "Offers: X25519MLKEM768 is there for clients that name it, and refused where the library lacks it", backends, B) {
    constexpr bool has_it = std::is_same_v<B, tls::wolfssl>;
    auto const built = build<B>({.groups = {{x25519mlkem768, x25519}}});
    if (!has_it) {
        REQUIRE(!built);
        CHECK(built.error() == errc::unsupported);
        CHECK(built.error().about.view() == "X25519MLKEM768");
    } else {
        auto const h = hello<B>({.groups = {{x25519mlkem768, x25519}}});
        CHECK(h.groups == numbers<named_group>({x25519mlkem768, x25519}));
        CHECK(h.key_shares == numbers<named_group>({x25519mlkem768}));
        CHECK(h.bodies.at(51).size() == 2 + 4 + 1184 + 32);
        CHECK(hello<B>({.groups = {{x25519, x25519mlkem768}}}).key_shares == numbers<named_group>({x25519}));
    }
    auto const refused = [](client_options const& o) { return std::string(build<B>(o).error().about.view()); };
    CHECK(refused(only(tls_1_2, {.groups = {{x25519, x25519mlkem768}}})) == "X25519MLKEM768: not for these versions");
    CHECK(refused({.groups = {{x25519mlkem768}}}) == "TLS 1.2: no group for it");
}

TEST_CASE("Offers: X25519MLKEM768 with a server that has it, and with one that asks for another group") {
    using P = pairing<tls::wolfssl, testbed::wolfssl_server>;
    auto server = good_server(tls_1_3);
    server.groups = {4588, 29};
    for (auto const& list : std::vector<std::vector<named_group>>{{x25519mlkem768, x25519}, {x25519, x25519mlkem768}}) {
        auto c = connected<P>({.groups = list}, server);
        CHECK(c.client.facts().group == list.front());
        CHECK(c.client.write(testbed::pattern(4, 9)));
        c.run();
        CHECK(c.server.received() == testbed::pattern(4, 9));
    }
    // A HelloRetryRequest, to it and away from it.
    for (auto const& [ours, theirs] : {std::pair(x25519, x25519mlkem768), std::pair(x25519mlkem768, x25519)}) {
        server.groups = {static_cast<std::uint16_t>(theirs)};
        auto c = connected<P>({.groups = {{ours, theirs}}}, server);
        CHECK(c.client.facts().group == theirs);
        CHECK(testbed::wire::server_hellos(c.pipe.to_client.history()).front().hello_retry_request);
    }
    // A server that has never heard of it.
    auto c = connected<pairing<tls::wolfssl, testbed::mbedtls_server>>(
        {.groups = {{x25519mlkem768, secp256r1}}}, good_server(tls_1_3));
    CHECK(c.client.facts().group == secp256r1);
    // Resumed, with fresh keys of the same kind.
    auto tickets = good_server(tls_1_3);
    tickets.groups = {4588};
    tickets.tickets = true;
    tickets.keys = std::make_shared<testbed::ticket_keys>();
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(tls_1_3, {.groups = {{x25519mlkem768}}, .store = &store}));
    for (bool const again : {false, true}) {
        auto talk = converse<P>(client, tickets);
        REQUIRE(talk.run());
        CHECK(talk.client.facts().resumed == again);
        CHECK(talk.client.facts().group == x25519mlkem768);
        (void)talk.read(); // the ticket
    }
}

PARITY_CASE("Offers: the signature schemes do not depend on suites and versions", backends, B) {
    auto const all = numbers<signature_scheme>({std::begin(tls::known_schemes), std::end(tls::known_schemes)});
    for (cipher_suite const suite : tls::settings::default_suites()) {
        CAPTURE(tls::name(suite));
        auto const v = tls::version_of(suite);
        CHECK(hello<B>({.suites = {{suite}}, .lowest = v, .highest = v}).signature_algorithms == all);
    }
    for (auto const highest : versions) CHECK(hello<B>({.highest = highest}).signature_algorithms == all);
}

PARITY_CASE("Offers: exactly the signature schemes asked for", backends, B) {
    for (signature_scheme const scheme : tls::known_schemes) {
        CAPTURE(tls::name(scheme));
        for (protocol_version const highest : versions) {
            if (highest == tls_1_3 && !tls::is_for_tls_1_3(scheme)) continue;
            CHECK(
                hello<B>({.schemes = {{scheme}}, .highest = highest}).signature_algorithms ==
                numbers<signature_scheme>({scheme}));
        }
    }
    std::vector<signature_scheme> const backwards(std::rbegin(tls::known_schemes), std::rend(tls::known_schemes));
    CHECK(hello<B>({.schemes = backwards}).signature_algorithms == numbers(backwards));
}

PARITY_CASE("Offers: a server that can sign with nothing that was offered", pairings, P, v) {
    auto const kind = testbed::key_kind::p256;
    auto c = converse<P>(
        only(v, {.anchors = trust(pki(kind)), .schemes = {{signature_scheme::rsa_pss_rsae_sha256}}}),
        good_server(v, kind));
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error() == errc::handshake_refused);
}

PARITY_CASE("Offers: what cannot be offered as it is, is refused and named", backends, B) {
    struct row {
        client_options asked;
        std::string_view about;
    };
    auto const unknown_suite = static_cast<cipher_suite>(0x1304);
    auto const unknown_group = static_cast<named_group>(4587);
    row const rows[] = {
        {{.suites = {std::vector<cipher_suite>{}}}, "cipher suites: none"},
        {{.groups = {std::vector<named_group>{}}}, "groups: none"},
        {{.schemes = {std::vector<signature_scheme>{}}}, "signature schemes: none"},
        {{.schemes = {{signature_scheme::rsa_pkcs1_sha256, signature_scheme::rsa_pkcs1_sha256}}},
         "rsa_pkcs1_sha256: twice"},
        {{.schemes = {{signature_scheme::ed25519}}}, "ed25519: not offered"},
        {{.schemes = {{signature_scheme::ecdsa_sha1, signature_scheme::rsa_pkcs1_sha256}}}, "ecdsa_sha1: not offered"},
        {{.schemes = {{signature_scheme::rsa_pkcs1_sha256}}}, "TLS 1.3: no signature scheme for it"},
        {{.suites = {{aes_128_gcm_sha256, ecdhe_rsa_aes_128_gcm_sha256, aes_128_gcm_sha256}}},
         "TLS_AES_128_GCM_SHA256: twice"},
        {{.groups = {{x25519, secp256r1, x25519}}}, "x25519: twice"},
        {{.suites = {{aes_128_gcm_sha256, unknown_suite}}, .lowest = tls_1_3}, "cipher suite 4868: not known"},
        {{.groups = {{x25519, unknown_group}}}, "group 4587: not known"},
        {{.suites = {{aes_128_gcm_sha256}}}, "TLS 1.2: no cipher suite for it"},
        {{.suites = {{ecdhe_rsa_aes_128_gcm_sha256}}}, "TLS 1.3: no cipher suite for it"},
        {{.suites = {{aes_128_gcm_sha256}}, .highest = tls_1_2}, "TLS_AES_128_GCM_SHA256: not for these versions"},
        {{.suites = {{aes_128_gcm_sha256, ecdhe_ecdsa_chacha20_poly1305_sha256}}, .lowest = tls_1_3},
         "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: not for these versions"}};
    for (row const& r : rows) {
        CAPTURE(r.about);
        auto const e = refusal<B>(r.asked);
        CHECK(e == errc::bad_configuration);
        CHECK(e.phase == tls::phase::configuring);
        // The longest name leaves room only for the beginning of the reason.
        CHECK(e.about.view() == r.about.substr(0, tls::short_text::capacity));
    }
}

PARITY_CASE("Offers: schemes of which our own key can make none are refused", backends, B) {
    using enum signature_scheme;
    auto const rsa = identity(pki(testbed::key_kind::rsa_2048).client);
    auto const e = refusal<B>({.who = rsa, .schemes = {{ecdsa_secp256r1_sha256}}});
    CHECK(e == errc::bad_configuration);
    CHECK(e.about.view() == "signature schemes: none for our key");
    CHECK(
        refusal<B>(only(tls_1_3, {.who = rsa, .schemes = {{ecdsa_secp256r1_sha256, rsa_pkcs1_sha256}}})) ==
        errc::bad_configuration);
    CHECK(build<B>({.who = rsa, .schemes = {{ecdsa_secp256r1_sha256, rsa_pkcs1_sha256}}}));
    CHECK(build<B>({.who = identity(pki().client), .schemes = {{ecdsa_secp256r1_sha256}}}));
}

PARITY_CASE("Offers: a list written in place, and the last call counts", backends, B) {
    auto const client = tls::client<B>::configure()
                            .suites({ecdhe_rsa_aes_128_gcm_sha256})
                            .groups({secp256r1})
                            .versions(tls_1_3, tls_1_3)
                            .suites({aes_256_gcm_sha384, aes_128_gcm_sha256})
                            .groups({secp384r1, x25519})
                            .trust(trust(pki()))
                            .no_identity()
                            .build();
    REQUIRE(client);
    auto const h = hello_of(client->engine(tls::server_name::dns("localhost")));
    CHECK(suites_in(h) == std::vector<unsigned>{0x1302, 0x1301});
    CHECK(h.groups == std::vector<unsigned>{24, 29});
}

PARITY_CASE("Offers: what was offered is what is negotiated", pairings, P, v) {
    constexpr auto kind = testbed::key_kind::p384;
    auto const suite = v == tls_1_3 ? aes_256_gcm_sha384 : ecdhe_ecdsa_aes_256_gcm_sha384;
    // Under TLS 1.2 the groups are also the curves a certificate may have (RFC 8422 section 5.1.1).
    auto c = connected<P>(
        only(v, {.anchors = trust(pki(kind)), .suites = {{suite}}, .groups = {{secp384r1}}}), good_server(v, kind));
    auto const facts = c.client.facts();
    CHECK(facts.version == v);
    CHECK(facts.suite == suite);
    CHECK(facts.group == secp384r1);
}

PARITY_CASE("Offers: a server's certificate on a curve not offered under TLS 1.2", backends, B) {
    // The server does not follow RFC 8422 section 5.1.1, which harms nobody: the curve is one that is accepted.
    using P = pairing<B, testbed::wolfssl_server>;
    auto c = converse<P>(client_options{.groups = {{secp384r1}}, .highest = tls_1_2}, good_server(tls_1_2));
    CHECK(c.run());
}

} // namespace parity::offers_cases

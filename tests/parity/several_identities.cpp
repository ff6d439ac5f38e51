// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/puppet_show.hpp"
#include "parity/resumption.hpp"
#include "testbed/key_signer.hpp"
#include <tls/any_client.hpp>
#include <tls/x509/certificate.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

/// Clients with several identities: which one a server is shown, and what is said about it.
namespace parity::several_identities_cases {
namespace {

using testbed::key_kind;
using testbed::key_signer;
using tls::identity_reason;
constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

/// An authority of its own name and a client's certificate that it issued.
struct realm {
    testbed::issuer root;
    testbed::credentials client;
};

realm make_realm(std::string const& name, int keys) {
    auto spec = testbed::root_spec();
    spec.common_name = name;
    auto const& root_key = testbed::pooled_key(key_kind::p256, keys);
    testbed::issuer const root{testbed::issue(spec, root_key), &root_key};
    auto const& leaf_key = testbed::pooled_key(key_kind::p256, keys + 1);
    return {root, {{testbed::issue(testbed::client_spec(), leaf_key, &root)}, &leaf_key}};
}

realm const& realm_a() {
    static realm const one = make_realm("Authority A", 11);
    return one;
}
realm const& realm_b() {
    static realm const one = make_realm("Authority B", 13);
    return one;
}

template <class P>
tls::client<typename P::backend>
client_with(tls::identity_choice const& who, protocol_version v, key_kind server = key_kind::p256) {
    auto made =
        tls::client<typename P::backend>::configure().versions(v, v).trust(trust(pki(server))).identities(who).build();
    REQUIRE(made);
    return std::move(*made);
}

testbed::server_options
server_asking(protocol_version v, std::vector<testbed::certificate> authorities, key_kind shown = key_kind::p256) {
    auto options = good_server(v, shown);
    options.require_client_certificate = true;
    options.client_anchors = std::move(authorities);
    return options;
}

template <class P> constexpr bool asks_with_mbedtls = std::is_same_v<typename P::server, testbed::mbedtls_server>;

/// The handshake succeeds with this identity, for this reason.
template <class P>
void check_sent(
    conversation<P>& c, testbed::credentials const& ours, std::uint8_t index, std::uint8_t count, identity_reason why) {
    auto const done = outcome_of(c);
    CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
    CHECK(c.server.established());
    CHECK(c.server.client_leaf_der() == ours.leaf().der);
    CHECK(c.server.client_certificates_received() == static_cast<int>(ours.chain.size()));
    auto const facts = c.client.facts();
    REQUIRE(facts.identity);
    CHECK(facts.identity->index == index);
    CHECK(facts.identity->count == count);
    CHECK(facts.identity->why == why);
    CHECK(facts.certificates_sent == static_cast<std::uint16_t>(ours.chain.size()));
    REQUIRE(facts.own_certificate);
    CHECK(testbed::bytes(facts.own_certificate->der().begin(), facts.own_certificate->der().end()) == ours.leaf().der);
}

} // namespace

PARITY_CASE("several identities: the first that an authority issued which the server names", pairings, P, v) {
    auto const& a = realm_a();
    auto const& b = realm_b();
    bool const names_any = v == tls_1_2 && asks_with_mbedtls<P>; // the other servers name nobody
    for (bool const reversed : {false, true}) {
        auto const& first = reversed ? b : a;
        auto const& second = reversed ? a : b;
        auto const client = client_with<P>({identity(first.client), identity(second.client)}, v);
        {
            auto c = converse<P>(client, server_asking(v, {first.root.certificate}));
            check_sent<P>(
                c, first.client, 0, 2, names_any ? identity_reason::authority_named : identity_reason::any_authority);
            if (names_any) CHECK(c.client.facts().server_accepts->names_our_issuer);
        }
        if (names_any) {
            auto c = converse<P>(client, server_asking(v, {second.root.certificate}));
            check_sent<P>(c, second.client, 1, 2, identity_reason::authority_named);
            CHECK(c.client.facts().server_accepts->names_our_issuer);
        }
        {
            auto c = converse<P>(client, server_asking(v, {b.root.certificate, a.root.certificate}));
            check_sent<P>(
                c, first.client, 0, 2, names_any ? identity_reason::authority_named : identity_reason::any_authority);
        }
        // None that it names: the first is tried, as with a single one, and refused by this server.
        auto c = converse<P>(client, server_asking(v, {pki().root.certificate}));
        auto const refused = outcome_of(c);
        REQUIRE(!refused);
        CHECK(refused.error() == errc::peer_rejected_certificate);
        REQUIRE(refused.error().handshake.identity);
        CHECK(refused.error().handshake.identity->index == 0);
        CHECK(
            refused.error().handshake.identity->why ==
            (names_any ? identity_reason::no_authority_named : identity_reason::any_authority));
        CHECK(c.server.client_leaf_der() == first.client.leaf().der);
        auto const words = tls::explain(refused.error());
        CHECK_MESSAGE(words.find("the first of 2 identities") != words.npos, words);
    }
}

// Neither library's server has a way to name authorities under TLS 1.3: this one is played.
PARITY_CASE("several identities: the first that an authority issued which a server of TLS 1.3 names", pairings, P) {
    using tls::handshake_message;
    auto const& a = realm_a();
    auto const& b = realm_b();
    auto const subject = [](testbed::issuer const& of) {
        auto const name = tls::x509::certificate_view::parse(of.certificate.der).value().subject_name();
        return testbed::bytes(name.begin(), name.end());
    };
    struct row {
        std::vector<testbed::bytes> named;
        unsigned scheme;
        std::uint8_t index;
        identity_reason why;
        bool issuer = false;
    };
    constexpr unsigned ecdsa_p256 = 0x0403;
    constexpr unsigned pss = 0x0804;
    using enum identity_reason;
    row const rows[] = {
        {{subject(a.root)}, ecdsa_p256, 0, authority_named, true},
        {{subject(b.root)}, ecdsa_p256, 1, authority_named, true},
        {{subject(b.root), subject(a.root)}, ecdsa_p256, 0, authority_named, true},
        {{subject(pki().root)}, ecdsa_p256, 0, no_authority_named},
        {{}, ecdsa_p256, 0, any_authority},
        {{subject(a.root)}, pss, 2, no_authority_named}, // which alone can sign
    };
    for (row const& r : rows) {
        CAPTURE(&r - rows);
        interrupted_handshake<P> show(
            {.several = {{identity(a.client), identity(b.client), identity(pki(key_kind::rsa_2048).client)}}},
            good_server(tls_1_3));
        show.say(testbed::make_message(handshake_message::encrypted_extensions, testbed::octets({0, 0})));
        testbed::bytes names;
        for (auto const& name : r.named) {
            testbed::put(names, name.size(), 2);
            testbed::append(names, name);
        }
        testbed::bytes extensions = testbed::octets({0, 13, 0, 4, 0, 2, r.scheme >> 8U, r.scheme & 0xffU});
        if (!names.empty()) { // certificate_authorities (RFC 8446 section 4.2.4)
            testbed::put(extensions, 47, 2);
            testbed::put(extensions, names.size() + 2, 2);
            testbed::put(extensions, names.size(), 2);
            testbed::append(extensions, names);
        }
        testbed::bytes request = testbed::octets({0});
        testbed::put(request, extensions.size(), 2);
        testbed::append(request, extensions);
        show.say(testbed::make_message(handshake_message::certificate_request, request));
        show.prove(pki().server);
        show.finish();
        auto const done = show.talk.client.handshake();
        REQUIRE_MESSAGE(done, tls::explain(done.error()));
        auto const facts = show.talk.client.facts();
        REQUIRE(facts.identity);
        CHECK(facts.identity->index == r.index);
        CHECK(facts.identity->why == r.why);
        CHECK(facts.server_accepts->names_our_issuer == r.issuer);
        auto const& ours = r.index == 0 ? a.client : r.index == 1 ? b.client : pki(key_kind::rsa_2048).client;
        CHECK(facts.certificates_sent == ours.chain.size());
        REQUIRE(facts.own_certificate);
        CHECK(std::ranges::equal(facts.own_certificate->der(), ours.leaf().der));
    }
}

PARITY_CASE("several identities: the first that makes a signature the server accepts", pairings, P, v) {
    constexpr unsigned ecdsa_p256 = 0x0403;
    constexpr unsigned pss = 0x0804;
    auto const& ec = pki(key_kind::p256).client;
    auto const& rsa = pki(key_kind::rsa_2048).client;
    tls::identity_choice const rsa_first{identity(rsa), identity(ec)};
    tls::identity_choice const ec_first{identity(ec), identity(rsa)};
    std::vector const roots{pki(key_kind::p256).root.certificate, pki(key_kind::rsa_2048).root.certificate};
    if (!asks_with_mbedtls<P>) { // whose list cannot be set: it has all
        auto c = converse<P>(client_with<P>(rsa_first, v), server_asking(v, roots));
        check_sent<P>(c, rsa, 0, 2, identity_reason::any_authority);
        return;
    }
    auto const why = v == tls_1_2 ? identity_reason::authority_named : identity_reason::any_authority;
    for (bool const only_ec : {true, false}) {
        auto const shown = only_ec ? key_kind::p256 : key_kind::rsa_2048;
        auto options = server_asking(v, roots, shown);
        // Its list is also what it signs with itself.
        options.signature_algorithms = {static_cast<std::uint16_t>(only_ec ? ecdsa_p256 : v == tls_1_2 ? 0x0401 : pss)};
        auto preferred = converse<P>(client_with<P>(only_ec ? ec_first : rsa_first, v, shown), options);
        check_sent<P>(preferred, only_ec ? ec : rsa, 0, 2, why);
        auto other = converse<P>(client_with<P>(only_ec ? rsa_first : ec_first, v, shown), options);
        check_sent<P>(other, only_ec ? ec : rsa, 1, 2, why);
    }
    // TLS 1.3 ties a scheme of ECDSA to a curve.
    auto options = server_asking(v, {pki(key_kind::p256).root.certificate, pki(key_kind::p384).root.certificate});
    options.signature_algorithms = {ecdsa_p256};
    auto const& p384 = pki(key_kind::p384).client;
    auto c = converse<P>(client_with<P>({identity(p384), identity(ec)}, v), options);
    if (v == tls_1_3)
        check_sent<P>(c, ec, 1, 2, identity_reason::any_authority);
    else
        check_sent<P>(c, p384, 0, 2, identity_reason::authority_named);
}

PARITY_CASE("several identities: none that can sign is unusable_identity, and each is told", pairings, P, v) {
    if (!asks_with_mbedtls<P>) return; // the other's list cannot be set
    auto options = server_asking(v, {pki().root.certificate}, key_kind::rsa_2048);
    options.signature_algorithms = {static_cast<std::uint16_t>(v == tls_1_2 ? 0x0401 : 0x0804)};
    auto const client =
        client_with<P>({identity(pki().client), identity(pki(key_kind::p384).client)}, v, key_kind::rsa_2048);
    auto c = converse<P>(client, options);
    auto const done = outcome_of(c);
    REQUIRE(!done);
    auto const& e = done.error();
    CHECK_MESSAGE(e.code == errc::unusable_identity, tls::explain(e));
    CHECK(e.handshake.identity->why == identity_reason::none_can_sign);
    CHECK(!e.handshake.certificates_sent);
    CHECK(c.server.client_certificates_received() <= 0);
    auto const words = tls::explain(e);
    CHECK_MESSAGE(
        words.find("identity 1: EC key on P-256, the server accepts no ECDSA signature") != words.npos, words);
    CHECK_MESSAGE(
        words.find("identity 2: EC key on P-384, the server accepts no ECDSA signature") != words.npos, words);
}

PARITY_CASE("several identities: some with a signer, which is asked for its own only", pairings, P, v) {
    if constexpr (asks_with_mbedtls<P>) {
        auto const& ec = pki(key_kind::p256).client;
        auto const& rsa = pki(key_kind::rsa_2048).client;
        key_signer signer(*rsa.private_key);
        key_signer ec_signer(*ec.private_key);
        auto const outside = [](testbed::credentials const& whose, key_signer& by) {
            return tls::identity::from_signer(tls::certificate_chain::from_pem(whose.chain_pem()), by);
        };
        std::vector const roots{pki(key_kind::p256).root.certificate, pki(key_kind::rsa_2048).root.certificate};
        auto const why = v == tls_1_2 ? identity_reason::authority_named : identity_reason::any_authority;
        auto const sends = [&](tls::identity_choice const& who, bool only_ec, std::uint8_t index) {
            auto const shown = only_ec ? key_kind::p256 : key_kind::rsa_2048;
            auto options = server_asking(v, roots, shown);
            options.signature_algorithms = {static_cast<std::uint16_t>(
                only_ec        ? 0x0403
                : v == tls_1_2 ? 0x0401
                               : 0x0804)};
            auto c = converse<P>(client_with<P>(who, v, shown), options);
            check_sent<P>(c, only_ec ? ec : rsa, index, 2, why);
        };
        sends({identity(ec), outside(rsa, signer)}, true, 0);
        CHECK(signer.asked().empty());
        sends({identity(ec), outside(rsa, signer)}, false, 1);
        CHECK(signer.asked().size() == 1);
        sends({outside(rsa, signer), identity(ec)}, true, 1);
        CHECK(signer.asked().size() == 1);
        sends({outside(rsa, signer), outside(ec, ec_signer)}, true, 1);
        CHECK(signer.asked().size() == 1);
        CHECK(ec_signer.asked().size() == 1);
        // What the signer of the first lacks, the second has.
        key_signer limited(*rsa.private_key, {tls::signature_scheme::rsa_pss_rsae_sha512});
        sends({outside(rsa, limited), identity(rsa)}, false, 1);
        CHECK(limited.asked().empty());
    }
}

PARITY_CASE("several identities: connections of one client go on with one each", pairings, P, v) {
    auto const client = client_with<P>({identity(realm_a().client), identity(realm_b().client)}, v);
    auto one = converse<P>(client, server_asking(v, {realm_a().root.certificate}));
    auto other = converse<P>(client, server_asking(v, {realm_b().root.certificate}));
    bool const chosen = v == tls_1_2 && asks_with_mbedtls<P>;
    for (int i = 0; i != 3; ++i)
        for (auto* const c : {&one, &other}) {
            (void)c->client.handshake();
            c->carry();
            testbed::serve(c->server, c->pipe);
            c->carry();
        }
    CHECK(outcome_of(one));
    CHECK(one.server.client_leaf_der() == realm_a().client.leaf().der);
    CHECK(outcome_of(other).has_value() == chosen);
    CHECK(other.server.client_leaf_der() == (chosen ? realm_b() : realm_a()).client.leaf().der);
}

PARITY_CASE("several identities: nothing is chosen without a request, nor where a session is resumed", pairings, P, v) {
    auto made = tls::client<typename P::backend>::configure()
                    .versions(v, v)
                    .trust(trust(pki()))
                    .identities({identity(realm_b().client), identity(realm_a().client)})
                    .resumption(tls::own_tickets)
                    .build();
    REQUIRE(made);
    auto c = converse<P>(*made, good_server(v));
    REQUIRE(c.run());
    CHECK(!c.client.facts().identity);
    CHECK(!c.client.facts().own_certificate);

    auto options = ticket_server(v);
    options.require_client_certificate = true;
    options.client_anchors = {realm_a().root.certificate, realm_b().root.certificate};
    auto first = first_ticket<P>(*made, options);
    auto const again = visit<P>(*made, options, std::move(first));
    CHECK(again.resumed);
}

PARITY_CASE("one identity: the facts say that it is the only one", pairings, P, v) {
    auto const& ours = pki().client;
    auto c = converse<P>(only(v, {.who = identity(ours)}), strict_server(v));
    check_sent<P>(c, ours, 0, 1, identity_reason::only_one);
    auto listed = converse<P>(client_with<P>({identity(ours)}, v), strict_server(v));
    check_sent<P>(listed, ours, 0, 1, identity_reason::only_one);
    auto none = connected<P>(only(v), asking_server(v));
    CHECK(!none.client.facts().identity);
    CHECK(!none.client.facts().own_certificate);
}

PARITY_CASE("several identities: what is wrong is found when the client is built, and says of which", backends, B) {
    auto const& good = pki().client;
    auto const refused = [](tls::identity_choice const& who, errc code, std::string_view about) {
        auto const made = tls::client<B>::configure().trust(trust(pki())).identities(who).build();
        REQUIRE(!made);
        CHECK_MESSAGE(made.error().code == code, tls::explain(made.error()));
        CHECK(made.error().about.view() == about);
    };
    auto const weak = testbed::make_pki(key_kind::rsa_1024).client;
    refused(
        {identity(good), identity(weak)}, errc::weak_identity, "identity 2, certificate chain, RSA key of 1024 bits");
    auto const other_key = testbed::pooled_key(key_kind::p256, 31).pkcs8_pem();
    refused(
        {identity(good), identity(good), tls::identity::from_pem(good.chain_pem(), other_key)}, errc::key_mismatch,
        "identity 3, private key");
    refused(
        {tls::identity::from_pem(good.chain_pem(), other_key), identity(good)}, errc::key_mismatch,
        "identity 1, private key");
    refused(
        {identity(good), tls::identity::from_pem_files("no-chain.pem", "no-key.pem")}, errc::file_not_found,
        "identity 2, no-chain.pem");
    std::string const far(80, 'd');
    refused(
        {identity(good), tls::identity::from_pem_files(far + "/chain.pem", "no-key.pem")}, errc::file_not_found,
        "identity 2, ..." + std::string(38, 'd') + "/chain.pem");
    auto moved = identity(good);
    auto const kept = std::move(*moved);
    refused({kept, *moved}, errc::spent, "identity 2, this identity was moved from"); // NOLINT(bugprone-use-after-move)
    refused({}, errc::bad_configuration, "identities: none");
    tls::identity_choice many;
    for (std::size_t i = 0; i != tls::identity_choice::max; ++i) many.add(identity(good));
    CHECK(tls::client<B>::configure().trust(trust(pki())).identities(many).build());
    many.add(identity(good));
    refused(many, errc::bad_configuration, "identities: at most 8");
    key_signer pkcs1(*pki(key_kind::rsa_2048).client.private_key, {tls::signature_scheme::rsa_pkcs1_sha256});
    auto const made =
        tls::client<B>::configure()
            .versions(tls_1_3, tls_1_3)
            .trust(trust(pki()))
            .identities(
                {identity(good),
                 tls::identity::from_signer(
                     tls::certificate_chain::from_pem(pki(key_kind::rsa_2048).client.chain_pem()), pkcs1)})
            .build();
    REQUIRE(!made);
    CHECK(made.error() == errc::bad_configuration);
    CHECK(made.error().about.view() == "identity 2, ...r: none of its schemes is used at these versions");
    auto const scheme = tls::client<B>::configure()
                            .trust(trust(pki()))
                            .identities({identity(good), identity(pki(key_kind::rsa_2048).client)})
                            .signature_schemes({tls::signature_scheme::ecdsa_secp256r1_sha256})
                            .build();
    REQUIRE(!scheme);
    CHECK(scheme.error().about.view() == "identity 2, signature schemes: none for our key");
}

PARITY_CASE("several identities: with decide, of a client whose backend is forgotten, and in preflight", backends, B) {
    static_assert(B::template supports<tls::feature::several_identities>);
    auto const expired = expired_credentials();
    tls::identity_choice who;
    who.add(identity(pki().client)).add(identity(expired));
    CHECK(who.size() == 2);
    auto const client = tls::any_client::of(tls::client<B>::configure().decide(trust(pki()), who).build());
    REQUIRE(client);
    CHECK(client->supports(tls::feature::several_identities));
    CHECK(client->identity_is_out_of_date());
    CHECK(client->preflight(tls::server_name::dns("localhost"))->has(tls::finding_kind::identity_expired));
}

} // namespace parity::several_identities_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "parity/resumption.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// Whom a client trusts beyond, or instead of, authorities: pinned keys, servers trusted as they are, and checks of the
/// application's own; and what it then knows of the server's chain.
namespace parity::pins_cases {
namespace {

using tls::key_pins;
using tls::trust_anchors;

std::string pin_of(certificate const& c) {
    auto const read = tls::x509::certificate_view::parse(c.der);
    REQUIRE(read);
    tls::key_digest digest;
    std::array const parts = {read->spki()};
    REQUIRE(tls::wolfssl::sha256(parts, digest));
    return std::string(tls::pin_text(digest).view());
}

/// How a handshake with the scene's server ends.
template <class P, class Builder>
tls::result<void> outcome(Builder builder, scene const& s, protocol_version v, errc expected) {
    auto const client = std::move(builder).build();
    REQUIRE(client);
    auto const done = meet<P>(*client, s, v);
    CHECK_MESSAGE((done ? errc::ok : done.error().code) == expected, (done ? "accepted" : tls::explain(done.error())));
    return done;
}

} // namespace

PARITY_CASE("pins: the leaf's key, or any on the path, beside all other rules", pairings, P, v) {
    auto const s = stage{}.build();
    std::string const leaf = pin_of(s.sent[0]);
    std::string const intermediate = pin_of(s.sent[1]);
    std::string const root = pin_of(s.anchors[0]);
    std::string const spare = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    auto const with = [&](tls::result<key_pins> const& pins, errc expected) {
        return outcome<P>(trusting<P>(s, v).pins(pins), s, v, expected);
    };
    with(key_pins::of_leaf({spare, leaf}), errc::ok);
    with(key_pins::of_leaf({"sha256//" + leaf.substr(7)}), errc::ok);
    with(key_pins::of_path({spare, leaf}), errc::ok);
    with(key_pins::of_path({intermediate}), errc::ok);
    with(key_pins::of_path({root, spare}), errc::ok);
    with(key_pins::of_leaf({intermediate, root}), errc::pin_mismatch);
    auto const refused = with(key_pins::of_path({spare}), errc::pin_mismatch).error();
    CHECK(refused.about.view() == leaf);
    CHECK(refused.problems.has(errc::pin_mismatch));
    CHECK(refused.sent);
    std::string const text = tls::explain(refused);
    CHECK_MESSAGE(text.find(leaf) != std::string::npos, text);
    CHECK_MESSAGE(text.find("the name we expected") == std::string::npos, text);

    // A pin is not trust.
    auto stranger = s;
    stranger.anchors = {pki().root.certificate};
    outcome<P>(trusting<P>(stranger, v).pins(key_pins::of_path({leaf, spare})), stranger, v, errc::untrusted);
    auto late = stage{};
    late.leaf.not_after = testbed::now() - 24h;
    late.leaf.not_before = testbed::now() - 48h;
    auto const expired = late.build();
    auto const both =
        outcome<P>(trusting<P>(expired, v).pins(key_pins::of_leaf({spare})), expired, v, errc::pin_mismatch);
    CHECK(both.error().problems.has(errc::expired));
    // Nor is one looked for on a path that is forged.
    auto forged = stage{};
    forged.leaf.corrupt_signature = true;
    auto const f = forged.build();
    auto const bad = outcome<P>(trusting<P>(f, v).pins(key_pins::of_leaf({spare})), f, v, errc::bad_signature);
    CHECK_FALSE(bad.error().problems.has(errc::pin_mismatch));
}

PARITY_CASE("pins: another path that has a pinned key is found", pairings, P, v) {
    // Two anchors vouch for the intermediate: the second has the key that is pinned.
    stage st;
    auto s = st.build();
    auto other = st.root;
    auto const& other_key = pooled_key(key_kind::p256, 30);
    other.subject_key_id_value = s.anchors[0].subject_key_id;
    issuer const second{issue(other, other_key), &other_key};
    s.anchors.insert(s.anchors.begin(), second.certificate);
    outcome<P>(trusting<P>(s, v).pins(key_pins::of_path({pin_of(s.anchors[1])})), s, v, errc::ok);
}

PARITY_CASE("pins: bad ones are named, and what cannot hold is refused", backends, B) {
    constexpr std::string_view good = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (std::string_view const bad : std::vector<std::string_view>{
             "",
             "sha256/",
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
             "sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
             "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
             "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
             "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
             "sha256/*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
             "sha256/AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA=",
         }) {
        CAPTURE(bad);
        auto const pins = key_pins::of_leaf({good, bad});
        REQUIRE_FALSE(pins);
        CHECK(pins.error().code == errc::bad_configuration);
        CHECK(pins.error().about.view().starts_with("not a pin: "));
        CHECK(pins.error().about.view().substr(11) == bad.substr(0, 44));
        auto const client = tls::client<B>::configure().trust(trust(pki())).no_identity().pins(pins).build();
        CHECK(client.error().about == pins.error().about);
    }
    // A slash is a character of base64 too, and may be the first.
    CHECK(key_pins::of_leaf({"sha256///AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})->all()[0][0] == std::byte{0xfc});
    CHECK(key_pins::of_leaf({"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})->all()[0][0] == std::byte{0xfc});
    CHECK(key_pins::of_path(std::vector<std::string>{}).error().about.view() == "no pin");
    auto kept = key_pins::of_leaf({good}).value();
    auto const taken = std::move(kept);
    auto const spent = tls::client<B>::configure().trust(trust(pki())).no_identity().pins(kept).build(); // NOLINT
    CHECK(spent.error().code == errc::spent);
    auto const nobody_judges =
        tls::client<B>::configure().insecure_accept_any_server().no_identity().pins(key_pins::of_leaf({good})).build();
    CHECK(nobody_judges.error().code == errc::bad_configuration);
}

PARITY_CASE("pins: sessions are resumed with the same pins only", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const options = ticket_server(v);
    auto const leaf = pin_of(pki().server.leaf());
    std::string const spare = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    auto const client = [&](tls::result<key_pins> const& pins) {
        return tls::client<typename P::backend>::configure()
            .versions(v, v)
            .trust(trust(pki()))
            .no_identity()
            .pins(pins)
            .resumption(store)
            .build()
            .value();
    };
    auto const pinned = client(key_pins::of_leaf({leaf}));
    CHECK_FALSE(visit<P>(pinned, options).resumed);
    CHECK(visit<P>(pinned, options).resumed);
    // Other pins: a full handshake, in which they are checked.
    CHECK(converse<P>(client(key_pins::of_leaf({spare})), options).run().error().code == errc::pin_mismatch);
    CHECK_FALSE(visit<P>(client(key_pins::of_path({leaf})), options).resumed);
    CHECK_FALSE(visit<P>(client(key_pins::of_leaf({leaf, spare})), options).resumed);
    CHECK(visit<P>(client(key_pins::of_leaf({leaf})), options).resumed);
}

PARITY_CASE("exactly: a server is trusted as it is, and nothing it issued or was issued with", pairings, P, v) {
    auto const s = stage{}.build();
    auto const to = [&](std::vector<certificate> const& servers) {
        return tls::client<typename P::backend>::configure()
            .versions(v, v)
            .trust(trust_anchors::exactly(trust_anchors::from_pem(testbed::pem_of(servers))))
            .identity(identity(pki().client));
    };
    outcome<P>(to({s.sent[0]}), s, v, errc::ok);
    auto alone = s;
    alone.sent.resize(1);
    outcome<P>(to({pki().server.leaf(), s.sent[0]}), alone, v, errc::ok);
    // Authorities given this way vouch for nobody.
    outcome<P>(to({s.sent[1], s.anchors[0]}), s, v, errc::untrusted);
    // Another certificate of the same name and key is another one.
    stage twin;
    twin.leaf.serial = testbed::bytes{std::byte{1}, std::byte{2}};
    outcome<P>(to({twin.build().sent[0]}), s, v, errc::untrusted);
    // All other rules hold.
    auto elsewhere = s;
    elsewhere.name = "elsewhere.example";
    outcome<P>(to({s.sent[0]}), elsewhere, v, errc::name_mismatch);
    stage late;
    late.leaf.not_before = testbed::now() - 48h;
    late.leaf.not_after = testbed::now() - 24h;
    auto const expired = late.build();
    outcome<P>(to({expired.sent[0]}), expired, v, errc::expired);
    stage clients;
    clients.leaf.extended_key_usage = {testbed::purpose::client_auth};
    auto const not_for_servers = clients.build();
    outcome<P>(to({not_for_servers.sent[0]}), not_for_servers, v, errc::bad_extended_key_usage);
    // Beside authorities, and with pins.
    auto both = trust(pki()).value();
    CHECK(both.add(trust_anchors::exactly(trust_anchors::from_pem(testbed::pem_of({s.sent[0]}))).value()));
    CHECK(both.size() == 2);
    auto const mixed = [&] {
        return tls::client<typename P::backend>::configure().versions(v, v).trust(both).no_identity();
    };
    outcome<P>(mixed(), s, v, errc::ok);
    CHECK(converse<P>(*mixed().build(), good_server(v)).run());
    outcome<P>(mixed().pins(key_pins::of_leaf({pin_of(s.sent[0])})), s, v, errc::ok);
    outcome<P>(mixed().pins(key_pins::of_leaf({pin_of(s.sent[1])})), s, v, errc::pin_mismatch);
    CHECK(trust_anchors::exactly(trust_anchors::from_pem("")).error().code == errc::empty_input);
}

PARITY_CASE("exactly: preflight looks at those servers too", backends, B) {
    stage late;
    late.leaf.not_before = testbed::now() - 48h;
    late.leaf.not_after = testbed::now() - 24h;
    auto const name = tls::server_name::dns("localhost");
    auto const found = [&](certificate const& server) {
        return tls::client<B>::configure()
            .trust(trust_anchors::exactly(trust_anchors::from_der(server.der)))
            .no_identity()
            .build()
            .value()
            .preflight(name)
            .value();
    };
    auto const good = found(stage{}.build().sent[0]);
    CHECK(good.has(tls::finding_kind::anchor_is_one_server));
    CHECK_FALSE(good.has(tls::finding_kind::no_anchors));
    CHECK_FALSE(good.has(tls::finding_kind::no_usable_anchor));
    CHECK(found(late.build().sent[0]).has(tls::finding_kind::anchor_expired));
}

PARITY_CASE(
    "also_require: the application may refuse what was accepted, and never accept what was refused", pairings, P, v) {
    auto const s = stage{}.build();
    int asked = 0;
    auto const check = [&](tls::judged_server const& server) noexcept {
        ++asked;
        CHECK(server.name.text() == "localhost");
        REQUIRE(server.path.size() == 3);
        for (std::size_t i = 0; i != 2; ++i) CHECK(tls::x509::der::equal(server.path[i].der(), s.sent[i].der));
        CHECK(tls::x509::der::equal(server.path[2].der(), s.anchors[0].der));
        CHECK(server.sent.size() == 2);
        return tls::no_objection;
    };
    outcome<P>(trusting<P>(s, v).also_require(check), s, v, errc::ok);
    CHECK(asked == 1);
    auto const refusing = [](tls::judged_server const&) noexcept { return tls::objection("not in the inventory"); };
    auto const refused =
        outcome<P>(trusting<P>(s, v).also_require(refusing), s, v, errc::refused_by_application).error();
    CHECK(refused.about.view() == "not in the inventory");
    CHECK(refused.problems.has(errc::refused_by_application));
    CHECK(refused.certificate.names.view().find("localhost") != std::string_view::npos);
    std::string const text = tls::explain(refused);
    CHECK_MESSAGE(text.find("it says: not in the inventory") != std::string::npos, text);

    auto stranger = s;
    stranger.anchors = {pki().root.certificate};
    outcome<P>(trusting<P>(stranger, v).also_require(check), stranger, v, errc::untrusted);
    CHECK(asked == 1);
    auto const nobody_judges = tls::client<typename P::backend>::configure()
                                   .insecure_accept_any_server()
                                   .no_identity()
                                   .also_require(refusing)
                                   .build();
    CHECK(nobody_judges.error().code == errc::bad_configuration);
}

PARITY_CASE("also_require: each of several may refuse, and all names together stand for them", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    constexpr auto v = protocol_version::tls_1_3;
    auto const s = stage{}.build();
    static int asked;
    auto const yes = [](tls::judged_server const&) noexcept {
        ++asked;
        return tls::no_objection;
    };
    auto const no = [](tls::judged_server const&) noexcept { return tls::objection(""); };
    asked = 0;
    auto const first =
        outcome<P>(trusting<P>(s, v).also_require(no).also_require(yes), s, v, errc::refused_by_application);
    CHECK(first.error().about.view() == "no reason given");
    outcome<P>(trusting<P>(s, v).also_require(yes).also_require(no), s, v, errc::refused_by_application);
    asked = 0;
    outcome<P>(trusting<P>(s, v).also_require(yes).also_require(yes), s, v, errc::ok);
    CHECK(asked == 2);
    auto const build = [&](auto builder) { return std::move(builder).build(); };
    auto const long_name =
        build(trusting<P>(s, v).also_require(yes, std::string(40, 'a')).also_require(yes, std::string(40, 'b')));
    CHECK(long_name.error().about.view() == "names of checks: 63 bytes in all");
    CHECK(build(trusting<P>(s, v).also_require(yes, std::string(64, 'a'))).error().code == errc::bad_configuration);
    for (std::string const wrong : {"one,two", ",one", "one,", ","}) {
        CHECK(
            build(trusting<P>(s, v).also_require(yes, wrong)).error().about.view() ==
            "a check's name with a comma: " + wrong);
        CHECK_FALSE(build(trusting<P>(s, v).also_require(yes, "zero").also_require(yes, wrong)));
        CHECK_FALSE(build(trusting<P>(s, v).also_require(yes, wrong).also_require(yes)));
    }
    tls::objection (*const nothing)(tls::judged_server const&) noexcept = nullptr;
    CHECK(build(trusting<P>(s, v).also_require(nothing)).error().about.view() == "a check that is null");
    // The name that was proved, not the one that was connected to.
    static std::string proved;
    auto const note = [](tls::judged_server const& server) noexcept {
        proved = server.name.text();
        return tls::no_objection;
    };
    auto const client =
        build(trusting<P>(s, v).also_require(note).verify_these_names_instead({"other.example", "server.example"}));
    REQUIRE(converse<P>(*client, server_of(s, v), "gateway.example").run());
    CHECK(proved == "server.example");
}

PARITY_CASE("also_require: tickets stay with the check, or with its name", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const options = ticket_server(v);
    auto const client = [&](std::string_view name) {
        return tls::client<typename P::backend>::configure()
            .versions(v, v)
            .trust(trust(pki()))
            .no_identity()
            .also_require([](tls::judged_server const&) noexcept { return tls::no_objection; }, name)
            .resumption(store)
            .build()
            .value();
    };
    auto const unnamed = client("");
    auto const copy = unnamed;
    CHECK_FALSE(visit<P>(unnamed, options).resumed);
    CHECK(visit<P>(copy, options).resumed);
    CHECK_FALSE(visit<P>(client(""), options).resumed);
    CHECK_FALSE(visit<P>(client("inventory"), options).resumed);
    CHECK(visit<P>(client("inventory"), options).resumed);
    CHECK_FALSE(visit<P>(client("other"), options).resumed);
}

PARITY_CASE("facts: the path that was accepted and what was sent, if asked for", pairings, P, v) {
    auto s = stage{}.build();
    auto extra = testbed::root_spec();
    extra.common_name = "stray";
    s.sent.insert(s.sent.begin() + 1, issue(extra, pooled_key(key_kind::p256, 30)));
    tls::peer_path kept;
    {
        auto const client = trusting<P>(s, v).keep_peer_path().build();
        REQUIRE(client);
        auto c = converse<P>(*client, server_of(s, v));
        REQUIRE(c.run());
        kept = c.client.facts().path;
    }
    REQUIRE(kept.sent().size() == 3);
    for (std::size_t i = 0; i != 3; ++i) CHECK(tls::x509::der::equal(kept.sent()[i].der(), s.sent[i].der));
    REQUIRE(kept.accepted().size() == 3);
    CHECK(tls::x509::der::equal(kept.accepted()[0].der(), s.sent[0].der));
    CHECK(tls::x509::der::equal(kept.accepted()[1].der(), s.sent[2].der));
    CHECK(tls::x509::der::equal(kept.accepted()[2].der(), s.anchors[0].der));
    std::string pem(tls::x509::pem_size(s.sent[0].der.size()), ' ');
    CHECK(tls::x509::to_pem(kept.accepted()[0].der(), pem) == s.sent[0].pem());
    CHECK(tls::x509::to_pem(kept.accepted()[0].der(), std::span(pem).first(pem.size() - 1)).empty());

    auto plain = connected<P>(client_in(s, v), server_of(s, v));
    CHECK(plain.client.facts().path.empty());
    auto const any = tls::client<typename P::backend>::configure()
                         .versions(v, v)
                         .insecure_accept_any_server()
                         .no_identity()
                         .keep_peer_path()
                         .build();
    auto c = converse<P>(*any, server_of(s, v));
    REQUIRE(c.run());
    CHECK(c.client.facts().path.accepted().empty());
    CHECK(c.client.facts().path.sent().size() == 3);
}

PARITY_CASE("names: a server proves one of those given, whatever was connected to and sent", pairings, P, v) {
    auto const s = stage{}.build(); // localhost, server.example, 127.0.0.1 and others
    auto const proves = [&](std::vector<std::string> const& names, std::string_view connected, errc expected) {
        auto const client = trusting<P>(s, v).verify_these_names_instead(names).build();
        REQUIRE(client);
        auto c = converse<P>(*client, server_of(s, v), connected);
        auto const done = c.run();
        CHECK_MESSAGE((done ? errc::ok : done.error().code) == expected, (done ? "" : tls::explain(done.error())));
        if (!done) CHECK(done.error().about.view() == names.front());
        CHECK(c.server.sni() == (connected == "127.0.0.1" ? "" : connected));
    };
    proves({"server.example"}, "gateway.example", errc::ok);
    proves({"other.example", "server.example"}, "gateway.example", errc::ok);
    proves({"other.example", "127.0.0.1"}, "gateway.example", errc::ok);
    proves({"other.example"}, "server.example", errc::name_mismatch); // what was connected to does not count
    proves({"server.example"}, "127.0.0.1", errc::ok);

    tls::memory_ticket_store store;
    auto const options = ticket_server(v);
    auto const resuming = [&](std::vector<std::string> const& names) {
        return tls::client<typename P::backend>::configure()
            .versions(v, v)
            .trust(trust(pki()))
            .no_identity()
            .verify_these_names_instead(names)
            .resumption(store)
            .build()
            .value();
    };
    CHECK_FALSE(visit<P>(resuming({"server.example"}), options, std::nullopt, "gateway.example").resumed);
    CHECK_FALSE(visit<P>(resuming({"localhost"}), options, std::nullopt, "gateway.example").resumed);
    CHECK(visit<P>(resuming({"server.example"}), options, std::nullopt, "gateway.example").resumed);

    auto const bad = trusting<P>(s, v).verify_these_names_instead({"good.example", "no name"}).build();
    CHECK(bad.error().code == errc::bad_server_name);
    CHECK(bad.error().about.view() == "no name");
    auto const none = trusting<P>(s, v).verify_these_names_instead(std::vector<std::string>{}).build();
    CHECK(none.error().about.view() == "no name to verify");
}

} // namespace parity::pins_cases

// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include "testbed/key.hpp"
#include <tls/configuration/preflight.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unit::preflight_cases {
namespace {

using fake::spec;
using tls::finding_kind;
using tls::findings;
using tls::protocol_version;
using tls::severity;
using enum finding_kind;

/// What a client was configured with. The defaults are those of a good client with a certificate.
struct scene {
    std::vector<spec> chain;
    std::vector<spec> anchors{fake::root()};
    std::string name = "host.example";
    std::int64_t now = fake::some_time;
    protocol_version lowest = protocol_version::tls_1_2;
    protocol_version highest = protocol_version::tls_1_3;
    bool accept_any_server = false;
    bool check_time = true;
    std::vector<fake::bytes> raw_anchors{}; // after `anchors`, as they are

    [[nodiscard]] findings look() const {
        tls::settings s;
        if (!chain.empty()) {
            std::vector<fake::bytes> ders;
            for (auto const& c : chain) ders.push_back(c.der());
            std::vector<fake::view> const views(ders.begin(), ders.end());
            auto const key = testbed::pooled_key(testbed::key_kind::p256).pkcs8_der();
            auto who = tls::identity::from_der(views, key);
            REQUIRE(who);
            s.identity = *who;
        }
        std::vector<fake::bytes> roots;
        for (auto const& a : anchors) roots.push_back(a.der());
        roots.insert(roots.end(), raw_anchors.begin(), raw_anchors.end());
        s.anchors = *tls::verify::anchor_set::of(roots);
        s.lowest_version = lowest;
        s.highest_version = highest;
        s.accept_any_server = accept_any_server;
        s.policy.check_time = check_time;
        return tls::preflight(s, *tls::server_name::parse(name), now);
    }
};

spec device() {
    spec s = fake::leaf();
    s.subject = fake::common_name("device 7");
    s.key_usage = {0};
    s.purposes = {fake::bytes(fake::client_auth.begin(), fake::client_auth.end())};
    return s;
}

/// A good device with one thing changed.
template <class Change> spec device_with(Change change) {
    spec s = device();
    change(s);
    return s;
}
template <class Change> spec root_with(Change change) {
    spec s = fake::root();
    change(s);
    return s;
}
/// A good chain of two, the upper with one thing changed.
template <class Change> std::vector<spec> below(Change change) {
    spec lower = device();
    lower.issuer = fake::common_name("middle");
    spec upper = fake::authority("middle", "root");
    change(upper);
    return {lower, upper};
}
fake::bytes purpose(std::span<std::byte const> id) { return {id.begin(), id.end()}; }

struct expected {
    severity how;
    finding_kind kind;
    std::string about = {};
    unsigned index = 0;
};

/// Checks that exactly these things are found, in this order.
void finds(scene const& s, std::vector<expected> const& all) {
    findings const found = s.look();
    CAPTURE(tls::explain(found));
    REQUIRE(found.size() == all.size());
    for (std::size_t i = 0; i != all.size(); ++i) {
        CAPTURE(i);
        auto const& f = *(found.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(tls::message(f.kind) == tls::message(all[i].kind));
        CHECK(f.severity == all[i].how);
        CHECK(f.about.view() == all[i].about);
        CHECK(f.index == all[i].index);
        CHECK(found.has(all[i].kind));
    }
    CHECK(found.empty() == all.empty());
    CHECK(found.worst() == (all.empty() ? severity::note : all.front().how));
}

std::string const us = "CN=device 7";

} // namespace

TEST_CASE("preflight: a good client gives no findings") {
    finds({.chain = {device()}}, {});
    finds({.chain = below([](spec&) {})}, {});
    CHECK(tls::explain(scene{.chain = {device()}}.look()).empty());
}

TEST_CASE("preflight: without identity only a note") { finds({}, {{severity::note, no_identity}}); }

TEST_CASE("preflight: a clock that was never set is reported once") {
    scene const s{.chain = below([](spec&) {}), .anchors = {fake::root("root"), fake::root("other")}, .now = 7};
    finds(s, {{severity::error, clock_implausible}, {severity::note, validity_unknown}});
    CHECK(tls::explain(s.look()).starts_with(
        "error: the clock is wrong; the clock says 1970-01-01 00:00:07 UTC\n  try: "));

    scene unchecked = s;
    unchecked.check_time = false;
    finds(unchecked, {{severity::warning, clock_implausible}, {severity::note, validity_unknown}});

    // The last second that cannot be, and the first that can.
    scene edge = s;
    edge.now = 1704067199;
    CHECK(edge.look().has(clock_implausible));
    edge.now = 1704067200;
    finds(edge, {});
}

TEST_CASE("preflight: the validity of our own certificate") {
    auto const old = device_with([](spec& s) { s.not_after = "20291231235959Z"; });
    finds({.chain = {old}}, {{severity::error, identity_expired, us}});
    // Valid to the end of its last second.
    finds({.chain = {old}, .now = fake::some_time - 1}, {{severity::note, chain_expires_soon, us}});
    finds({.chain = {old}, .now = fake::some_time - 7 * 86400}, {{severity::note, chain_expires_soon, us}});
    finds({.chain = {old}, .now = fake::some_time - 7 * 86400 - 1}, {});

    auto const early = device_with([](spec& s) { s.not_before = "20300101000001Z"; });
    finds({.chain = {early}}, {{severity::error, identity_not_yet_valid, us}});
    finds({.chain = {early}, .now = fake::some_time + 1}, {});
}

TEST_CASE("preflight: the validity of our intermediates") {
    finds(
        {.chain = below([](spec& s) { s.not_after = "20291231235959Z"; })},
        {{severity::error, intermediate_expired, "CN=middle", 1}});
    finds(
        {.chain = below([](spec& s) { s.not_before = "20300101000001Z"; })},
        {{severity::error, intermediate_not_yet_valid, "CN=middle", 1}});
    finds(
        {.chain = below([](spec& s) { s.not_after = "20300103000000Z"; })},
        {{severity::note, chain_expires_soon, "CN=middle", 1}});
}

TEST_CASE("preflight: an authority's certificate given as identity") {
    auto const ca = [](spec& s) {
        s.ca = true;
        s.key_usage = {5, 6};
        s.purposes.clear();
    };
    finds({.chain = {device_with(ca)}}, {{severity::error, identity_is_ca, us}});
    spec root = fake::root("our root");
    finds({.chain = {root}}, {{severity::error, identity_is_ca, "CN=our root"}});
    root.key_usage.reset(); // what `openssl req -x509` makes: can sign, and is a CA
    finds({.chain = {root}}, {{severity::warning, identity_is_ca, "CN=our root"}});
}

TEST_CASE("preflight: what our certificate's key may be used for") {
    auto const with_purposes = [](std::vector<fake::bytes> const& purposes) {
        return device_with([&](spec& s) { s.purposes = purposes; });
    };
    auto const server = purpose(fake::server_auth);
    finds({.chain = {with_purposes({server})}}, {{severity::error, identity_not_for_clients, us}});
    finds({.chain = {with_purposes({server, purpose(fake::client_auth)})}}, {});
    finds({.chain = {with_purposes({purpose(fake::any_purpose)})}}, {});
    finds({.chain = {with_purposes({})}}, {});

    auto const with_usage = [](std::optional<std::vector<unsigned>> const& usage) {
        return device_with([&](spec& s) { s.key_usage = usage; });
    };
    finds({.chain = {with_usage({{2, 4}})}}, {{severity::error, identity_not_for_signing, us}});
    finds({.chain = {with_usage(std::nullopt)}}, {});
}

TEST_CASE("preflight: is our chain complete?") {
    auto const lone = device_with([](spec& s) { s.issuer = fake::common_name("factory CA"); });
    finds({.chain = {lone}}, {{severity::note, chain_may_be_incomplete, "CN=factory CA"}});
    finds({.chain = {lone}, .anchors = {fake::root(), fake::root("factory CA")}}, {});

    auto const self_signed = device_with([](spec& s) { s.issuer = s.subject; });
    finds({.chain = {self_signed}}, {{severity::warning, identity_self_signed, us}});

    finds({.chain = {device(), fake::root()}}, {{severity::note, chain_has_root, "CN=root", 1}});
    auto old_root = fake::root();
    old_root.not_after = "20250101000000Z";
    finds({.chain = {device(), old_root}}, {{severity::note, chain_has_root, "CN=root", 1}});
}

TEST_CASE("preflight: what may not stand above our certificate") {
    finds({.chain = below([](spec& s) { s.ca = false; })}, {{severity::error, intermediate_not_a_ca, "CN=middle", 1}});
    finds(
        {.chain = below([](spec& s) { s.key_usage = {0}; })},
        {{severity::error, intermediate_not_a_ca, "CN=middle", 1}});
    finds(
        {.chain = below([](spec& s) { s.purposes = {purpose(fake::server_auth)}; })},
        {{severity::warning, intermediate_not_for_clients, "CN=middle", 1}});

    auto chain = below([](spec& s) { s.subject_key_id = fake::of("new key"); });
    finds({.chain = chain}, {});
    chain[0].authority_key_id = fake::of("old key");
    finds({.chain = chain}, {{severity::warning, intermediate_has_another_key, "CN=middle", 1}});
    chain[0].authority_key_id = fake::of("new key");
    finds({.chain = chain}, {});
}

TEST_CASE("preflight: which keys can sign, in which versions") {
    auto const with_key = [](fake::bytes const& key) { return device_with([&](spec& s) { s.key = key; }); };
    struct row {
        fake::bytes key;
        std::vector<expected> in_1_2, in_both, in_1_3;
    };
    auto const p224 = fake::ec_key(tls::x509::oid<1, 3, 132, 0, 33>, 57);
    auto const x448 = fake::sequence(
        {fake::sequence({fake::oid(tls::x509::oid<1, 3, 101, 111>)}), fake::bit_string(fake::bytes(56, std::byte{7}))});
    expected const weak{severity::warning, chain_weak_key, us};
    expected const unusable{severity::error, identity_key_unusable, us};
    expected const doubtful{severity::warning, identity_key_unusable, us};
    expected const barred{severity::warning, identity_key_not_for_tls_1_3, us};
    for (row const& r : {
             row{fake::p256_key(), {}, {}, {}},
             row{fake::p384_key(), {}, {}, {}},
             row{fake::p521_key(), {}, {}, {}},
             row{fake::rsa_key(2048), {}, {}, {}},
             row{fake::rsa_key(2047), {weak}, {weak}, {weak}},
             row{fake::rsa_key(1024), {weak}, {weak}, {weak}},
             row{p224, {weak}, {barred}, {unusable}},
             row{fake::secp256k1_key(), {weak}, {barred}, {unusable}},
             row{fake::ed25519_key(), {doubtful}, {doubtful}, {doubtful}},
             row{x448, {unusable}, {unusable}, {unusable}},
         }) {
        using enum protocol_version;
        finds({.chain = {with_key(r.key)}, .highest = tls_1_2}, r.in_1_2);
        finds({.chain = {with_key(r.key)}}, r.in_both);
        finds({.chain = {with_key(r.key)}, .lowest = tls_1_3}, r.in_1_3);
    }
    finds(
        {.chain = below([](spec& s) { s.key = fake::rsa_key(1024); })},
        {{severity::warning, chain_weak_key, "CN=middle", 1}});
}

TEST_CASE("preflight: weak hashes in our chain") {
    finds(
        {.chain = {device_with([](spec& s) { s.signed_with = fake::ecdsa_sha1(); })}},
        {{severity::warning, chain_weak_hash, us}});
    finds(
        {.chain = {device_with([](spec& s) { s.signed_with = fake::rsa_algorithm(4); })}}, // MD5
        {{severity::warning, chain_weak_hash, us}});
    finds(
        {.chain = below([](spec& s) { s.signed_with = fake::rsa_algorithm(5); })}, // SHA-1
        {{severity::warning, chain_weak_hash, "CN=middle", 1}});
    // Nobody relies on the signature a certificate makes on itself.
    finds(
        {.chain = {device_with([](spec& s) {
             s.issuer = s.subject;
             s.signed_with = fake::ecdsa_sha1();
         })}},
        {{severity::warning, identity_self_signed, us}});
    auto root = fake::root();
    root.signed_with = fake::rsa_algorithm(5);
    finds({.chain = {device(), root}}, {{severity::note, chain_has_root, "CN=root", 1}});
}

TEST_CASE("preflight: nobody to trust, and anybody") {
    finds({.chain = below([](spec&) {}), .anchors = {}}, {{severity::error, no_anchors}});
    finds(
        {.chain = below([](spec&) {}), .anchors = {}, .accept_any_server = true},
        {{severity::warning, accepts_any_server}});
    // No server is verified, so the clock stops no connection.
    finds(
        {.chain = below([](spec&) {}), .anchors = {}, .now = 0, .accept_any_server = true},
        {{severity::warning, clock_implausible},
         {severity::warning, accepts_any_server},
         {severity::note, validity_unknown}});
}

TEST_CASE("preflight: each trust anchor that cannot be used") {
    struct row {
        spec anchor;
        finding_kind kind;
    };
    spec server = fake::leaf();
    server.subject = fake::common_name("root");
    server.issuer = fake::common_name("somebody");
    spec server_with_usage = server;
    server_with_usage.key_usage = {0};
    server_with_usage.ca = false;
    for (row const& r : {
             row{root_with([](spec& s) { s.not_after = "20291231235959Z"; }), anchor_expired},
             row{root_with([](spec& s) { s.not_before = "20300101000001Z"; }), anchor_not_yet_valid},
             row{root_with([](spec& s) { s.key = fake::rsa_key(1024); }), anchor_weak_key},
             row{root_with([](spec& s) { s.key = fake::rsa_key(16384); }), anchor_weak_key}, // above the limit
             row{root_with([](spec& s) { s.key = fake::ed25519_key(); }), anchor_weak_key},
             row{root_with([](spec& s) { s.key_usage = {0}; }), anchor_forbids_use},
             row{root_with([](spec& s) { s.purposes = {purpose(fake::client_auth)}; }), anchor_forbids_use},
             row{root_with([](spec& s) { s.issuer = fake::of({0x30, 2, 0x31, 0}); }), anchor_unreadable},
             row{server, anchor_not_a_ca},
             row{server_with_usage, anchor_not_a_ca},
         }) {
        bool const old = r.kind == anchor_expired || r.kind == anchor_not_yet_valid || r.kind == anchor_weak_key;
        finds(
            {.chain = {device()}, .anchors = {fake::root(), r.anchor}},
            {{old ? severity::note : severity::warning, r.kind, "CN=root", 1}});
        finds(
            {.chain = {device()}, .anchors = {r.anchor}},
            {{severity::error, no_usable_anchor}, {severity::warning, r.kind, "CN=root"}});
    }
    finds(
        {.chain = {device()}, .anchors = {fake::root()}, .raw_anchors = {fake::of("no certificate")}},
        {{severity::warning, anchor_unreadable, "", 1}});
}

TEST_CASE("preflight: a root of version 1 is an anchor like any other") {
    finds(
        {.chain = {device()}, .anchors = {root_with([](spec& s) {
                                  s.version = 1;
                                  s.ca.reset();
                                  s.key_usage.reset();
                              })}},
        {});
}

TEST_CASE("preflight: a server's self-signed certificate as trust anchor") {
    spec pinned = fake::leaf("host.example");
    pinned.subject = fake::common_name("host.example");
    pinned.key_usage = {0};
    finds(
        {.chain = below([](spec&) {}), .anchors = {pinned}},
        {{severity::note, anchor_is_one_server, "CN=host.example"}});
    pinned.not_after = "20250101000000Z";
    finds(
        {.chain = below([](spec&) {}), .anchors = {pinned}},
        {{severity::error, no_usable_anchor}, {severity::warning, anchor_expired, "CN=host.example"}});
}

TEST_CASE("preflight: no server name indication for an address") {
    finds({.chain = {device()}, .name = "192.0.2.7"}, {{severity::note, no_server_name_sent, "192.0.2.7"}});
    finds({.chain = {device()}, .name = "2001:db8::7"}, {{severity::note, no_server_name_sent, "2001:db8::7"}});
}

TEST_CASE("preflight: errors come first, and the text says all") {
    auto bad = device_with([](spec& s) {
        s.not_after = "20261001120000Z";
        s.issuer = fake::common_name("factory CA");
        s.signed_with = fake::ecdsa_sha1();
    });
    scene const s{.chain = {bad}, .now = 1795500000};
    finds(
        s, {{severity::error, identity_expired, us},
            {severity::warning, chain_weak_hash, us},
            {severity::note, chain_may_be_incomplete, "CN=factory CA"}});
    CHECK(
        tls::explain(s.look()) ==
        "error: our certificate has expired: CN=device 7, valid until 2026-10-01 12:00:00 UTC; the clock says "
        "2026-11-24 06:00:00 UTC\n"
        "  try: renew the certificate; if it should be valid, set the clock\n"
        "warning: a signature of our chain uses a weak hash: CN=device 7\n"
        "  try: have the certificate reissued with SHA-256\n"
        "note: we send one certificate, and no certificate of its issuer is known here: CN=factory CA\n"
        "  try: if the server refuses us, add the intermediate certificates behind our own");
    auto const f = *s.look().begin();
    CHECK(f.not_before == 1577836800);
    CHECK(f.not_after == 1790856000);

    bad.not_before = "20270101000000Z";
    bad.not_after = "20400101000000Z";
    CHECK(tls::explain(scene{.chain = {bad}, .now = 1795500000}.look())
              .starts_with(
                  "error: our certificate is not valid yet: CN=device 7, valid from 2027-01-01 00:00:00 UTC; the "
                  "clock says 2026-11-24 06:00:00 UTC\n"));
}

TEST_CASE("preflight: names of certificates that are long, empty or hostile") {
    auto const named = [](fake::bytes const& name) {
        auto const s = device_with([&](spec& d) {
            d.subject = name;
            d.not_after = "20250101000000Z";
        });
        return std::string(scene{.chain = {s}}.look().begin()->about.view());
    };
    CHECK(named(fake::common_name(std::string(200, 'x'))) == "CN=" + std::string(57, 'x') + "...");
    CHECK(named(fake::common_name(std::string(57, 'x'))) == "CN=" + std::string(57, 'x'));
    CHECK(named(fake::name({})) == "a certificate without subject");
    auto const hostile = named(fake::common_name("a\n\x1b[31mb\xc3\xa9"));
    CHECK(std::ranges::all_of(hostile, [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST_CASE("preflight: every finding has its own sentence") {
    std::vector<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(no_server_name_sent); ++i) {
        auto const kind = static_cast<finding_kind>(i);
        CAPTURE(i);
        auto const text = tls::message(kind);
        CHECK(text != "unknown finding");
        CHECK(!text.ends_with('.'));
        CHECK(!tls::advice(kind).ends_with('.'));
        CHECK(std::ranges::find(seen, text) == seen.end());
        seen.push_back(text);
    }
    CHECK(tls::message(static_cast<finding_kind>(static_cast<int>(memory_ran_out) + 1)) == "unknown finding");
    CHECK(tls::name(severity::note) == "note");
    CHECK(tls::name(severity::warning) == "warning");
    CHECK(tls::name(severity::error) == "error");
    CHECK(tls::name(static_cast<severity>(9)) == "unknown severity");
}

} // namespace unit::preflight_cases

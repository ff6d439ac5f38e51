// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/verify/judge.hpp>
#include <tls/verify/path_problems.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace unit::verify_judge_cases {
namespace {

using fake::bytes;
using fake::of;
using fake::spec;
using tls::errc;
using tls::verify::anchor_set;
using tls::verify::policy;
using tls::verify::verdict;

using tls::signature::answer;
using tls::x509::certificate_view;

/// Accepts every signature.
tls::verify::signature_check all_good() {
    return {
        [](void*, certificate_view const&, certificate_view const&, std::uint32_t&) noexcept { return answer::good; }};
}

/// Counts what is asked, and answers by the issuer's key.
struct oracle {
    std::vector<std::pair<bytes, answer>> keys{};
    answer otherwise = answer::good;
    unsigned asked = 0;
    std::uint32_t cost = 0;

    [[nodiscard]] tls::verify::signature_check check() {
        return {
            [](void* context, certificate_view const&, certificate_view const& issuer, std::uint32_t& left) noexcept {
                auto& self = *static_cast<oracle*>(context);
                if (self.cost > left) return answer::cannot;
                left -= self.cost;
                ++self.asked;
                for (auto const& [key, said] : self.keys)
                    if (tls::x509::der::equal(issuer.spki(), key)) return said;
                return self.otherwise;
            },
            this};
    }
};

/// One judgement with everything it needs. The defaults are those of fake::leaf().
struct scene {
    std::vector<spec> sent;
    std::vector<spec> anchors{fake::root()};
    std::string name = "host.example";
    policy rules{};
    std::int64_t now = fake::some_time;
    std::vector<bytes> raw{}; // sent after `sent`, as they are
    tls::verify::signature_check signatures = all_good();
    tls::verify::demands more{};

    [[nodiscard]] verdict judge() const {
        std::vector<bytes> ders;
        ders.reserve(sent.size() + raw.size());
        for (auto const& s : sent) ders.push_back(s.der());
        ders.insert(ders.end(), raw.begin(), raw.end());
        std::vector<fake::view> const views(ders.begin(), ders.end());
        std::vector<bytes> roots;
        roots.reserve(anchors.size());
        for (auto const& s : anchors) roots.push_back(s.der());
        return tls::verify::judge(
            views, *anchor_set::of(roots), *tls::server_name::parse(name), rules, now, signatures, more);
    }
};

/// Checks that this one thing is wrong, and nothing else.
void refuses(scene const& s, errc code, unsigned depth) {
    verdict const v = s.judge();
    CHECK(v.code == code);
    CHECK(unsigned{v.depth} == depth);
    tls::problem_set only;
    only.add(code);
    CHECK(v.problems == only);
}

void accepts(scene const& s) {
    verdict const v = s.judge();
    CHECK(v.code == errc::ok);
    CHECK(v.problems.empty());
    CHECK(v.anchor >= 0);
}

/// True if the path taken has these indexes.
bool took(verdict const& v, std::initializer_list<unsigned> path) {
    if (v.path_size != path.size()) return false;
    std::size_t i = 0;
    for (unsigned const index : path)
        if (v.path[i++] != index) return false;
    return true;
}

spec middle(std::string_view subject = "middle", std::string_view issuer = "root") {
    return fake::authority(subject, issuer);
}

/// A leaf, an intermediate and a root that is the anchor; `change` makes one of them different.
scene chain() { return {.sent = {fake::leaf("middle"), middle()}}; }

template <class Change> scene with_leaf(Change change) {
    scene s = chain();
    change(s.sent[0]);
    return s;
}
template <class Change> scene with_middle(Change change) {
    scene s = chain();
    change(s.sent[1]);
    return s;
}
template <class Change> scene with_anchor(Change change) {
    scene s = chain();
    change(s.anchors[0]);
    return s;
}

bytes purpose(fake::view id) { return {id.begin(), id.end()}; }

constexpr std::int64_t first_second = 1577836800; // 2020-01-01
constexpr std::int64_t last_second = 2208988800;  // 2040-01-01

} // namespace

TEST_CASE("judge: good chains of every length") {
    scene direct{.sent = {fake::leaf()}};
    accepts(direct);
    CHECK(took(direct.judge(), {0}));

    verdict const one = chain().judge();
    CHECK(one.code == errc::ok);
    CHECK(took(one, {0, 1}));
    CHECK(one.anchor == 0);

    scene longest{.sent = {fake::leaf("ca 1")}};
    for (int i = 1; i != 9; ++i)
        longest.sent.push_back(middle("ca " + std::to_string(i), i == 8 ? "root" : "ca " + std::to_string(i + 1)));
    accepts(longest);
    CHECK(took(longest.judge(), {0, 1, 2, 3, 4, 5, 6, 7, 8}));
    longest.sent.push_back(fake::root());
    refuses(longest, errc::chain_too_long, 0);
}

TEST_CASE("judge: nothing sent, and bytes that are no certificate") {
    refuses({.sent = {}}, errc::no_peer_certificate, 0);
    refuses({.sent = {}, .raw = {of({0x30, 0})}}, errc::malformed_certificate, 0);
    refuses({.sent = {}, .raw = {bytes{}}}, errc::malformed_certificate, 0);
    scene s = chain();
    s.raw = {of({0x30, 0}), bytes{}};
    accepts(s);
}

TEST_CASE("judge: no way to an anchor") {
    scene s = chain();
    s.anchors = {fake::root("another")};
    refuses(s, errc::untrusted, 1);
    s.anchors.clear();
    refuses(s, errc::untrusted, 1);
    CHECK(s.judge().anchor == -1);
    CHECK(took(s.judge(), {0, 1}));
    s.sent.push_back(fake::root());
    refuses(s, errc::untrusted, 2);
    refuses({.sent = {fake::leaf("middle")}}, errc::untrusted, 0);

    scene alone{.sent = {fake::leaf()}};
    alone.sent[0].issuer = alone.sent[0].subject;
    refuses(alone, errc::self_signed, 0);
}

TEST_CASE("judge: what else is wrong with an untrusted chain is told too") {
    scene s = with_leaf([](spec& c) { c.names = {fake::dns("other.example")}; });
    s.anchors.clear();
    s.now = last_second + 1;
    verdict const v = s.judge();
    CHECK(v.code == errc::untrusted);
    CHECK(v.problems.has(errc::name_mismatch));
    CHECK(v.problems.has(errc::expired));
    CHECK_FALSE(v.problems.has(errc::weak_key));
}

TEST_CASE("judge: validity of every certificate, to the second") {
    scene s = chain();
    s.now = first_second;
    accepts(s);
    s.now = last_second;
    accepts(s);
    for (unsigned depth = 0; depth != 3; ++depth) {
        CAPTURE(depth);
        scene old = chain();
        spec& c = depth == 2 ? old.anchors[0] : old.sent[depth];
        c.not_after = "20291231235959Z";
        refuses(old, errc::expired, depth);
        c.not_after = "20300101000000Z";
        accepts(old);
        c.not_before = "20300101000001Z";
        c.not_after = "20400101000000Z";
        refuses(old, errc::not_yet_valid, depth);
        old.rules.check_time = false;
        accepts(old);
    }
}

TEST_CASE("judge: server name") {
    scene s = chain();
    s.name = "other.example";
    refuses(s, errc::name_mismatch, 0);
    s.name = "HOST.example.";
    accepts(s);
    s.name = "192.0.2.1";
    refuses(s, errc::name_mismatch, 0);
    s.sent[0].names = {fake::ip({192, 0, 2, 1})};
    accepts(s);
    s = with_leaf([](spec& c) {
        c.names.clear();
        c.subject = fake::common_name("host.example");
    });
    refuses(s, errc::name_mismatch, 0);
}

TEST_CASE("judge: keys of every certificate") {
    for (unsigned depth = 0; depth != 3; ++depth) {
        CAPTURE(depth);
        auto const with_key = [&](bytes const& key) {
            scene s = chain();
            (depth == 2 ? s.anchors[0] : s.sent[depth]).key = key;
            return s;
        };
        accepts(with_key(fake::rsa_key(2048)));
        refuses(with_key(fake::rsa_key(2047)), errc::weak_key, depth);
        refuses(with_key(fake::rsa_key(1024)), errc::weak_key, depth);
        accepts(with_key(fake::rsa_key(4096)));
        accepts(with_key(fake::rsa_key(8192)));
        refuses(with_key(fake::rsa_key(8200)), errc::weak_key, depth);
        accepts(with_key(fake::rsa_key(2048, of({3}))));
        refuses(with_key(fake::rsa_key(2048, of({1}))), errc::weak_key, depth);
        refuses(with_key(fake::rsa_key(2048, of({1, 0, 0}))), errc::weak_key, depth);
        accepts(with_key(fake::rsa_key(2048, of({0x7f, 0, 0, 0, 0, 0, 0, 1}))));
        refuses(with_key(fake::rsa_key(2048, of({1, 0, 0, 0, 0, 0, 0, 0, 1}))), errc::weak_key, depth);
        accepts(with_key(fake::p256_key()));
        accepts(with_key(fake::p384_key()));
        accepts(with_key(fake::p521_key()));
        refuses(with_key(fake::secp256k1_key()), errc::weak_key, depth);
        constexpr auto& p256 = tls::x509::oid<1, 2, 840, 10045, 3, 1, 7>;
        for (std::size_t const size : {1U, 33U, 64U, 66U})
            refuses(with_key(fake::ec_key(p256, size)), errc::weak_key, depth);
        bytes compressed = fake::ec_key(p256, 33);
        compressed[compressed.size() - 33] = std::byte{2};
        refuses(with_key(compressed), errc::weak_key, depth);
        refuses(with_key(fake::ed25519_key()), errc::weak_key, depth);
        scene strict = with_key(fake::rsa_key(2048));
        strict.rules.minimum_rsa_bits = 3072;
        refuses(strict, errc::weak_key, depth);
    }
}

TEST_CASE("judge: hashes of every certificate below the root") {
    bytes const pss_sha1 = fake::sequence({fake::oid(tls::x509::oid<1, 2, 840, 113549, 1, 1, 10>), of({0x30, 0})});
    bytes const weak[] = {
        fake::rsa_algorithm(4),
        fake::rsa_algorithm(5),
        fake::rsa_algorithm(14),
        fake::ecdsa_sha1(),
        fake::algorithm(tls::x509::oid<1, 2, 840, 10045, 4, 3, 1>),
        pss_sha1,
        fake::algorithm(tls::x509::oid<1, 2, 3>),
    };
    for (auto const& algorithm : weak) {
        refuses(with_leaf([&](spec& c) { c.signed_with = algorithm; }), errc::weak_hash, 0);
        refuses(with_middle([&](spec& c) { c.signed_with = algorithm; }), errc::weak_hash, 1);
        accepts(with_anchor([&](spec& c) { c.signed_with = algorithm; }));
    }
    bytes const strong[] = {
        fake::rsa_algorithm(11),
        fake::rsa_algorithm(12),
        fake::rsa_algorithm(13),
        fake::ecdsa_sha256(),
        fake::algorithm(tls::x509::oid<1, 2, 840, 10045, 4, 3, 3>),
        fake::algorithm(tls::x509::oid<1, 2, 840, 10045, 4, 3, 4>),
    };
    for (auto const& algorithm : strong) {
        accepts(with_leaf([&](spec& c) { c.signed_with = algorithm; }));
        accepts(with_middle([&](spec& c) { c.signed_with = algorithm; }));
    }
}

TEST_CASE("judge: extended key usage, where there is one") {
    for (unsigned depth = 0; depth != 3; ++depth) {
        CAPTURE(depth);
        auto const with_purposes = [&](std::vector<bytes> const& purposes) {
            scene s = chain();
            (depth == 2 ? s.anchors[0] : s.sent[depth]).purposes = purposes;
            return s;
        };
        refuses(with_purposes({purpose(fake::client_auth)}), errc::bad_extended_key_usage, depth);
        accepts(with_purposes({purpose(fake::client_auth), purpose(fake::server_auth)}));
        accepts(with_purposes({purpose(fake::any_purpose)}));
    }
}

TEST_CASE("judge: a strict reading of extended key usage, if asked for") {
    auto const strict = [](std::vector<std::vector<bytes>> purposes) {
        scene s = chain();
        s.rules.strict_extended_key_usage = true;
        for (std::size_t depth = 0; depth != purposes.size(); ++depth)
            (depth == 2 ? s.anchors[0] : s.sent[depth]).purposes = std::move(purposes[depth]);
        return s;
    };
    bytes const server = purpose(fake::server_auth);
    bytes const any = purpose(fake::any_purpose);
    accepts(strict({{server}}));
    accepts(strict({{server}, {server}, {any}}));
    accepts(strict({{any, server}}));
    refuses(strict({{}}), errc::bad_extended_key_usage, 0);
    refuses(strict({{any}}), errc::bad_extended_key_usage, 0);
    refuses(strict({{server}, {any}}), errc::bad_extended_key_usage, 1);
    // A leaf that is its own anchor is a leaf as well.
    scene pinned{.sent = {fake::leaf("leaf")}, .anchors = {fake::leaf("leaf")}};
    accepts(pinned);
    pinned.rules.strict_extended_key_usage = true;
    refuses(pinned, errc::bad_extended_key_usage, 0);
}

TEST_CASE("judge: key usage of the leaf") {
    accepts(with_leaf([](spec& c) { c.key_usage = {0}; }));
    accepts(with_leaf([](spec& c) { c.key_usage = {0, 2}; }));
    refuses(with_leaf([](spec& c) { c.key_usage = {2}; }), errc::bad_key_usage, 0);
    refuses(with_leaf([](spec& c) { c.key_usage = std::vector<unsigned>{}; }), errc::bad_key_usage, 0);
    // RFC 5280 section 4.2.1.9: keyCertSign only on a CA.
    refuses(with_leaf([](spec& c) { c.key_usage = {0, 5}; }), errc::bad_key_usage, 0);
    accepts(with_leaf([](spec& c) {
        c.key_usage = {0, 5};
        c.ca = true;
    }));
}

TEST_CASE("judge: name constraints in a leaf that is no authority") {
    bytes const nothing = fake::sequence({fake::tlv(0xa0, fake::sequence({fake::dns("nowhere.example")}))});
    refuses(with_leaf([&](spec& c) { c.constraints = nothing; }), errc::name_constraint, 0);
    accepts(with_leaf([&](spec& c) {
        c.constraints = nothing;
        c.ca = true;
    }));
}

TEST_CASE("judge: issuers are authorities that may sign certificates") {
    refuses(with_middle([](spec& c) { c.ca = false; }), errc::not_a_ca, 1);
    refuses(with_middle([](spec& c) { c.ca.reset(); }), errc::not_a_ca, 1);
    refuses(with_anchor([](spec& c) { c.ca = false; }), errc::not_a_ca, 2);
    refuses(with_anchor([](spec& c) { c.ca.reset(); }), errc::not_a_ca, 2);
    refuses(with_middle([](spec& c) { c.key_usage = {6}; }), errc::bad_key_usage, 1);
    refuses(with_anchor([](spec& c) { c.key_usage = {0, 6}; }), errc::bad_key_usage, 2);
    accepts(with_middle([](spec& c) { c.key_usage.reset(); }));
    accepts(with_anchor([](spec& c) { c.key_usage.reset(); }));
}

TEST_CASE("judge: version 1 only as a root") {
    auto const make_old = [](spec& c) {
        c.version = 1;
        c.ca.reset();
        c.key_usage.reset();
    };
    accepts(with_anchor(make_old));
    refuses(with_middle(make_old), errc::not_a_ca, 1);
    scene s = chain();
    s.anchors = {middle()};
    accepts(s);
    make_old(s.anchors[0]);
    refuses(s, errc::not_a_ca, 1);
}

TEST_CASE("judge: path length") {
    accepts(with_anchor([](spec& c) { c.path_len = 1; }));
    refuses(with_anchor([](spec& c) { c.path_len = 0; }), errc::path_too_long, 2);
    accepts(with_middle([](spec& c) { c.path_len = 0; }));
    scene two{.sent = {fake::leaf("lower"), middle("lower", "middle"), middle()}};
    accepts(two);
    two.sent[2].path_len = 0;
    refuses(two, errc::path_too_long, 2);
    two.sent[2].path_len = 1;
    accepts(two);
    two.anchors[0].path_len = 1;
    refuses(two, errc::path_too_long, 3);

    // A self-issued certificate, such as for a change of keys, does not count; the leaf never does.
    scene renewed{.sent = {fake::leaf("middle"), middle(), fake::root()}};
    renewed.sent[1].authority_key_id = of({2});
    renewed.sent[2].subject_key_id = of({2});
    renewed.sent[2].authority_key_id = of({1});
    renewed.anchors[0].subject_key_id = of({1});
    renewed.anchors[0].path_len = 1;
    accepts(renewed);
    CHECK(took(renewed.judge(), {0, 1, 2}));
    renewed.anchors[0].path_len = 0;
    refuses(renewed, errc::path_too_long, 3);
}

TEST_CASE("judge: no more intermediates than asked for") {
    auto const at_most = [](std::size_t intermediates, scene s) {
        s.rules.max_path_length = intermediates;
        return s;
    };
    scene const none{.sent = {fake::leaf()}};
    scene const two{.sent = {fake::leaf("lower"), middle("lower", "middle"), middle()}};
    accepts(at_most(0, none));
    refuses(at_most(0, chain()), errc::path_too_long, 2);
    accepts(at_most(1, chain()));
    refuses(at_most(1, two), errc::path_too_long, 3);
    accepts(at_most(2, two));
    // A shorter way counts, whatever else was sent.
    scene both = two;
    both.anchors.push_back(middle());
    accepts(at_most(1, both));
}

TEST_CASE("judge: the bytes of all certificates together are limited") {
    scene s = chain();
    s.raw.emplace_back(tls::verify::max_sent_bytes - s.sent[0].der().size() - s.sent[1].der().size());
    accepts(s);
    s.raw[0].emplace_back();
    refuses(s, errc::chain_too_long, 0);
}

TEST_CASE("judge: name constraints of every issuer hold for everything below") {
    bytes const good = fake::constraints({fake::dns("example")});
    bytes const bad = fake::constraints({fake::dns("example.org")});
    accepts(with_middle([&](spec& c) { c.constraints = good; }));
    refuses(with_middle([&](spec& c) { c.constraints = bad; }), errc::name_constraint, 0);
    accepts(with_anchor([&](spec& c) { c.constraints = good; }));
    refuses(with_anchor([&](spec& c) { c.constraints = bad; }), errc::name_constraint, 0);
    refuses(with_middle([](spec& c) { c.constraints = of({0x30, 0}); }), errc::name_constraint, 0);

    // Not critical, but honoured as well.
    refuses(
        with_middle([&](spec& c) { c.more_extensions = {fake::extension(tls::x509::oid<2, 5, 29, 30>, bad)}; }),
        errc::name_constraint, 0);

    bytes const not_middle = fake::constraints({}, {fake::directory(fake::common_name("middle"))});
    refuses(with_anchor([&](spec& c) { c.constraints = not_middle; }), errc::name_constraint, 1);
    // A certificate's own constraints say nothing about itself.
    accepts(with_middle([&](spec& c) { c.constraints = not_middle; }));
}

TEST_CASE("judge: names are compared on paths that are proven, and on no other") {
    std::vector<bytes> const many(800, fake::dns("a"));
    spec stray = middle("middle", "nobody");
    stray.constraints = fake::constraints({}, many);
    scene s{.sent = {fake::leaf("middle"), stray, middle()}};
    s.sent[0].names.insert(s.sent[0].names.end(), 700, fake::dns("b"));
    accepts(s);
    s.sent[2].issuer = fake::common_name("x");
    refuses(s, errc::untrusted, 1);

    scene forged = chain();
    forged.sent[1].constraints = fake::constraints({fake::dns("example.org")});
    oracle none{.otherwise = answer::bad};
    forged.signatures = none.check();
    refuses(forged, errc::bad_signature, 1);
}

TEST_CASE("judge: self-issued intermediates are exempt from name constraints, a self-issued leaf is not") {
    bytes const not_root = fake::constraints({}, {fake::directory(fake::common_name("root"))});
    scene renewed{.sent = {fake::leaf("root"), fake::root()}};
    renewed.sent[0].authority_key_id = of({2});
    renewed.sent[1].subject_key_id = of({2});
    renewed.anchors[0].subject_key_id = of({1});
    renewed.sent[1].authority_key_id = of({1});
    renewed.anchors[0].constraints = not_root;
    accepts(renewed);
    CHECK(took(renewed.judge(), {0, 1}));
    renewed.sent[0].subject = fake::common_name("root");
    refuses(renewed, errc::name_constraint, 0);
}

TEST_CASE("judge: critical extensions that are not understood") {
    auto const add = [](bool critical) {
        return [critical](spec& c) { c.more_extensions = {fake::extension(of({0x2a, 3, 4}), {}, critical)}; };
    };
    refuses(with_leaf(add(true)), errc::critical_extension, 0);
    refuses(with_middle(add(true)), errc::critical_extension, 1);
    refuses(with_anchor(add(true)), errc::critical_extension, 2);
    accepts(with_leaf(add(false)));
    accepts(with_middle(add(false)));
}

TEST_CASE("judge: serial number zero only in a root") {
    refuses(with_leaf([](spec& c) { c.serial = of({0}); }), errc::malformed_certificate, 0);
    refuses(with_middle([](spec& c) { c.serial = of({0}); }), errc::malformed_certificate, 1);
    accepts(with_anchor([](spec& c) { c.serial = of({0}); }));
    accepts(with_leaf([](spec& c) { c.serial = of({0x81}); }));
}

TEST_CASE("judge: the leaf as anchor must be exactly that certificate") {
    scene s{.sent = {fake::leaf()}};
    s.sent[0].issuer = s.sent[0].subject;
    s.anchors = {s.sent[0]};
    accepts(s);
    verdict const v = s.judge();
    CHECK(took(v, {0}));
    CHECK(v.anchor == 0);

    // Everything that concerns a server's own certificate still holds; its signature does not matter.
    auto const changed = [&](auto change) {
        scene other = s;
        change(other.sent[0]);
        other.anchors = {other.sent[0]};
        return other;
    };
    refuses(changed([](spec& c) { c.not_after = "20210101000000Z"; }), errc::expired, 0);
    refuses(changed([](spec& c) { c.names = {fake::dns("x.example")}; }), errc::name_mismatch, 0);
    refuses(changed([](spec& c) { c.key = fake::rsa_key(1024); }), errc::weak_key, 0);
    refuses(changed([](spec& c) { c.purposes = {purpose(fake::client_auth)}; }), errc::bad_extended_key_usage, 0);
    refuses(changed([](spec& c) { c.key_usage = {2}; }), errc::bad_key_usage, 0);
    accepts(changed([](spec& c) { c.signed_with = fake::ecdsa_sha1(); }));
    accepts(changed([](spec& c) { c.ca = true; }));

    // The same name and key, another certificate: it would need an authority.
    scene lookalike = s;
    lookalike.sent[0].serial = of({2});
    refuses(lookalike, errc::not_a_ca, 1);

    // Not self-issued: knowing it is not enough.
    scene issued{.sent = {fake::leaf()}};
    issued.anchors = {issued.sent[0]};
    refuses(issued, errc::untrusted, 0);

    // A server that sends a certificate signed by the pinned one does not profit.
    scene below = s;
    below.sent = {fake::leaf("leaf")};
    below.sent[0].subject = fake::common_name("victim");
    refuses(below, errc::not_a_ca, 1);
}

TEST_CASE("judge: an intermediate as anchor") {
    scene s = chain();
    s.anchors = {middle()};
    accepts(s);
    CHECK(took(s.judge(), {0}));
    s.sent.pop_back();
    accepts(s);
}

TEST_CASE("judge: above the leaf any order will do") {
    scene s{.sent = {fake::leaf("lower"), middle("lower", "middle"), middle()}};
    accepts(s);
    CHECK(took(s.judge(), {0, 1, 2}));
    std::swap(s.sent[1], s.sent[2]);
    accepts(s);
    CHECK(took(s.judge(), {0, 2, 1}));
    scene root_first{.sent = {fake::leaf("middle"), fake::root(), middle()}};
    accepts(root_first);
    CHECK(took(root_first.judge(), {0, 2}));
    scene leaf_later{.sent = {middle(), fake::leaf("middle")}};
    CHECK(leaf_later.judge().code != errc::ok);
}

TEST_CASE("judge: copies of a certificate are one") {
    scene s = chain();
    for (int i = 0; i != 7; ++i) s.sent.push_back(i % 2 == 0 ? middle() : fake::leaf("middle"));
    oracle o;
    s.signatures = o.check();
    accepts(s);
    CHECK(took(s.judge(), {0, 1}));
    CHECK(o.asked == 4); // two judgements
}

TEST_CASE("judge: authorities that signed each other in a circle lead nowhere, and back") {
    scene s{.sent = {fake::leaf("a"), fake::authority("a", "b"), fake::authority("b", "a")}};
    refuses(s, errc::untrusted, 2);
    s.sent.push_back(fake::authority("b", "root"));
    accepts(s);
    CHECK(took(s.judge(), {0, 1, 3}));
}

TEST_CASE("judge: what is not on the path does not matter") {
    scene s = chain();
    s.sent.push_back(fake::root());
    accepts(s);
    CHECK(took(s.judge(), {0, 1}));

    spec stray = middle("stray", "nobody");
    stray.not_after = "20210101000000Z";
    stray.key = fake::rsa_key(512);
    s.sent.insert(s.sent.begin() + 1, stray);
    accepts(s);
    CHECK(took(s.judge(), {0, 2}));
}

TEST_CASE("judge: cross-signed roots") {
    // The new root, which we trust, also signed by an old one that has expired.
    scene s{.sent = {fake::leaf("middle"), middle(), fake::authority("root", "old root")}};
    s.sent[2].not_after = "20210101000000Z";
    accepts(s);
    CHECK(took(s.judge(), {0, 1}));
    s.anchors.push_back(fake::root("old root"));
    s.anchors[1].not_after = "20210101000000Z";
    accepts(s);

    // Only the old one is trusted: then the way over it is taken.
    scene over_old{.sent = {fake::leaf("middle"), middle(), fake::authority("root", "old root")}};
    over_old.anchors = {fake::root("old root")};
    accepts(over_old);
    CHECK(took(over_old.judge(), {0, 1, 2}));

    // Two ways, the first of them bad.
    scene two_middles{.sent = {fake::leaf("middle"), middle(), middle("middle", "other root")}};
    two_middles.sent[1].not_after = "20210101000000Z";
    two_middles.anchors.push_back(fake::root("other root"));
    accepts(two_middles);
    CHECK(took(two_middles.judge(), {0, 2}));
}

TEST_CASE("judge: further rules are asked about paths whose signatures are good, and may send the search on") {
    struct rule {
        unsigned asked = 0;
        std::size_t refuses_up_to = 0; ///< paths
        std::vector<std::size_t> sizes{};

        [[nodiscard]] tls::verify::further_rule as_rule() const {
            return {
                [](void const* of, tls::verify::proven_path const& path,
                   tls::verify::inquiry const&) noexcept -> tls::verify::rule_finding {
                    auto& self = *static_cast<rule*>(const_cast<void*>(of));
                    self.sizes.push_back(path.certificates.size());
                    if (self.asked++ >= self.refuses_up_to) return {.valid_until = fake::some_time + 5};
                    return {.code = errc::revoked, .depth = 1, .about = std::string_view("for a reason")};
                },
                this};
        }
    };
    // Two ways; the rule refuses the first, and then both.
    scene s{.sent = {fake::leaf("middle"), middle(), middle("middle", "other root")}};
    s.anchors.push_back(fake::root("other root"));
    rule once{.refuses_up_to = 1};
    s.more.rules[1] = once.as_rule();
    s.more.ask_rules = tls::verify::ask_further_rules;
    CHECK(s.judge().code == errc::ok);
    CHECK(took(s.judge(), {0, 1})); // it does not refuse the third time
    CHECK(once.sizes == std::vector<std::size_t>{3, 3, 3});
    CHECK(s.judge().valid_until == fake::some_time + 5);
    rule always{.refuses_up_to = 100};
    s.more.rules[0] = always.as_rule();
    verdict const v = s.judge();
    CHECK(v.code == errc::revoked);
    CHECK(v.depth == 1);
    CHECK(v.about.view() == "for a reason");
    CHECK(always.asked == 2);
    // What is worse is told instead, without what the rule says; and a path that nobody signed is not asked about.
    s.now = last_second + 1;
    s.sent[0].not_after = "20200101000000Z";
    CHECK(s.judge().code == errc::revoked); // counts before the dates
    CHECK(s.judge().problems.has(errc::expired));
    unsigned const before = always.asked;
    oracle liar{.otherwise = answer::bad};
    s.signatures = liar.check();
    CHECK(s.judge().code == errc::bad_signature);
    CHECK(s.judge().about.view().empty());
    CHECK(always.asked == before);
    // A leaf that is trusted as it is stands alone.
    scene alone{.sent = {fake::leaf()}, .anchors = {}};
    auto const exactly = *anchor_set::of(std::vector<bytes>{fake::leaf().der()});
    rule seen;
    alone.more = {.exactly = &exactly, .rules = {seen.as_rule(), {}}, .ask_rules = tls::verify::ask_further_rules};
    CHECK(alone.judge().code == errc::ok);
    CHECK(alone.judge().exactly == 0);
    CHECK(alone.judge().anchor == -1);
    CHECK(seen.sizes == std::vector<std::size_t>{1, 1, 1});
}

TEST_CASE("judge: rules have 16 signatures verified in one judgement, on all paths together") {
    // Each path is asked about, and each asks more of the library than it gets.
    struct rule {
        static tls::verify::rule_finding
        check(void const* of, tls::verify::proven_path const&, tls::verify::inquiry const& ask) noexcept {
            auto& cannot = *static_cast<unsigned*>(const_cast<void*>(of));
            for (int i = 0; i != 10; ++i)
                if (ask.ask(ask.context, {}) == answer::cannot) ++cannot;
            return {.code = errc::revocation_unknown, .stamp = tls::verify::digest{std::byte{7}}};
        }
    };
    scene s{.sent = {fake::leaf("middle"), middle(), middle("middle", "other root")}};
    s.anchors.push_back(fake::root("other root"));
    oracle library;
    s.signatures = library.check();
    static unsigned asked;
    asked = 0;
    s.signatures.ask_of = [](void*, tls::signature::query const&) noexcept {
        ++asked;
        return answer::good;
    };
    unsigned refused = 0;
    s.more.rules[1] = {rule::check, &refused};
    s.more.ask_rules = tls::verify::ask_further_rules;
    CHECK(s.judge().code == errc::revocation_unknown);
    CHECK(asked == tls::verify::max_list_signatures);
    CHECK(refused == 2 * 10 - asked);
    // The next server is judged with a full measure.
    CHECK(s.judge().code == errc::revocation_unknown);
    CHECK(asked == 2 * tls::verify::max_list_signatures);
    // What a rule looked into is known of a server that was accepted.
    s.more.rules[1] = {
        [](void const*, tls::verify::proven_path const&, tls::verify::inquiry const&) noexcept {
            return tls::verify::rule_finding{.stamp = tls::verify::digest{std::byte{7}}};
        },
        nullptr};
    CHECK(s.judge().stamp == tls::verify::digest{std::byte{7}});
    s.more.rules[0] = {
        [](void const*, tls::verify::proven_path const&, tls::verify::inquiry const&) noexcept {
            return tls::verify::rule_finding{};
        },
        nullptr};
    CHECK(s.judge().stamp == tls::verify::digest{std::byte{7}});
    s.more.rules[1] = {
        [](void const*, tls::verify::proven_path const&, tls::verify::inquiry const&) noexcept {
            return tls::verify::rule_finding{.stamp = std::nullopt};
        },
        nullptr};
    CHECK_FALSE(s.judge().stamp);
}

TEST_CASE("judge: a renewed root beside its expired self") {
    scene s = chain();
    s.anchors = {fake::root(), fake::root()};
    s.anchors[0].not_after = "20210101000000Z";
    accepts(s);
    CHECK(s.judge().anchor == 1);
    s.anchors[0].key = fake::p384_key();
    accepts(s);
}

TEST_CASE("judge: key identifiers choose between issuers of one name") {
    scene s = chain();
    s.sent[1].authority_key_id = of({2});
    s.anchors = {fake::root(), fake::root()};
    s.anchors[0].subject_key_id = of({1});
    s.anchors[1].subject_key_id = of({2});
    accepts(s);
    CHECK(s.judge().anchor == 1);
    s.anchors.pop_back();
    refuses(s, errc::untrusted, 1);
    s.anchors[0].subject_key_id.reset();
    accepts(s);
    s.anchors[0].subject_key_id = of({1});
    s.sent[1].authority_key_id.reset();
    accepts(s);

    scene sent{.sent = {fake::leaf("middle"), middle(), middle()}};
    sent.sent[0].authority_key_id = of({2});
    sent.sent[1].subject_key_id = of({1});
    sent.sent[2].subject_key_id = of({2});
    accepts(sent);
    CHECK(took(sent.judge(), {0, 2}));
    sent.sent.pop_back();
    refuses(sent, errc::untrusted, 0);
}

TEST_CASE("judge: a forged issuer of the same name is passed over") {
    // The real issuer is held within bounds; a forger adds one without them, signed by nobody.
    scene s = chain();
    s.sent[1].constraints = fake::constraints({fake::dns("harmless.example")});
    s.sent[1].key = fake::p256_key(0x44);
    s.sent.push_back(middle());
    s.sent[2].key = fake::p256_key(0x33);
    oracle o{.keys = {{fake::p256_key(0x33), answer::bad}}};
    s.signatures = o.check();
    verdict const v = s.judge();
    CHECK(v.code == errc::name_constraint);
    CHECK(took(v, {0, 1}));
}

TEST_CASE("judge: a bad signature sends the search on to the next path") {
    scene s = chain();
    oracle o{.keys = {{fake::p256_key(0x33), answer::bad}}};
    s.signatures = o.check();
    accepts(s);
    CHECK(o.asked == 2);

    s.sent.insert(s.sent.begin() + 1, middle());
    s.sent[1].key = fake::p256_key(0x33);
    accepts(s);
    CHECK(took(s.judge(), {0, 2}));
    s.sent.pop_back();
    refuses(s, errc::bad_signature, 0);

    // Two anchors of one name, the first with another key.
    scene anchors = chain();
    anchors.anchors.insert(anchors.anchors.begin(), fake::root());
    anchors.anchors[0].key = fake::p256_key(0x33);
    anchors.signatures = o.check();
    accepts(anchors);
    CHECK(anchors.judge().anchor == 1);
    anchors.anchors.pop_back();
    refuses(anchors, errc::bad_signature, 1);
}

TEST_CASE("judge: signatures are asked about from the anchor down, with keys that are vouched for, each once") {
    // The leaf is signed by nobody, and neither is anything but the topmost certificate.
    scene s{.sent = {fake::leaf("c1"), fake::authority("c1", "c2"), fake::authority("c2", "c3"), middle("c3")}};
    for (std::size_t i = 1; i != 4; ++i) s.sent[i].key = fake::p256_key(static_cast<std::uint8_t>(0x50 + i));
    oracle o{.keys = {{fake::p256_key(0x53), answer::bad}}};
    s.signatures = o.check();
    refuses(s, errc::bad_signature, 2);
    CHECK(o.asked == 2); // the root's signature on c3, then c3's on c2

    // Eight authorities that all claim to be issued by the root, whose key did not sign them.
    scene many{.sent = {fake::leaf("root")}};
    for (unsigned i = 0; i != 8; ++i) {
        many.sent.push_back(fake::root());
        many.sent.back().serial = of({7, i});
        many.sent.back().key = fake::p256_key(static_cast<std::uint8_t>(0x60 + i));
    }
    oracle none{.keys = {{fake::root().key, answer::bad}}};
    many.signatures = none.check();
    refuses(many, errc::bad_signature, 0);
    CHECK(none.asked <= 9);
}

TEST_CASE("judge: a signature without an answer is not good") {
    for (answer const said : {answer::cannot, answer::bad, answer::out_of_memory}) {
        oracle o{.keys = {{fake::root().key, said}}};
        scene s = chain();
        s.signatures = o.check();
        errc const expected = said == answer::bad      ? errc::bad_signature
                              : said == answer::cannot ? errc::unverifiable_signature
                                                       : errc::out_of_memory;
        verdict const v = s.judge();
        CHECK(v.code == expected);
    }
    scene unasked = chain();
    unasked.signatures = {};
    refuses(unasked, errc::unverifiable_signature, 1);
}

TEST_CASE("judge: a soft reason never hides a forgery") {
    auto const forged = [](auto change, errc reason, unsigned depth) {
        for (answer const said : {answer::bad, answer::cannot}) {
            oracle o{.keys = {{fake::p256_key(0x44), said}}};
            scene s = with_middle([](spec& c) { c.key = fake::p256_key(0x44); });
            s.signatures = o.check();
            change(s);
            verdict const v = s.judge();
            CHECK(v.code == (said == answer::bad ? errc::bad_signature : errc::unverifiable_signature));
            CHECK(v.problems.has(reason));
            CHECK(unsigned{v.depth} == 0);
        }
        scene genuine = chain();
        change(genuine);
        refuses(genuine, reason, depth);
    };
    forged([](scene& s) { s.sent[0].not_after = "20210101000000Z"; }, errc::expired, 0);
    forged([](scene& s) { s.sent[0].not_before = "20350101000000Z"; }, errc::not_yet_valid, 0);
    forged([](scene& s) { s.name = "other.example"; }, errc::name_mismatch, 0);
    forged([](scene& s) { s.sent[0].key = fake::rsa_key(1024); }, errc::weak_key, 0);
    forged([](scene& s) { s.sent[0].purposes = {purpose(fake::client_auth)}; }, errc::bad_extended_key_usage, 0);
    forged([](scene& s) { s.sent[1].not_after = "20210101000000Z"; }, errc::expired, 1);
    forged([](scene& s) { s.anchors[0].not_after = "20210101000000Z"; }, errc::expired, 2);

    // What is signed with a weak hash or a weak key proves nothing, so that is the reason whatever else there is.
    scene weak = with_leaf([](spec& c) { c.signed_with = fake::ecdsa_sha1(); });
    weak.now = last_second + 1;
    CHECK(weak.judge().code == errc::weak_hash);
    weak = with_middle([](spec& c) { c.key = fake::rsa_key(1024); });
    weak.name = "other.example";
    CHECK(weak.judge().code == errc::weak_key);
    CHECK(unsigned{weak.judge().depth} == 1);
}

TEST_CASE("judge: the work on signatures is bounded") {
    scene s = chain();
    oracle o{.cost = tls::verify::max_signature_work};
    s.signatures = o.check();
    refuses(s, errc::unverifiable_signature, 0);
    CHECK(o.asked == 1);
    o = {.cost = tls::verify::max_signature_work / 2};
    accepts(s);
}

TEST_CASE("judge: a problem of any code is a problem, alone and beside any other") {
    using tls::verify::detail::path_problems;
    CHECK(path_problems{}.none());
    CHECK(path_problems{}.worst == errc::ok);
    CHECK(verdict{}.code != errc::ok);
    for (unsigned i = 1; i != 256; ++i) {
        auto const one = static_cast<errc>(i);
        path_problems found;
        found.add(one, 3);
        CHECK_FALSE(found.none());
        CHECK(found.worst == one);
        CHECK(unsigned{found.depth} == 3);
        for (unsigned j = 1; j != 256; ++j) {
            path_problems both = found;
            both.add(static_cast<errc>(j), 4);
            CHECK_FALSE(both.none());
        }
    }
}

TEST_CASE("judge: every code about the server's certificate has a rank of its own, better than that of a code about "
          "something else") {
    using tls::verify::detail::precedence;
    unsigned const of_others = precedence(errc::internal);
    std::vector<unsigned> ranks;
    for (unsigned i = 1; i != 256; ++i) {
        auto const code = static_cast<errc>(i);
        if (!tls::is_about_server_certificate(code)) {
            CHECK(precedence(code) == of_others);
            continue;
        }
        CHECK(precedence(code) > of_others);
        CHECK(precedence(code) < precedence(errc::ok));
        ranks.push_back(precedence(code));
    }
    std::ranges::sort(ranks);
    CHECK(std::ranges::adjacent_find(ranks) == ranks.end());
    CHECK(ranks.size() == 27);
}

TEST_CASE("judge: of several problems the one that matters most counts") {
    scene s = chain();
    s.name = "other.example";
    s.now = last_second + 1;
    s.sent[0].purposes = {purpose(fake::client_auth)};
    s.sent[0].key_usage = {2};
    s.sent[0].key = fake::rsa_key(1024);
    s.sent[0].serial = of({0});
    s.sent[0].more_extensions = {fake::extension(of({0x2a, 3, 4}), {}, true)};
    s.sent[1].ca = false;
    s.anchors[0].path_len = 0;
    s.anchors[0].constraints = fake::constraints({fake::dns("x.example")});
    struct step {
        errc code;
        void (*mend)(scene&);
    };
    step const steps[] = {
        {errc::expired, [](scene& x) { x.now = first_second - 1; }},
        {errc::not_yet_valid, [](scene& x) { x.now = fake::some_time; }},
        {errc::name_mismatch, [](scene& x) { x.name = "host.example"; }},
        {errc::bad_extended_key_usage, [](scene& x) { x.sent[0].purposes.clear(); }},
        {errc::bad_key_usage, [](scene& x) { x.sent[0].key_usage.reset(); }},
        {errc::not_a_ca, [](scene& x) { x.sent[1].ca = true; }},
        {errc::path_too_long, [](scene& x) { x.anchors[0].path_len.reset(); }},
        {errc::name_constraint, [](scene& x) { x.anchors[0].constraints.reset(); }},
        {errc::weak_key, [](scene& x) { x.sent[0].key = fake::p256_key(); }},
        {errc::critical_extension, [](scene& x) { x.sent[0].more_extensions.clear(); }},
        {errc::malformed_certificate, [](scene& x) { x.sent[0].serial = of({1}); }},
    };
    for (auto const& [code, mend] : steps) {
        verdict const v = s.judge();
        CHECK(v.code == code);
        CHECK(v.problems.has(code));
        mend(s);
    }
    accepts(s);
}

TEST_CASE("judge: of several bad paths the best is reported") {
    scene s{.sent = {fake::leaf("middle"), middle("middle", "nobody"), middle()}};
    s.sent[2].signed_with = fake::ecdsa_sha1();
    refuses(s, errc::weak_hash, 1);
    CHECK(took(s.judge(), {0, 2}));
    scene longer{
        .sent = {fake::leaf("middle"), middle("middle", "nobody"), middle("middle", "lost"), middle("lost", "x")}};
    refuses(longer, errc::untrusted, 2);
    CHECK(took(longer.judge(), {0, 2, 3}));
}

TEST_CASE("judge: a path that proves nothing comes no closer than a forged one") {
    // Two authorities of one name: a weak key proves nothing, so the reason is the date of the other.
    scene s{.sent = {fake::leaf("middle"), middle(), middle()}};
    for (std::size_t const weak : {1U, 2U}) {
        s.sent[weak] = middle();
        s.sent[weak].key = fake::rsa_key(1024);
        s.sent[3 - weak] = middle();
        s.sent[3 - weak].not_after = "20291231235959Z";
        refuses(s, errc::expired, 1);
    }
}

TEST_CASE("judge: hundreds of paths are not all tried") {
    scene s{.sent = {fake::leaf("twin")}};
    for (unsigned i = 0; i != 8; ++i) {
        s.sent.push_back(middle("twin", "twin"));
        s.sent.back().serial = of({i + 1});
    }
    s.anchors.clear();
    for (unsigned i = 0; i != 20; ++i) {
        s.anchors.push_back(fake::root("twin"));
        s.anchors.back().serial = of({i + 1});
    }
    oracle o{.otherwise = answer::bad};
    s.signatures = o.check();
    refuses(s, errc::bad_signature, 0);
    CHECK(o.asked > 0);
    CHECK(o.asked <= 64);
}

TEST_CASE("judge: a path that hides behind too many others is not found") {
    auto const good_path_last = [](unsigned twins) {
        scene s{.sent = {fake::leaf("twin")}};
        for (unsigned i = 0; i != twins; ++i) {
            s.sent.push_back(middle("twin", "twin"));
            s.sent.back().ca = false;
            s.sent.back().key = fake::p256_key(static_cast<std::uint8_t>(0x70 + i));
        }
        s.sent.push_back(middle("twin", "root"));
        return s;
    };
    accepts(good_path_last(4));
    refuses(good_path_last(7), errc::not_a_ca, 1);
}

TEST_CASE("judge: problems of an anchor") {
    auto const problems = [](auto change) {
        spec s = fake::root();
        change(s);
        bytes const der = s.der();
        return tls::verify::problems_of_anchor(*tls::x509::certificate_view::parse(der), policy{}, fake::some_time);
    };
    CHECK(problems([](spec&) {}).empty());
    CHECK(problems([](spec& c) { c.not_after = "20210101000000Z"; }).has(errc::expired));
    CHECK(problems([](spec& c) { c.not_before = "20350101000000Z"; }).has(errc::not_yet_valid));
    CHECK(problems([](spec& c) { c.ca = false; }).has(errc::not_a_ca));
    CHECK(problems([](spec& c) { c.key_usage = {0}; }).has(errc::bad_key_usage));
    CHECK(problems([](spec& c) { c.key = fake::rsa_key(1024); }).has(errc::weak_key));
    CHECK(problems([](spec& c) { c.signed_with = fake::ecdsa_sha1(); }).empty());
}

TEST_CASE("judge: random damage never makes a refused chain good, and never crashes") {
    scene const s = chain();
    bytes const good_leaf = s.sent[0].der();
    bytes const good_middle = s.sent[1].der();
    anchor_set const anchors = *anchor_set::of(std::array{s.anchors[0].der()});
    auto const name = *tls::server_name::parse("elsewhere.test");
    std::uint64_t state = 7;
    auto const random = [&](std::size_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % below;
    };
    for (int round = 0; round != 10000; ++round) {
        bytes leaf = good_leaf;
        bytes upper = good_middle;
        bytes& bad = random(2) == 0 ? leaf : upper;
        for (std::size_t n = random(3) + 1; n-- != 0;) bad[random(bad.size())] = static_cast<std::byte>(random(256));
        fake::view const sent[] = {leaf, upper};
        verdict const v = tls::verify::judge(sent, anchors, name, {}, fake::some_time, all_good());
        CHECK(v.code != errc::ok);
        CHECK_FALSE(v.problems.empty());
    }
}

} // namespace unit::verify_judge_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/der_writer.hpp"

#include <atomic>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// Revocation lists: which servers are refused, which lists count, and how they are replaced.
namespace parity::revocation_cases {
namespace {

using testbed::crl_pem;
using testbed::crl_spec;
using testbed::issue_crl;
using testbed::serial_of;
using tls::revocation_lists;
using tls::revocation_scope;

/// A server's chain, and the lists of its two issuers.
struct world {
    stage st{};
    crl_spec of_root{};
    crl_spec of_intermediate{};
    bool without_root = false;
    bool without_intermediate = false;
    revocation_scope scope = revocation_scope::whole_path;

    [[nodiscard]] scene chain() const { return st.build(); }
    [[nodiscard]] issuer root() const { return st.made_root(); }
    [[nodiscard]] issuer intermediate() const { return st.made_intermediate(root()); }

    [[nodiscard]] std::string pem() const {
        std::string text;
        if (!without_root) text += crl_pem(issue_crl(of_root, root()));
        if (!without_intermediate) text += crl_pem(issue_crl(of_intermediate, intermediate()));
        return text;
    }
};

/// How a handshake with this server ends, whose certificates are made once so that lists can name them.
template <class P> tls::result<void> outcome(world const& w, scene const& s, protocol_version v, errc expected) {
    auto const lists = revocation_lists::from_pem(w.pem());
    REQUIRE_MESSAGE(lists, lists.error().about.view());
    auto const client = trusting<P>(s, v).revocation(*lists, w.scope).build();
    REQUIRE(client);
    auto const done = meet<P>(*client, s, v);
    CHECK_MESSAGE((done ? errc::ok : done.error().code) == expected, (done ? "accepted" : tls::explain(done.error())));
    return done;
}

testbed::bytes serial(unsigned n) { return {static_cast<std::byte>(n >> 8U & 0x7fU), static_cast<std::byte>(n)}; }

struct crl_case {
    char const* what;
    errc expected;
    std::function<void(world&)> change;
};

std::vector<crl_case> cases() {
    auto const leaf = testbed::bytes{std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};
    auto const above = testbed::bytes{std::byte{0x44}};
    auto const weeks = std::chrono::days(14);
    return {
        {"nobody is revoked", errc::ok, [](world&) {}},
        {"others are revoked", errc::ok,
         [](world& w) {
             for (unsigned i = 1; i != 300; ++i) w.of_intermediate.revoked.push_back({.serial = serial(i + 128)});
         }},
        {"the server is revoked", errc::revoked,
         [=](world& w) {
             for (unsigned i = 1; i != 300; ++i) w.of_intermediate.revoked.push_back({.serial = serial(i + 128)});
             w.of_intermediate.revoked.insert(w.of_intermediate.revoked.begin() + 100, {.serial = leaf, .reason = 1});
         }},
        {"the intermediate is revoked", errc::revoked, [=](world& w) { w.of_root.revoked = {{.serial = above}}; }},
        {"the intermediate is revoked, and only the server is looked up", errc::ok,
         [=](world& w) {
             w.of_root.revoked = {{.serial = above}};
             w.scope = revocation_scope::server;
         }},
        {"the same numbers by the other issuer", errc::ok,
         [=](world& w) {
             w.of_root.revoked = {{.serial = leaf}};
             w.of_intermediate.revoked = {{.serial = above}};
         }},
        {"on hold is revoked", errc::revoked,
         [=](world& w) { w.of_intermediate.revoked = {{.serial = leaf, .reason = 6}}; }},
        {"no list of the root", errc::no_crl, [](world& w) { w.without_root = true; }},
        {"no list of the root, and only the server is looked up", errc::ok,
         [](world& w) {
             w.without_root = true;
             w.scope = revocation_scope::server;
         }},
        {"no list of the intermediate", errc::no_crl, [](world& w) { w.without_intermediate = true; }},
        {"out of date", errc::crl_expired,
         [=](world& w) {
             w.of_intermediate.this_update = testbed::now() - weeks;
             w.of_intermediate.next_update = testbed::now() - std::chrono::hours(1);
         }},
        {"out of date, and it names the server", errc::revoked,
         [=](world& w) {
             w.of_intermediate.this_update = testbed::now() - weeks;
             w.of_intermediate.next_update = testbed::now() - std::chrono::hours(1);
             w.of_intermediate.revoked = {{.serial = leaf}};
         }},
        {"issued later than our clock says, and it names the server", errc::revoked,
         [=](world& w) {
             w.of_intermediate.this_update = testbed::now() + std::chrono::hours(1);
             w.of_intermediate.revoked = {{.serial = leaf}};
         }},
        {"not issued yet", errc::revocation_unknown,
         [](world& w) { w.of_intermediate.this_update = testbed::now() + std::chrono::hours(1); }},
        {"a wrong signature", errc::revocation_unknown, [](world& w) { w.of_intermediate.corrupt_signature = true; }},
        {"a wrong signature, and it names the server", errc::revocation_unknown,
         [=](world& w) {
             w.of_intermediate.corrupt_signature = true;
             w.of_intermediate.revoked = {{.serial = leaf}};
         }},
        {"a weak hash", errc::revocation_unknown, [](world& w) { w.of_root.hash = testbed::hash::sha1; }},
        {"an issuer that may not sign lists", errc::revocation_unknown,
         [](world& w) { w.st.intermediate.key_usage = testbed::usage::key_cert_sign; }},
        {"an issuer without key usage", errc::ok, [](world& w) { w.st.intermediate.key_usage_present = false; }},
        {"no key identifier", errc::ok, [](world& w) { w.of_intermediate.authority_key_id = false; }},
        {"of end entities only", errc::ok, [](world& w) { w.of_intermediate.only_end_entities = true; }},
        {"of authorities only", errc::no_crl, [](world& w) { w.of_intermediate.only_authorities = true; }},
        {"of authorities only, by the root", errc::ok, [](world& w) { w.of_root.only_authorities = true; }},
        {"of end entities only, by the root", errc::no_crl, [](world& w) { w.of_root.only_end_entities = true; }},
        {"for the server's distribution point", errc::ok,
         [](world& w) {
             w.st.leaf.extra_extensions = {
                 testbed::distribution_points({"http://ca.example/0", "http://ca.example/1"})};
             w.of_intermediate.distribution_point = {"http://ca.example/1", "ldap://ca.example/1"};
         }},
        {"for another distribution point", errc::no_crl,
         [](world& w) {
             w.st.leaf.extra_extensions = {testbed::distribution_points({"http://ca.example/0"})};
             w.of_intermediate.distribution_point = {"http://ca.example/1"};
         }},
        {"for a distribution point, and the server has none", errc::no_crl,
         [](world& w) { w.of_intermediate.distribution_point = {"http://ca.example/1"}; }},
        {"by RSA-PSS", errc::ok,
         [](world& w) {
             w.st.intermediate_kind = key_kind::rsa_2048;
             w.of_intermediate.rsa_pss = true;
             w.of_intermediate.hash = testbed::hash::sha384;
         }},
    };
}

world changed(std::function<void(world&)> const& change) {
    world w;
    w.st.leaf.serial = testbed::bytes{std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};
    w.st.intermediate.serial = testbed::bytes{std::byte{0x44}};
    change(w);
    return w;
}

} // namespace

PARITY_CASE("revocation: what lists say of a server", pairings, P, v) {
    for (auto const& one : cases()) {
        CAPTURE(one.what);
        auto const w = changed(one.change);
        outcome<P>(w, w.chain(), v, one.expected);
    }
}

PARITY_CASE("revocation: the error says who was revoked, when and why", pairings, P, v) {
    auto const w = changed([](world& x) {
        x.of_intermediate.revoked = {{.serial = {std::byte{0x11}, std::byte{0x22}, std::byte{0x33}}, .reason = 1}};
    });
    auto const e = outcome<P>(w, w.chain(), v, errc::revoked).error();
    CHECK(e.problem_depth == 0);
    CHECK(e.about.view().ends_with(" UTC, key compromise"));
    std::string const text = tls::explain(e);
    CHECK_MESSAGE(text.find("withdrew the certificate: ") != std::string::npos, text);

    auto const none = changed([](world& x) { x.without_root = true; });
    auto const missing = outcome<P>(none, none.chain(), v, errc::no_crl).error();
    CHECK(missing.problem_depth == 1);
    CHECK(missing.certificate.issuer.view().find("Test Root") != std::string_view::npos);
    CHECK(tls::explain(missing).find(".revocation()") != std::string::npos);

    auto const bad = changed([](world& x) { x.of_root.corrupt_signature = true; });
    auto const unproven = outcome<P>(bad, bad.chain(), v, errc::revocation_unknown).error();
    CHECK(unproven.about.view() == "its signature is wrong");
    CHECK(tls::explain(unproven).find("no proof: its signature is wrong") != std::string::npos);
}

PARITY_CASE(
    "revocation: of several lists a current one is enough, and one that names the server counts", pairings, P, v) {
    auto const w = changed([](world&) {});
    auto const s = w.chain();
    crl_spec old;
    old.this_update = testbed::now() - std::chrono::days(14);
    old.next_update = testbed::now() - std::chrono::days(7);
    crl_spec revoking = old;
    revoking.revoked = {{.serial = {std::byte{0x11}, std::byte{0x22}, std::byte{0x33}}}};
    crl_spec other_key;
    other_key.corrupt_signature = true;
    auto const verdict_of = [&](std::vector<crl_spec> const& more, bool before) {
        std::string text = before ? "" : w.pem();
        for (auto const& spec : more) text += crl_pem(issue_crl(spec, w.intermediate()));
        if (before) text += w.pem();
        auto const client = trusting<P>(s, v).revocation(revocation_lists::from_pem(text)).build();
        REQUIRE(client);
        auto const done = meet<P>(*client, s, v);
        return done ? errc::ok : done.error().code;
    };
    for (bool const before : {true, false}) {
        CHECK(verdict_of({old, other_key}, before) == errc::ok);
        CHECK(verdict_of({revoking}, before) == errc::revoked);
    }
}

PARITY_CASE("revocation: lists are replaced while clients use them, and sessions do not outlive that", pairings, P, v) {
    auto const& p = pki();
    auto const leaf = serial_of(p.server.leaf());
    auto const lists = [&](crl_spec const& of_intermediate) {
        return revocation_lists::from_pem(
                   crl_pem(issue_crl(of_intermediate, p.server_intermediate)) + crl_pem(issue_crl({}, p.root)))
            .value();
    };
    tls::revocation_source source(lists({}));
    tls::memory_ticket_store store;
    auto const client = tls::client<typename P::backend>::configure()
                            .versions(v, v)
                            .trust(trust(p))
                            .no_identity()
                            .revocation(source)
                            .resumption(store)
                            .build()
                            .value();
    auto const options = ticket_server(v);
    CHECK_FALSE(visit<P>(client, options).resumed);
    CHECK(visit<P>(client, options).resumed);
    // The same lists change nothing. Others ask for a full handshake, whatever their dates: lists are made
    // before they arrive.
    source.replace(source.current());
    CHECK(visit<P>(client, options).resumed);
    crl_spec older;
    older.this_update = testbed::now() - std::chrono::hours(5);
    source.replace(lists(older));
    CHECK_FALSE(visit<P>(client, options).resumed);
    CHECK(visit<P>(client, options).resumed);
    crl_spec newer;
    newer.revoked = {{.serial = leaf}};
    newer.this_update = testbed::now() - std::chrono::minutes(30);
    auto const before = source.current();
    source.replace(lists(newer));
    CHECK(source.current().revoked() == 1);
    auto const copy = client;
    CHECK(converse<P>(copy, options).run().error().code == errc::revoked);
    source.replace({});
    CHECK(converse<P>(copy, options).run().error().code == errc::no_crl);
    source.replace(before);
    CHECK_FALSE(visit<P>(client, options).resumed); // what did not fit was dropped
    CHECK(visit<P>(client, options).resumed);
    // Nor with another source that knows more, out of the same store.
    auto const other = tls::client<typename P::backend>::configure()
                           .versions(v, v)
                           .trust(trust(p))
                           .no_identity()
                           .revocation(lists(newer))
                           .resumption(store)
                           .build()
                           .value();
    CHECK(converse<P>(other, options).run().error().code == errc::revoked);
    // A session does not outlive the list that its server was judged by.
    tls::memory_ticket_store others;
    crl_spec brief;
    brief.next_update = testbed::now() + std::chrono::hours(2);
    static std::int64_t offset;
    offset = 0;
    auto const timed = tls::client<typename P::backend>::configure()
                           .versions(v, v)
                           .trust(trust(p))
                           .no_identity()
                           .revocation(lists(brief), revocation_scope::server)
                           .clock([]() noexcept { return tls::system_wall_clock() + offset; })
                           .resumption(others)
                           .build()
                           .value();
    CHECK_FALSE(visit<P>(timed, options).resumed);
    CHECK(visit<P>(timed, options).resumed);
    offset = 3 * 3600;
    CHECK(converse<P>(timed, options).run().error().code == errc::crl_expired);
}

PARITY_CASE("revocation: a session that goes out of date after our hello is not resumed", pairings, P, v) {
    auto const& p = pki();
    auto const issued = [&](std::chrono::hours ago) {
        crl_spec s;
        s.this_update = testbed::now() - ago;
        s.next_update = testbed::now() + std::chrono::hours(2);
        return revocation_lists::from_pem(crl_pem(issue_crl(s, p.server_intermediate)) + crl_pem(issue_crl({}, p.root)))
            .value();
    };
    static std::int64_t offset;
    offset = 0;
    tls::revocation_source source(issued(std::chrono::hours(1)));
    tls::memory_ticket_store store;
    auto const client = tls::client<typename P::backend>::configure()
                            .versions(v, v)
                            .trust(trust(p))
                            .no_identity()
                            .revocation(source)
                            .clock([]() noexcept { return tls::system_wall_clock() + offset; })
                            .resumption(store)
                            .build()
                            .value();
    auto const options = ticket_server(v);
    auto const is_refused_after = [&](auto change) {
        CHECK_FALSE(visit<P>(client, options).resumed);
        CHECK(visit<P>(client, options).resumed);
        auto c = converse<P>(client, options);
        CHECK(c.client.handshake().error() == errc::want_read);
        c.carry();
        std::size_t const hello = c.pipe.to_server.history().size();
        change();
        auto const done = c.run();
        REQUIRE_FALSE(done);
        CHECK(done.error() == errc::session_outdated);
        CHECK(done.error().handshake.session_offered == true);
        CHECK(done.error().sent == tls::alert::handshake_failure);
        CHECK(tls::explain(done.error()).find("Connect again") != std::string::npos);
        CHECK(c.client.handshake().error() == errc::session_outdated);
        CHECK_FALSE(c.server.established());
        auto const since = testbed::bytes(c.pipe.to_server.history()).size() - hello;
        CHECK(since == 7); // the alert
    };
    is_refused_after([&] { source.replace(issued(std::chrono::hours(5))); });
    is_refused_after([&] { source.replace({}); });
    source.replace(issued(std::chrono::hours(1)));
    is_refused_after([] { offset = 3 * 3600; });
    offset = 0;
    CHECK_FALSE(visit<P>(client, options).resumed); // the others of the store are gone
}

PARITY_CASE(
    "revocation: a server that is trusted as it is is not looked up, one that any client accepts cannot be", pairings,
    P, v) {
    auto const w = changed([](world&) {});
    auto const s = w.chain();
    auto const exact = tls::client<typename P::backend>::configure()
                           .versions(v, v)
                           .trust(tls::trust_anchors::exactly(tls::trust_anchors::from_der(s.sent[0].der)))
                           .no_identity()
                           .revocation(revocation_lists::from_pem(w.pem()))
                           .build();
    REQUIRE(exact);
    CHECK(meet<P>(*exact, s, v));
    auto const any = tls::client<typename P::backend>::configure()
                         .insecure_accept_any_server()
                         .no_identity()
                         .revocation(revocation_lists::from_pem(w.pem()))
                         .build();
    CHECK(any.error().code == errc::bad_configuration);
    // A rule that has lists and none that fits fails closed, also without any list at all.
    auto const empty = trusting<P>(s, v).revocation(revocation_lists()).build();
    REQUIRE(empty);
    CHECK(meet<P>(*empty, s, v).error().code == errc::no_crl);
    auto const failed = trusting<P>(s, v).revocation(revocation_lists::from_pem("")).build();
    CHECK(failed.error().code == errc::empty_input);
}

PARITY_CASE("revocation: lists are replaced in one thread while others connect", backends, B) {
    auto const& p = pki();
    using P = pairing<B, testbed::mbedtls_server>;
    std::string const root = crl_pem(issue_crl({}, p.root));
    crl_spec against;
    against.revoked = {{.serial = serial_of(p.server.leaf())}};
    auto const good = revocation_lists::from_pem(root + crl_pem(issue_crl({}, p.server_intermediate))).value();
    auto const bad = revocation_lists::from_pem(root + crl_pem(issue_crl(against, p.server_intermediate))).value();
    tls::revocation_source source(good);
    auto const client = tls::client<B>::configure().trust(trust(p)).no_identity().revocation(source).build().value();
    std::atomic<bool> over = false;
    std::thread replacing([&] {
        while (!over) {
            source.replace(bad);
            source.replace(good);
        }
    });
    auto const connect = [&] {
        for (int i = 0; i != 6; ++i) {
            auto c = converse<P>(client, good_server(protocol_version::tls_1_3));
            auto const done = c.run();
            if (!done && done.error().code != errc::revoked) FAIL_CHECK(tls::explain(done.error()));
        }
    };
    std::thread other(connect);
    connect();
    other.join();
    over = true;
    replacing.join();
}

} // namespace parity::revocation_cases

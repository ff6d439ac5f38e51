// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/key_signer.hpp"
#include "testbed/ocsp_factory.hpp"
#include <tls/connection/server_verification.hpp>
#include <tls/revocation/stapled_status.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// OCSP statuses that servers staple: what they prove, and when they are due.
namespace parity::stapled_cases {
namespace {

using testbed::ocsp_single;
using testbed::ocsp_spec;

/// A server's chain, and what its authority's responder says of it.
struct world {
    stage st{};
    certificate_spec responder = testbed::responder_spec();
    bool delegated = false; ///< a responder of the authority signs
    bool of_root = false;   ///< which another authority has named
    bool unsigned_responder = false;
    int responder_key = 27;
    ocsp_single single{};
    std::vector<ocsp_single> more{};
    ocsp_spec says{};
    std::function<void(testbed::bytes&)> damage{};

    world() {
        st.leaf.serial = testbed::bytes{std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};
        st.intermediate.key_usage =
            testbed::usage::key_cert_sign | testbed::usage::crl_sign | testbed::usage::digital_signature;
        single.serial = *st.leaf.serial;
    }
    [[nodiscard]] testbed::bytes response() const {
        auto const root = st.made_root();
        auto const intermediate = st.made_intermediate(root);
        ocsp_spec spec = says;
        spec.singles.push_back(single);
        spec.singles.insert(spec.singles.end(), more.begin(), more.end());
        for (auto& one : spec.singles)
            if (one.issued_by != nullptr) one.issued_by = &root;
        auto const& key = pooled_key(key_kind::p256, responder_key);
        auto as = responder;
        as.corrupt_signature = unsigned_responder;
        issuer const named{issue(as, key, of_root ? &root : &intermediate), &key};
        if (delegated) {
            spec.responder = &named;
            spec.certificates.push_back(named.certificate.der);
        }
        auto made = issue_ocsp(spec, intermediate);
        if (damage) damage(made);
        return made;
    }
};

struct status_case {
    char const* what;
    errc expected;
    std::function<void(world&)> change;
    char const* about = ""; ///< what the error says of it
};

std::vector<status_case> cases() {
    using enum ocsp_single::status;
    auto const days = std::chrono::days(3);
    static issuer const another{}; // the root stands in its place
    return {
        {"good", errc::ok, [](world&) {}},
        {"by a responder that says who it is by name", errc::ok, [](world& w) { w.says.by_key = false; }},
        {"about the SHA-256 of the authority", errc::ok, [](world& w) { w.single.hash = testbed::hash::sha256; }},
        {"with its version and a nonce", errc::ok, [](world& w) { w.says.version = w.says.nonce = true; }},
        {"with RSA-PSS", errc::ok,
         [](world& w) {
             w.st.intermediate_kind = key_kind::rsa_2048;
             w.says.rsa_pss = true;
         }},
        {"about others as well", errc::ok,
         [](world& w) {
             ocsp_single other;
             other.serial = {std::byte{1}};
             other.is = revoked;
             w.more = {other};
         }},
        {"one that is out of date beside a good one", errc::ok,
         [=](world& w) {
             auto old = w.single;
             old.next_update = testbed::now() - std::chrono::hours(1);
             w.more = {old};
         }},
        {"an authority without key usage", errc::ok, [](world& w) { w.st.intermediate.key_usage_present = false; }},
        {"by a responder of the authority", errc::ok, [](world& w) { w.delegated = true; }},
        {"by a responder of the authority, by name", errc::ok,
         [](world& w) {
             w.delegated = true;
             w.says.by_key = false;
         }},
        {"by the server itself, which its authority has named", errc::bad_stapled_status,
         [](world& w) {
             w.delegated = true;
             w.responder_key = stage::leaf_key;
         },
         "the certificate cannot answer for itself"},
        {"a responder that is not for OCSP", errc::bad_stapled_status,
         [](world& w) {
             w.delegated = true;
             w.responder.extended_key_usage = {testbed::purpose::any};
         },
         "its responder's certificate is not for OCSP"},
        {"a responder whose own revocation would have to be looked up", errc::bad_stapled_status,
         [](world& w) {
             w.delegated = true;
             w.responder.extra_extensions = {};
         },
         "its responder's certificate lacks ocsp-nocheck"},
        {"a responder that has expired", errc::bad_stapled_status,
         [=](world& w) {
             w.delegated = true;
             w.responder.not_before = testbed::now() - 2 * days;
             w.responder.not_after = testbed::now() - days;
         },
         "its responder's certificate is not valid now"},
        {"a responder of another authority", errc::bad_stapled_status, [](world& w) { w.delegated = w.of_root = true; },
         "its responder was named by another authority"},
        {"a responder that nobody has named", errc::bad_stapled_status,
         [](world& w) { w.delegated = w.unsigned_responder = true; }, "its responder was named by another authority"},
        {"a responder that may not sign", errc::bad_stapled_status,
         [](world& w) {
             w.delegated = true;
             w.responder.key_usage = testbed::usage::key_encipherment;
         },
         "its responder's certificate lacks digitalSignature"},
        {"a responder with an unknown critical extension", errc::bad_stapled_status,
         [](world& w) { w.delegated = w.responder.unknown_critical_extension = true; },
         "its responder's certificate has an unknown critical extension"},
        {"an authority that may not sign", errc::bad_stapled_status,
         [](world& w) { w.st.intermediate.key_usage = testbed::usage::key_cert_sign | testbed::usage::crl_sign; },
         "its responder's certificate lacks digitalSignature"},
        {"a wrong signature", errc::bad_stapled_status, [](world& w) { w.says.corrupt_signature = true; },
         "its signature is wrong"},
        {"a weak hash", errc::bad_stapled_status, [](world& w) { w.says.hash = testbed::hash::sha1; },
         "it is signed with a weak hash"},
        {"another certificate", errc::bad_stapled_status, [](world& w) { w.single.serial = {std::byte{0x11}}; },
         "it is about another certificate"},
        {"another authority's certificate of the same number", errc::bad_stapled_status,
         [](world& w) { w.single.issued_by = &another; }, "it is about another certificate"},
        {"the hash of the authority with a function that is not known", errc::bad_stapled_status,
         [](world& w) { w.single.hash = testbed::hash::sha384; }, "it is about another certificate"},
        {"try later", errc::bad_stapled_status, [](world& w) { w.says.response_status = 3; },
         "the responder answered tryLater"},
        {"another kind of response", errc::bad_stapled_status, [](world& w) { w.says.not_basic = true; },
         "a response that is not a basic one"},
        {"an unknown critical extension", errc::bad_stapled_status,
         [](world& w) { w.says.unknown_critical_extension = true; }, "an unknown critical extension"},
        {"an unknown critical extension beside the certificate", errc::bad_stapled_status,
         [](world& w) { w.single.unknown_critical_extension = true; }, "an unknown critical extension"},
        {"something else", errc::bad_stapled_status,
         [](world& w) { w.damage = [](testbed::bytes& r) { r = testbed::bytes(100, std::byte{0x30}); }; },
         "it is not an OCSP response"},
        {"cut short", errc::bad_stapled_status,
         [](world& w) { w.damage = [](testbed::bytes& r) { r.resize(r.size() - 1); }; }, "it is not an OCSP response"},
        {"unknown", errc::bad_stapled_status, [](world& w) { w.single.is = unknown; },
         "its responder does not know the certificate"},
        {"without an end", errc::bad_stapled_status, [](world& w) { w.single.next_update.reset(); },
         "it does not say until when it holds"},
        {"of later", errc::bad_stapled_status,
         [](world& w) { w.single.this_update = testbed::now() + std::chrono::hours(1); },
         "it was issued later than our clock says"},
        {"out of date", errc::stapled_status_expired,
         [](world& w) { w.single.next_update = testbed::now() - std::chrono::hours(1); }},
        {"revoked", errc::revoked,
         [](world& w) {
             w.single.is = revoked;
             w.single.reason = 1;
         }},
        {"revoked, and out of date", errc::revoked,
         [](world& w) {
             w.single.is = revoked;
             w.single.next_update = testbed::now() - std::chrono::hours(1);
         }},
        {"revoked, beside good", errc::revoked,
         [](world& w) {
             w.more = {w.single};
             w.more[0].is = revoked;
         }},
        {"revoked, but nobody's signature says so", errc::bad_stapled_status,
         [](world& w) {
             w.single.is = revoked;
             w.says.corrupt_signature = true;
         },
         "its signature is wrong"},
    };
}

world changed_world(std::function<void(world&)> const& change) {
    world w;
    change(w);
    return w;
}

/// What the judge finds with the primitives of a backend.
template <class B>
tls::verify::rule_finding verdict(world const& w, std::int64_t now = tls::system_wall_clock(), bool check_time = true) {
    auto const s = w.st.build();
    auto const leaf = tls::x509::certificate_view::parse(s.sent[0].der);
    auto const issuer = tls::x509::certificate_view::parse(s.sent[1].der);
    auto const response = w.response();
    tls::signature::edge_check edges{.by = tls::signature::library_of<B>()};
    auto const by = tls::verify::check_with(edges);
    return tls::ocsp::judge(
        {.response = response, .leaf = leaf.value(), .issuer = issuer.value(), .now = now, .check_time = check_time},
        {.ask = by.ask_of, .context = by.context, .sha256 = by.sha256});
}

/// A client that requires a status, meets the server of this world, and sends nothing but an alert after a bad one.
template <class P>
tls::result<void> meet_stapling(
    client_for<P> const& client, scene const& s, std::optional<testbed::bytes> const& status, protocol_version v) {
    auto options = server_of(s, v);
    options.request_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    options.stapled_status = status;
    auto c = converse<P>(client, options, s.name);
    auto const done = c.run();
    if (done) return done;
    CHECK(c.server.client_certificates_received() <= 0);
    std::size_t after_hello = 0;
    for (auto const& r : testbed::wire::records(c.pipe.to_server.history())) {
        if (r.type == testbed::wire::handshake || r.type == testbed::wire::change_cipher_spec) continue;
        ++after_hello;
        // Two bytes; encrypted they have a type beside them, and a tag.
        CHECK(r.body.size() == (r.type == testbed::wire::alert ? 2U : 19U));
    }
    CHECK(after_hello == 1);
    CHECK(testbed::wire::clear_messages(c.pipe.to_server.history()).size() == 1);
    CHECK(done.error().sent == tls::alert(*c.server.alert_received()));
    CHECK_FALSE(done.error().handshake.certificates_sent);
    CHECK_FALSE(done.error().handshake.signature_sent == true);
    return done;
}

/// With a library that can ask, and a server that can answer.
using stapling = std::tuple<pairing<tls::wolfssl, testbed::wolfssl_server>>;

} // namespace

PARITY_CASE("stapled status: what it proves, whichever library does the mathematics", backends, B) {
    for (auto const& one : cases()) {
        CAPTURE(one.what);
        auto const found = verdict<B>(changed_world(one.change));
        CHECK(found.code == one.expected);
        if (*one.about != '\0') CHECK(found.about.view() == one.about);
    }
    world w;
    auto const until = w.single.next_update->time_since_epoch().count();
    CHECK(verdict<B>(w).valid_until == until);
    CHECK(verdict<B>(w, until).code == errc::ok);
    CHECK(verdict<B>(w, until + 1).code == errc::stapled_status_expired);
    CHECK(verdict<B>(w, until + 1, false).code == errc::ok); // of a clock that is not set
    auto const from = w.single.this_update.time_since_epoch().count();
    CHECK(verdict<B>(w, from).code == errc::ok);
    CHECK(verdict<B>(w, from - 1).code == errc::bad_stapled_status);
    // It holds no longer than the certificate of who made it.
    w.delegated = true;
    w.responder.not_after = testbed::now() + std::chrono::hours(5);
    CHECK(verdict<B>(w).valid_until == w.responder.not_after.time_since_epoch().count());
    w = changed_world([](world& x) {
        x.single.is = ocsp_single::status::revoked;
        x.single.reason = 1;
    });
    CHECK(verdict<B>(w).about.view().ends_with(" UTC, key compromise"));
}

PARITY_CASE("stapled status: due before anything of ours leaves that depends on the server", stapling, P, v) {
    for (std::string_view const which :
         {"good", "by a responder of the authority", "a wrong signature", "something else", "try later", "out of date",
          "revoked"}) {
        CAPTURE(which);
        auto const all = cases();
        auto const& one = *std::ranges::find(all, which, [](auto const& c) { return std::string_view(c.what); });
        auto const w = changed_world(one.change);
        auto const s = w.st.build();
        auto const client = trusting<P>(s, v).require_stapled_status().build();
        REQUIRE(client);
        auto const done = meet_stapling<P>(*client, s, w.response(), v);
        CHECK((done ? errc::ok : done.error().code) == one.expected);
        if (done) continue;
        auto const e = done.error();
        CHECK(e.sent == tls::alert::bad_certificate_status_response);
        CHECK(e.problem_depth == 0);
        CHECK(e.problems.has(one.expected));
        CHECK(e.certificate.known());
        if (*one.about != '\0') {
            CHECK(e.about.view() == one.about);
            CHECK(tls::explain(e).find(one.about) != std::string::npos);
        }
    }
}

PARITY_CASE("stapled status: a server that has none, or does not send what it promised", stapling, P, v) {
    world const w;
    auto const s = w.st.build();
    auto const client = trusting<P>(s, v).require_stapled_status().build();
    REQUIRE(client);
    for (auto const& status : {std::optional<testbed::bytes>(), std::optional<testbed::bytes>(std::in_place)}) {
        auto const done = meet_stapling<P>(*client, s, status, v);
        REQUIRE(!done);
        CHECK(done.error().code == errc::no_stapled_status);
        CHECK(done.error().sent == tls::alert::bad_certificate_status_response);
        CHECK(tls::explain(done.error()).find("does not staple") != std::string::npos);
    }
    // What is wrong with the path is the reason, whatever is stapled.
    auto bad = w;
    bad.st.leaf.not_after = testbed::now() - std::chrono::minutes(1);
    auto const expired = bad.st.build();
    auto const other = trusting<P>(expired, v).require_stapled_status().build();
    REQUIRE(other);
    CHECK(meet_stapling<P>(*other, expired, w.response(), v).error().code == errc::expired);
    CHECK(meet_stapling<P>(*other, expired, std::nullopt, v).error().code == errc::expired);
    CHECK(meet_stapling<P>(*other, expired, testbed::bytes(9), v).error().code == errc::expired);
}

// wolfSSL looks at neither before it has read a status; what it refuses then is no wrong signature.
PARITY_CASE("stapled status: a message of another kind, or that no hello has announced", stapling, P) {
    constexpr auto v = protocol_version::tls_1_2;
    world const w;
    auto const s = w.st.build();
    auto const client = trusting<P>(s, v).honour_must_staple().build();
    REQUIRE(client);
    for (bool const of_another_kind : {true, false}) {
        CAPTURE(of_another_kind);
        auto options = server_of(s, v);
        options.stapled_status = w.response();
        auto c = converse<P>(*client, options);
        c.pipe.to_client.tap = [&](testbed::bytes& stream) {
            testbed::bytes changed;
            for (auto& r : testbed::wire::records(stream)) {
                bool const is_status = r.body[0] == std::byte{22};
                if (r.type == testbed::wire::handshake && is_status && of_another_kind) r.body[4] = std::byte{2};
                // Under another number the extension of the hello is one that nobody asked for, but none is checked
                // before the status: SNI, which was asked for, takes its place.
                auto const announced = std::ranges::search(r.body, testbed::octets({0, 5, 0, 0}));
                if (r.body[0] == std::byte{2} && !of_another_kind && !announced.empty()) announced[1] = std::byte{0};
                testbed::append(changed, testbed::wire::make_record(r.type, r.body));
            }
            stream = changed;
        };
        auto const done = c.run();
        REQUIRE(!done);
        CHECK_MESSAGE(done.error().code == errc::unexpected_message, tls::explain(done.error()));
    }
}

// Under TLS 1.2 the library goes on without a status, and would have our answer signed before it is held back.
PARITY_CASE("stapled status: a signer is not asked for a server that has none", stapling, P, v) {
    world const w;
    auto const s = w.st.build();
    testbed::key_signer signer(*pki().client.private_key);
    auto const chain = tls::certificate_chain::from_pem(pki().client.chain_pem());
    auto const client = tls::client<typename P::backend>::configure()
                            .versions(v, v)
                            .trust(tls::trust_anchors::from_pem(testbed::pem_of(s.anchors)))
                            .identity(tls::identity::from_signer(chain, signer))
                            .require_stapled_status()
                            .build();
    REQUIRE(client);
    CHECK(meet_stapling<P>(*client, s, std::nullopt, v).error().code == errc::no_stapled_status);
    CHECK(signer.asked().empty());
    CHECK(meet_stapling<P>(*client, s, w.response(), v));
    CHECK(signer.asked().size() == 1);
}

PARITY_CASE("stapled status: asked for only by those who want it, and without a nonce", stapling, P, v) {
    constexpr unsigned status_request = 5;
    world const w;
    auto const s = w.st.build();
    auto const plain = trusting<P>(s, v).build();
    auto const asking = trusting<P>(s, v).require_stapled_status().build();
    REQUIRE(plain);
    REQUIRE(asking);
    CHECK(!hello_of(plain->engine(tls::server_name::parse("localhost"))).has_extension(status_request));
    auto hello = hello_of(asking->engine(tls::server_name::parse("localhost")));
    REQUIRE(hello.has_extension(status_request));
    CHECK(hello.bodies[status_request] == testbed::bytes{std::byte{1}, {}, {}, {}, {}});
    // Whoever does not ask gets none, and is not hurt by what a server might have said.
    CHECK(meet_stapling<P>(*plain, s, testbed::bytes(9), v));
}

PARITY_CASE("stapled status: must-staple is honoured by those who say so", pairings, P, v) {
    using B = typename P::backend;
    constexpr bool can_ask = B::template supports<tls::feature::stapled_status>;
    constexpr bool can_answer = std::is_same_v<typename P::server, testbed::wolfssl_server>;
    world w;
    auto const ordinary = w.st.build();
    w.st.leaf.extra_extensions = {testbed::must_staple()};
    auto const promising = w.st.build();
    std::optional<testbed::bytes> status;
    if (can_answer) status = w.response();
    auto const outcome = [&](scene const& s, bool honours, std::optional<testbed::bytes> const& with) {
        auto plain = trusting<P>(s, v);
        auto const client = honours ? std::move(plain).honour_must_staple().build() : std::move(plain).build();
        REQUIRE(client);
        auto options = server_of(s, v);
        options.request_client_certificate = true;
        options.stapled_status = with;
        auto c = converse<P>(*client, options, s.name);
        auto const done = c.run();
        if (!done) CHECK(c.server.client_certificates_received() <= 0);
        return done;
    };
    CHECK(outcome(ordinary, true, std::nullopt));
    CHECK(outcome(promising, false, std::nullopt));
    auto const none = outcome(promising, true, std::nullopt);
    REQUIRE(!none);
    CHECK(none.error().code == errc::no_stapled_status);
    CHECK(none.error().sent == tls::alert::bad_certificate_status_response);
    std::string const text = tls::explain(none.error());
    CHECK_MESSAGE(text.find("must-staple") != std::string::npos, text);
    CHECK((text.find("the certificate is must-staple; this library cannot ask") == std::string::npos) == can_ask);
    CHECK((text.find("trying again may help") != std::string::npos) == can_ask);
    auto const with = outcome(promising, true, status);
    CHECK((with ? errc::ok : with.error().code) == (can_ask && can_answer ? errc::ok : errc::no_stapled_status));
    // A promise that is critical is one that we would have to understand.
    w.st.leaf.extra_extensions = {testbed::must_staple(true)};
    CHECK(outcome(w.st.build(), false, std::nullopt).error().code == errc::critical_extension);
    if (!can_ask || !can_answer) return;
    // Of a status that nobody requires, only that the certificate was revoked counts.
    w = world{};
    CHECK(outcome(ordinary, true, testbed::bytes(9)));
    w.single.is = ocsp_single::status::revoked;
    CHECK(outcome(ordinary, true, w.response()).error().code == errc::revoked);
    w.st.leaf.extra_extensions = {testbed::must_staple()};
    CHECK(outcome(promising, true, testbed::bytes(9)).error().code == errc::bad_stapled_status);
}

PARITY_CASE(
    "stapled status: a server that is trusted as it is needs none, one that any client accepts cannot", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    world w;
    w.st.leaf.extra_extensions = {testbed::must_staple()};
    auto const s = w.st.build();
    auto const exact = tls::client<B>::configure()
                           .trust(tls::trust_anchors::exactly(tls::trust_anchors::from_der(s.sent[0].der)))
                           .no_identity()
                           .honour_must_staple()
                           .build();
    REQUIRE(exact);
    for (auto const v : versions) CHECK(meet<P>(*exact, s, v));
    auto const any =
        tls::client<B>::configure().insecure_accept_any_server().no_identity().honour_must_staple().build();
    CHECK(any.error().code == errc::bad_configuration);
}

PARITY_CASE("stapled status: no session goes on beyond it", stapling, P, v) {
    world w;
    w.single.next_update = testbed::now() + std::chrono::hours(2);
    auto const s = w.st.build();
    static std::int64_t offset;
    offset = 0;
    tls::memory_ticket_store store;
    auto const configured = [&] {
        return trusting<P>(s, v).clock([]() noexcept { return tls::system_wall_clock() + offset; }).resumption(store);
    };
    auto const client = configured().require_stapled_status().build();
    REQUIRE(client);
    auto options = server_of(s, v);
    options.tickets = true;
    options.keys = std::make_shared<testbed::ticket_keys>();
    options.stapled_status = w.response();
    CHECK_FALSE(visit<P>(*client, options).resumed);
    CHECK(visit<P>(*client, options).resumed);
    // What is required is part of what a ticket is for.
    auto const lenient = configured().build();
    REQUIRE(lenient);
    CHECK_FALSE(visit<P>(*lenient, options).resumed);
    CHECK(visit<P>(*client, options).resumed);
    offset = 3 * 3600;
    CHECK(converse<P>(*client, options).run().error().code == errc::stapled_status_expired);
}

} // namespace parity::stapled_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include "testbed/der_writer.hpp"
#include <tls/signature/memory.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

/// What holds because one judge decides, and the library only computes.
namespace parity::one_judge_cases {
namespace {

using tls::signature::memory;

tls::result<tls::trust_anchors> anchors_of(scene const& s) {
    return tls::trust_anchors::from_pem(testbed::pem_of(s.anchors));
}

/// A client that trusts the anchors of a scene and remembers signatures there.
template <class B> tls::client<B> remembering(scene const& s, protocol_version v, std::shared_ptr<memory> there) {
    auto made = tls::client<B>::configure()
                    .versions(v, v)
                    .trust(anchors_of(s))
                    .no_identity()
                    .signature_memory(std::move(there))
                    .build();
    REQUIRE(made);
    return std::move(*made);
}

std::vector<chain_case> beside_the_path() {
    auto const with = [](char const* what, std::size_t at, std::function<certificate(scene const&)> extra) {
        return chain_case{what, errc::ok, [=] {
                              auto s = stage{}.build();
                              s.sent.insert(s.sent.begin() + static_cast<std::ptrdiff_t>(at), extra(s));
                              return s;
                          }};
    };
    auto const unreadable = [](scene const&) {
        certificate c;
        c.der = testbed::pattern(400);
        return c;
    };
    auto const self_made = [](certificate_spec spec, int key) {
        auto const& k = pooled_key(key_kind::p256, key);
        return issue(spec, k);
    };
    return {
        with("unreadable bytes above the leaf", 1, unreadable),
        with("unreadable bytes at the end", 2, unreadable),
        with(
            "somebody who is no authority, of an unknown issuer", 2,
            [](scene const&) {
                auto const& top_key = pooled_key(key_kind::p256, 30);
                auto top_spec = testbed::root_spec();
                top_spec.common_name = "unknown root";
                issuer const top{issue(top_spec, top_key), &top_key};
                return issue(testbed::client_spec(), pooled_key(key_kind::p256, 31), &top);
            }),
        with(
            "an authority of the intermediate's name and of an unknown root, before the intermediate", 1,
            [](scene const&) {
                auto const& top_key = pooled_key(key_kind::p256, 30);
                auto top_spec = testbed::root_spec();
                top_spec.common_name = "unknown root";
                issuer const top{issue(top_spec, top_key), &top_key};
                auto spec = testbed::server_intermediate_spec();
                spec.subject_key_id = false;
                return issue(spec, pooled_key(key_kind::p256, 31), &top);
            }),
        with(
            "a root of the anchor's name and another key", 1,
            [=](scene const&) { return self_made(testbed::root_spec(), 30); }),
        with("the leaf again", 2, [](scene const& s) { return s.sent[0]; }),
        {"two intermediates in the wrong order", errc::ok,
         [] {
             stage st;
             st.intermediate.path_len = 1;
             auto s = st.build_with_two_intermediates();
             std::swap(s.sent[1], s.sent[2]);
             return s;
         }},
        {"two anchors of one name, the first with another key", errc::ok,
         [=] {
             auto s = stage{}.build();
             s.anchors.insert(s.anchors.begin(), self_made(testbed::root_spec(), 30));
             return s;
         }},
        {"an anchor that cannot serve, beside the good one", errc::ok,
         [=] {
             auto s = stage{}.build();
             auto spec = testbed::root_spec();
             spec.common_name = "old root";
             spec.not_before = testbed::now() - 48h;
             spec.not_after = testbed::now() - 24h;
             s.anchors.insert(s.anchors.begin(), self_made(spec, 30));
             return s;
         }},
    };
}

/// Chains whose signatures are bad, and which have something harmless wrong with them as well.
std::vector<chain_case> forged() {
    auto const case_of = [](char const* what, std::function<void(stage&)> change) {
        return chain_case{what, errc::bad_signature, [=] {
                              stage st;
                              change(st);
                              auto s = st.build();
                              // The leaf's issuer has the intermediate's name and another key.
                              auto const& own = pooled_key(key_kind::p256, 30);
                              issuer const forger{s.sent[1], &own};
                              s.sent[0] = issue(st.leaf, pooled_key(st.leaf_kind, stage::leaf_key), &forger);
                              return s;
                          }};
    };
    return {
        case_of("forged", [](stage&) {}),
        case_of(
            "forged and expired",
            [](stage& s) {
                s.leaf.not_before = testbed::now() - 48h;
                s.leaf.not_after = testbed::now() - 24h;
            }),
        case_of(
            "forged and not yet valid",
            [](stage& s) {
                s.leaf.not_before = testbed::now() + 24h;
                s.leaf.not_after = testbed::now() + 48h;
            }),
        case_of("forged and for another name", [](stage& s) { s.leaf.dns = {"other.example"}; }),
        case_of(
            "forged below an expired intermediate",
            [](stage& s) {
                s.intermediate.not_before = testbed::now() - 48h;
                s.intermediate.not_after = testbed::now() - 24h;
            }),
    };
}

template <class P> void check_all(std::vector<chain_case> const& cases, protocol_version v) {
    for (auto const& one : cases) {
        CAPTURE(one.what);
        scene const s = one.make();
        auto const client = remembering<typename P::backend>(s, v, nullptr);
        auto c = converse<P>(client, server_of(s, v), s.name);
        auto const done = c.run();
        CHECK_MESSAGE((done ? errc::ok : done.error().code) == one.expected, c.server.error_text());
    }
}

std::atomic<std::int64_t> moved_clock{0};

/// wolfSSL, watched for changes in the store of authorities that all connections of a client share.
struct watched_wolfssl : tls::wolfssl {
    static inline int additions = 0;

    static tls::result<context> make_context(tls::seam::shared<tls::settings const> s) noexcept {
        auto made = tls::wolfssl::make_context(std::move(s));
        if (made) wolfSSL_CTX_SetCACb(made->ctx(), [](unsigned char*, int, int) { ++additions; });
        return made;
    }
};
static_assert(tls::backend<watched_wolfssl>);

} // namespace

TEST_CASE("no chain leaves anything in wolfSSL's store, which all connections share") {
    using P = pairing<watched_wolfssl, testbed::mbedtls_server>;
    int chains = 0;
    for (auto const& cases :
         {good_and_expired(), trust_and_signatures(), keys_and_hashes(), roles(), constrained_names(),
          beside_the_path(), forged()}) {
        for (auto const& one : cases) {
            CAPTURE(one.what);
            scene const s = one.make();
            for (protocol_version const v : versions) {
                auto c = converse<P>(remembering<watched_wolfssl>(s, v, nullptr), server_of(s, v), s.name);
                (void)c.run();
                CHECK(watched_wolfssl::additions == 0);
                ++chains;
            }
        }
    }
    CHECK(chains > 100);

    // An authority that is added is noticed.
    auto const made = watched_wolfssl::make_context(tls::seam::shared<tls::settings const>::make());
    REQUIRE(made);
    auto const& root = pki().root.certificate.der;
    REQUIRE(
        wolfSSL_CTX_load_verify_buffer(
            made->ctx(), reinterpret_cast<unsigned char const*>(root.data()), static_cast<long>(root.size()),
            WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS);
    CHECK(watched_wolfssl::additions == 1);
}

PARITY_CASE("what is beside the path breaks nothing", pairings, P, v) { check_all<P>(beside_the_path(), v); }

PARITY_CASE("a soft reason never hides a forgery", pairings, P, v) { check_all<P>(forged(), v); }

PARITY_CASE("a client that was built while the clock was wrong is good once it is right", pairings, P, v) {
    scene const s = stage{}.build();
    moved_clock = 4102444800; // 2100-01-01
    auto const client = tls::client<typename P::backend>::configure()
                            .versions(v, v)
                            .clock([]() noexcept -> std::int64_t { return moved_clock; })
                            .trust(anchors_of(s))
                            .no_identity()
                            .build();
    REQUIRE(client);
    CHECK(converse<P>(*client, server_of(s, v), s.name).run().error() == errc::expired);
    moved_clock = std::chrono::duration_cast<std::chrono::seconds>(testbed::now().time_since_epoch()).count();
    CHECK(converse<P>(*client, server_of(s, v), s.name).run());
}

PARITY_CASE(
    "signatures are remembered when a handshake is complete, and spare nothing but the mathematics", pairings, P, v) {
    using B = typename P::backend;
    scene const s = stage{}.build();
    auto const kept = std::make_shared<memory>();
    auto const client = remembering<B>(s, v, kept);
    auto first = converse<P>(client, server_of(s, v), s.name);
    (void)first.client.handshake();
    CHECK(kept->size() == 0);
    REQUIRE(first.run());
    CHECK(kept->size() == 2);
    REQUIRE(converse<P>(client, server_of(s, v), s.name).run());
    CHECK(kept->size() == 2);

    // Another client, the same memory: its own anchors and its own clock decide.
    scene elsewhere = s;
    elsewhere.anchors = {pki().root.certificate};
    CHECK(converse<P>(remembering<B>(elsewhere, v, kept), server_of(s, v), s.name).run().error() == errc::untrusted);
    auto const late = tls::client<B>::configure()
                          .versions(v, v)
                          .clock([]() noexcept -> std::int64_t { return 4102444800; })
                          .trust(anchors_of(s))
                          .no_identity()
                          .signature_memory(kept)
                          .build();
    REQUIRE(late);
    CHECK(converse<P>(*late, server_of(s, v), s.name).run().error() == errc::expired);

    // One bit of a remembered certificate changed is another certificate.
    scene bent = s;
    bent.sent[0].der.back() ^= std::byte{1};
    auto const refused = converse<P>(client, server_of(bent, v), s.name).run();
    REQUIRE_FALSE(refused);
    CHECK(kept->size() == 2);
}

PARITY_CASE("handshakes that fail or judge nothing leave no signature behind", pairings, P, v) {
    using B = typename P::backend;
    scene const s = stage{}.build();
    auto const kept = std::make_shared<memory>();
    auto const client = remembering<B>(s, v, kept);
    CHECK_FALSE(converse<P>(client, server_of(s, v), "elsewhere.example").run());
    CHECK(kept->size() == 0);

    scene pinned = s;
    auto spec = testbed::server_spec();
    pinned.sent = {issue(spec, *s.key)};
    pinned.anchors = pinned.sent;
    REQUIRE(converse<P>(remembering<B>(pinned, v, kept), server_of(pinned, v), s.name).run());
    CHECK(kept->size() == 0);

    auto const any = tls::client<B>::configure()
                         .versions(v, v)
                         .insecure_accept_any_server()
                         .no_identity()
                         .signature_memory(kept)
                         .build();
    REQUIRE(any);
    REQUIRE(converse<P>(*any, server_of(s, v), s.name).run());
    CHECK(kept->size() == 0);
}

PARITY_CASE("a certificate that a library drops does not put another's key behind a pinned leaf", backends, B, v) {
    // Mbed TLS leaves out a certificate whose signature algorithm it does not know, and takes the next for the
    // server's.
    auto const& pinned_key = pooled_key(key_kind::p256, 40);
    auto const& stranger_key = pooled_key(key_kind::p256, 41);
    auto pinned = issue(testbed::server_spec(), pinned_key);
    auto const ecdsa_sha256 = testbed::der::oid("1.2.840.10045.4.3.2");
    auto const unknown = testbed::der::oid("1.2.840.10045.4.3.99");
    for (int i = 0; i != 2; ++i) {
        auto const at = std::ranges::search(pinned.der, ecdsa_sha256);
        REQUIRE_FALSE(at.empty());
        std::ranges::copy(unknown, at.begin());
    }
    auto const stranger = issue(testbed::server_spec(), stranger_key);
    auto const refused = [&](std::vector<certificate> sent, testbed::key const& key) {
        scene const s{.sent = std::move(sent), .anchors = {pinned}, .key = &key};
        auto c = converse<pairing<B, testbed::mbedtls_server>>(client_in(s, v), server_of(s, v));
        auto const done = c.run();
        REQUIRE_FALSE(done);
        CHECK_FALSE(c.server.established());
        return done.error().code;
    };
    // wolfSSL does not drop it, and so finds that the handshake is signed with another key.
    bool const drops = std::is_same_v<B, tls::mbedtls>;
    CHECK(
        refused({pinned, stranger}, stranger_key) ==
        (drops ? errc::unverifiable_signature : errc::bad_handshake_signature));
}

PARITY_CASE("whoever shows a good certificate must hold its key", backends, B, v) {
    constexpr std::array kinds = {key_kind::p256, key_kind::p384, key_kind::rsa_2048};
    for (key_kind const shown : kinds) {
        for (key_kind const held : kinds) {
            CAPTURE(testbed::name(shown));
            CAPTURE(testbed::name(held));
            scene s = stage{.leaf_kind = shown}.build();
            s.key = &pooled_key(held, 2);
            auto c = converse<pairing<B, testbed::mbedtls_server>>(client_in(s, v), server_of(s, v));
            auto const done = c.run();
            REQUIRE_FALSE(done);
            // Under TLS 1.2 the kind of key is part of what was negotiated.
            bool const wrong_kind = v == protocol_version::tls_1_2 && testbed::is_rsa(shown) != testbed::is_rsa(held);
            CHECK_MESSAGE(
                done.error().code == (wrong_kind ? errc::illegal_parameter : errc::bad_handshake_signature),
                done.error().native);
            CHECK_FALSE(c.server.established());
        }
    }
}

PARITY_CASE("without a memory every handshake is judged as well", pairings, P, v) {
    scene const s = stage{}.build();
    auto const client = remembering<typename P::backend>(s, v, nullptr);
    for (int i = 0; i != 2; ++i) CHECK(converse<P>(client, server_of(s, v), s.name).run());
}

} // namespace parity::one_judge_cases

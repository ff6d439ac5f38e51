// SPDX-License-Identifier: Apache-2.0
#include "allocation/failing_memory.hpp"
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include <tls/connection/server_verification.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <limits>
#include <memory>
#include <vector>

namespace {

using tls::errc;

/// What one client decides about a scene, from the list of certificates to the verdict.
template <class B> struct judgement {
    explicit judgement(parity::scene const& s) : name(*tls::server_name::parse(s.name)) {
        std::vector<testbed::bytes> anchors;
        for (auto const& a : s.anchors) anchors.push_back(a.der);
        given.anchors = *tls::verify::anchor_set::of(anchors);
        for (auto const& c : s.sent) sent.emplace_back(c.der);
    }

    errc operator()() const {
        tls::verify::server_verification check(given, name);
        check.verify_signatures_with(tls::signature::library_of<B>());
        bool const good = check.judge(sent, sent.front());
        if (good) check.handshake_is_complete(); // so the signatures are remembered, and later judgements compute none
        return good ? errc::ok : check.reason();
    }

    tls::settings given;
    tls::server_name name;
    std::vector<std::span<std::byte const>> sent;
};

/// Judges with every allocation failing in turn, one at a time, up to the last or so many.
template <class B> void fail_each(judgement<B> const& judge, errc with_memory, std::size_t most) {
    REQUIRE(judge() == with_memory); // also initialises what is initialised once
    for (std::size_t n = 1; n <= most; ++n) {
        CAPTURE(n);
        long const before = allocation::live();
        allocation::fail(n);
        errc const verdict = judge();
        bool const failed = allocation::failed();
        long const after = allocation::live();
        CHECK(before == after);
        if (!failed) {
            CHECK(verdict == with_memory);
            CHECK(n > 1); // there was one to fail
            break;
        }
        if (verdict != with_memory) CHECK(verdict == errc::out_of_memory);
    }
}

/// All allocations of the judge's own, the signatures being remembered; and the first of those of a signature, which
/// fail in tests/allocation/signatures.cpp, each of them.
template <class B> void fail_each(parity::scene const& s, errc with_memory) {
    constexpr std::size_t of_signatures = 50;
    judgement<B> judge(s);
    fail_each(judge, with_memory, of_signatures);
    if (with_memory != errc::ok) return;
    judge.given.signature_memory = std::make_shared<tls::signature::memory>();
    fail_each(judge, with_memory, std::numeric_limits<std::size_t>::max());
}

parity::scene forged() {
    parity::scene s = parity::stage{}.build();
    s.sent[0].der.back() ^= std::byte{1};
    return s;
}

} // namespace

TEST_CASE_TEMPLATE(
    "allocation: without memory no server is accused, and none accepted", B, tls::wolfssl, tls::mbedtls) {
    fail_each<B>(parity::stage{}.build(), errc::ok);
    fail_each<B>(parity::stage{.root_kind = testbed::key_kind::rsa_2048}.build(), errc::ok);
    fail_each<B>(forged(), errc::bad_signature);
}

TEST_CASE_TEMPLATE(
    "allocation: a certificate is not accused because memory ran out while it was read", B, tls::wolfssl,
    tls::mbedtls) {
    using P = parity::pairing<B, testbed::wolfssl_server>;
    constexpr std::size_t most = 200; // the certificates have been read by then
    for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::rsa_2048}) {
        parity::scene const s = parity::stage{.leaf_kind = kind}.build();
        for (auto const v : parity::versions) {
            auto const client = parity::client_of<P>(parity::client_in(s, v));
            for (std::size_t n = 1; n <= most; ++n) {
                CAPTURE(testbed::name(kind));
                CAPTURE(n);
                auto c = parity::converse<P>(client, parity::server_of(s, v), s.name);
                (void)c.client.handshake();
                c.carry();
                testbed::serve(c.server, c.pipe);
                REQUIRE(c.client.feed(c.pipe.to_client.take_all()));
                allocation::fail(n);
                auto const state = c.client.handshake();
                bool const failed = allocation::failed();
                if (!state) CHECK_FALSE(tls::is_about_server_certificate(state.error().code));
                if (!failed) break;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace parity::verification_cases {
namespace {

template <class P> void check(chain_case const& one) {
    scene const s = one.make();
    bool const constrained = !P::backend::template supports<tls::feature::critical_name_constraints> &&
                             one.without_critical_constraints != errc::ok;
    errc const expected = constrained ? one.without_critical_constraints : one.expected;
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        CAPTURE(one.what);
        auto c = converse<P>(client_in(s, v), server_of(s, v), s.name);
        auto const done = c.run();
        auto const code = done ? errc::ok : done.error().code;
        CHECK_MESSAGE(
            code == expected, (done ? "accepted" : tls::explain(done.error())), "server: ", c.server.error_text());
        if (!done && !constrained) {
            CHECK(done.error().phase == tls::phase::handshake);
            CHECK(done.error().problems.has(expected));
            // Our own certificate must not have left before the verdict.
            CHECK(c.server.client_certificates_received() <= 0);
        }
    }
}

/// A CA certificate that has nothing to do with the path.
certificate stray(bool out_of_date) {
    auto spec = testbed::root_spec();
    spec.common_name = "stray authority";
    auto const& top_key = pooled_key(key_kind::p256, 30);
    issuer const top{issue(spec, top_key), &top_key};
    auto below = testbed::server_intermediate_spec();
    below.common_name = "stray intermediate";
    if (out_of_date) {
        below.not_before = testbed::now() - 48h;
        below.not_after = testbed::now() - 24h;
    }
    return issue(below, pooled_key(key_kind::p256, 31), &top);
}

std::vector<chain_case> superfluous() {
    auto const with = [](char const* what, std::size_t at, std::function<certificate()> extra) {
        return chain_case{what, errc::ok, [=] {
                              auto s = stage{}.build();
                              s.sent.insert(s.sent.begin() + static_cast<std::ptrdiff_t>(at), extra());
                              return s;
                          }};
    };
    return {
        with("a stray authority at the end", 2, [] { return stray(false); }),
        with("a stray authority in the middle", 1, [] { return stray(false); }),
        with("a stray authority that has expired", 2, [] { return stray(true); }),
        with("an intermediate sent twice", 2, [] { return stage{}.build().sent[1]; }),
        {"an expired intermediate of the same root that is not needed", errc::ok,
         [] {
             stage st;
             auto s = st.build();
             auto spec = testbed::server_intermediate_spec();
             spec.common_name = "old intermediate";
             spec.not_before = testbed::now() - 48h;
             spec.not_after = testbed::now() - 24h;
             issuer const root = st.made_root();
             s.sent.push_back(issue(spec, pooled_key(key_kind::p256, 31), &root));
             return s;
         }},
        {"the root, cross-signed by an authority that has expired", errc::ok,
         [] {
             stage st;
             auto s = st.build();
             auto old = testbed::root_spec();
             old.common_name = "old root";
             old.not_before = testbed::now() - 48h;
             old.not_after = testbed::now() - 24h;
             auto const& old_key = pooled_key(key_kind::p256, 30);
             issuer const old_root{issue(old, old_key), &old_key};
             s.sent.push_back(issue(st.root, pooled_key(st.root_kind, stage::root_key), &old_root));
             s.anchors.push_back(old_root.certificate);
             return s;
         }},
        {"the root, cross-signed by an authority nobody knows", errc::ok,
         [] {
             stage st;
             auto s = st.build();
             auto other = testbed::root_spec();
             other.common_name = "unknown root";
             auto const& other_key = pooled_key(key_kind::p256, 30);
             issuer const unknown{issue(other, other_key), &other_key};
             s.sent.push_back(issue(st.root, pooled_key(st.root_kind, stage::root_key), &unknown));
             return s;
         }},
        {"a renewed intermediate beside the expired one of the same key", errc::ok,
         [] {
             stage st;
             auto s = st.build();
             auto old = st.intermediate;
             old.not_before = testbed::now() - 48h;
             old.not_after = testbed::now() - 24h;
             issuer const root = st.made_root();
             s.sent.push_back(issue(old, pooled_key(st.intermediate_kind, stage::intermediate_key), &root));
             return s;
         }},
        {"as many certificates as are accepted", errc::ok,
         [] {
             auto s = stage{}.build();
             while (s.sent.size() < tls::verify::max_sent) s.sent.push_back(stray(false));
             return s;
         }},
        {"one more certificate", errc::chain_too_long,
         [] {
             auto s = stage{}.build();
             while (s.sent.size() <= tls::verify::max_sent) s.sent.push_back(stray(false));
             return s;
         }},
    };
}

} // namespace

PARITY_CASE("verdicts: validity", pairings, P) {
    for (auto const& one : good_and_expired()) check<P>(one);
}

PARITY_CASE("verdicts: names", pairings, P) {
    for (auto const& one : names()) check<P>(one);
}

PARITY_CASE("verdicts: trust and signatures", pairings, P) {
    for (auto const& one : trust_and_signatures()) check<P>(one);
}

PARITY_CASE("verdicts: keys and hashes", pairings, P) {
    for (auto const& one : keys_and_hashes()) check<P>(one);
}

PARITY_CASE("verdicts: roles of certificates", pairings, P) {
    for (auto const& one : roles()) check<P>(one);
}

PARITY_CASE("verdicts: name constraints", pairings, P) {
    for (auto const& one : constrained_names()) check<P>(one);
}

PARITY_CASE("verdicts: superfluous certificates", pairings, P) {
    for (auto const& one : superfluous()) check<P>(one);
}

PARITY_CASE("verdicts: bytes that are no certificate", backends, B) {
    // wolfSSL's server does not load them; Mbed TLS's shows whatever it is given.
    check<pairing<B, testbed::mbedtls_server>>({"garbage", errc::malformed_certificate, [] {
                                                    auto s = stage{}.build();
                                                    s.sent[0].der = testbed::pattern(400);
                                                    return s;
                                                }});
}

PARITY_CASE("accepting any server accepts every server that a handshake succeeds with", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.any_server = true}));
    for (auto const& one : {trust_and_signatures()[0], trust_and_signatures()[3], good_and_expired()[2], names()[0]}) {
        CAPTURE(one.what);
        scene const s = one.make();
        CHECK(converse<P>(client, server_of(s, v), s.name).run());
    }
}

} // namespace parity::verification_cases

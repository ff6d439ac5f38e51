// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/failure_table.hpp"

#include <string>
#include <vector>

namespace parity::failures_server_certificate_cases {
namespace {

/// The row for a chain shown at one version by a server on one library; nothing if the chain is good.
template <class Server = testbed::mbedtls_server>
std::optional<row> refused(chain_case const& one, protocol_version v) {
    if (one.expected == errc::ok) return std::nullopt;
    scene const shown = one.make();
    std::string anchors;
    for (auto const& a : shown.anchors) anchors += a.pem();
    row r{.name = named(v, one.what), .expected = one.expected};
    r.what.client = only(v);
    r.what.client.anchors = tls::trust_anchors::from_pem(anchors);
    r.what.name = shown.name;
    testbed::server_options options;
    options.chain = shown.sent;
    options.private_key = shown.key;
    options.min_version = options.max_version = v;
    r.what.server = serving<Server>(options);
    return r;
}

void check_all(std::vector<chain_case> const& cases) {
    for (protocol_version const v : versions)
        for (auto const& one : cases)
            if (auto const r = refused(one, v)) check(*r);
}

} // namespace

TEST_CASE("failures: a server's certificate outside its validity") { check_all(good_and_expired()); }

TEST_CASE("failures: a server's certificate for another name") { check_all(names()); }

TEST_CASE("failures: a server's certificate that is not trusted or wrongly signed") {
    check_all(trust_and_signatures());
}

TEST_CASE("failures: a server's certificate with a weak key or hash") { check_all(keys_and_hashes()); }

TEST_CASE("failures: a server's certificate in the wrong role") { check_all(roles()); }

TEST_CASE("failures: a server's certificate outside its issuer's constraints") { check_all(constrained_names()); }

TEST_CASE("failures: more certificates than are accepted, and bytes that are not a certificate") {
    auto const too_many = [] {
        auto s = stage{}.build();
        while (s.sent.size() < tls::verify::max_sent + 1) s.sent.push_back(s.sent[1]);
        return s;
    };
    auto const garbage = [](std::size_t which) {
        return [which] {
            auto s = stage{}.build();
            s.sent[which].der = testbed::pattern(400);
            return s;
        };
    };
    check_all(
        {{"too many", errc::chain_too_long, too_many},
         {"a leaf of garbage", errc::malformed_certificate, garbage(0)},
         {"an intermediate of garbage", errc::untrusted, garbage(1)}});
}

TEST_CASE("failures: the other server library shows the same") {
    for (protocol_version const v : versions)
        for (auto const& one : {good_and_expired()[2], names()[0], trust_and_signatures()[0]})
            check(*refused<testbed::wolfssl_server>(one, v));
}

TEST_CASE("failures: a server that shows another's certificate") {
    for (protocol_version const v : versions) {
        for (key_kind const kind : {key_kind::p256, key_kind::p384, key_kind::rsa_2048}) {
            auto options = good_server(v, kind);
            options.signing_key = pooled_key(kind, 1).traditional_der();
            REQUIRE(options.private_key != &pooled_key(kind, 1));
            row r{.name = named(v, testbed::name(kind)), .expected = errc::bad_handshake_signature};
            r.what.client = only(v, {.anchors = trust(pki(kind))});
            r.what.server = serving(options);
            check(r);
        }
    }
}

} // namespace parity::failures_server_certificate_cases

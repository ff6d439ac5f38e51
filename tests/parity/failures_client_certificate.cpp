// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace parity::failures_client_certificate_cases {
namespace {

using testbed::key_kind;
using tls::alert;

/// A server that requires a certificate from our root.
testbed::server_options strict(protocol_version v, key_kind shown = key_kind::p256) {
    auto options = good_server(v, shown);
    options.require_client_certificate = true;
    options.client_anchors = {pki().root.certificate, pki(key_kind::rsa_2048).root.certificate};
    return options;
}

row refused(
    protocol_version v, std::string_view what, std::optional<tls::result<tls::identity>> who, alert received,
    testbed::server_options options) {
    row r{
        .name = named(v, what),
        .expected = errc::peer_rejected_certificate,
        .received = received,
        .phase = v == protocol_version::tls_1_3 ? tls::phase::reading : tls::phase::handshake};
    r.what.client = only(v);
    r.what.client.anchors = tls::trust_anchors::from_pem(
        pki().root_pem() + pki(key_kind::rsa_2048).root_pem() + pki(key_kind::p384).root_pem());
    r.what.client.who = std::move(who);
    r.what.server = serving(std::move(options));
    return r;
}

testbed::credentials changed(auto change) {
    auto spec = testbed::client_spec();
    change(spec);
    return pki().client_with(spec);
}

} // namespace

TEST_CASE("failures: a server that requires a certificate and refuses ours") {
    using testbed::certificate_spec;
    auto const future = changed([](certificate_spec& s) { s.not_before = testbed::now() + std::chrono::days(2); });
    auto const for_servers =
        changed([](certificate_spec& s) { s.extended_key_usage = {testbed::purpose::server_auth}; });
    for (protocol_version const v : versions) {
        bool const tls_1_3 = v == protocol_version::tls_1_3;
        check(refused(
            v, "none configured", std::nullopt, tls_1_3 ? alert::certificate_required : alert::handshake_failure,
            strict(v)));
        check(refused(v, "untrusted", identity(foreign_credentials()), alert::unknown_ca, strict(v)));
        check(refused(v, "expired", identity(expired_credentials()), alert::certificate_expired, strict(v)));
        check(refused(v, "not yet valid", identity(future), alert::certificate_expired, strict(v)));
        check(refused(v, "for servers", identity(for_servers), alert::unsupported_certificate, strict(v)));
        auto no_intermediate = pki().client;
        no_intermediate.chain.resize(1);
        check(refused(v, "no intermediate", identity(no_intermediate), alert::unknown_ca, strict(v)));
    }
}

TEST_CASE("failures: every alert a server may refuse our certificate with") {
    for (protocol_version const v : versions) {
        for (alert const a :
             {alert::bad_certificate, alert::unsupported_certificate, alert::certificate_revoked,
              alert::certificate_expired, alert::certificate_unknown, alert::unknown_ca, alert::access_denied,
              alert::certificate_required}) {
            auto options = strict(v);
            options.refusal_alert = tls::number(a);
            check(refused(v, tls::name(a), identity(foreign_credentials()), a, options));
            check(refused(v, std::string(tls::name(a)) + ", none sent", std::nullopt, a, options));
        }
    }
}

TEST_CASE("failures: the server accepts no signature that our key can make") {
    constexpr unsigned rsa_pss_sha256 = 0x0804;
    constexpr unsigned rsa_pkcs1_sha256 = 0x0401;
    for (protocol_version const v : versions) {
        auto options = strict(v, key_kind::rsa_2048);
        options.signature_algorithms = {rsa_pss_sha256, rsa_pkcs1_sha256};
        auto r =
            refused(v, "RSA only, and our key is P-256", identity(pki().client), alert::handshake_failure, options);
        r.expected = errc::unusable_identity;
        r.received = std::nullopt;
        r.phase = tls::phase::handshake;
        check(r);
    }
    constexpr unsigned ecdsa_sha384 = 0x0503;
    constexpr auto v = protocol_version::tls_1_3;
    auto options = strict(v, key_kind::p384);
    options.signature_algorithms = {ecdsa_sha384};
    auto r = refused(v, "P-384 only, and our key is P-256", identity(pki().client), alert::handshake_failure, options);
    r.expected = errc::unusable_identity;
    r.received = std::nullopt;
    r.phase = tls::phase::handshake;
    check(r);
}

} // namespace parity::failures_client_certificate_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/mbedtls/impl/sessions.hpp>

#include <algorithm>

#include <mbedtls/platform.h>

/// What the Mbed TLS backend reads from private fields, because the library has no function for it: if one of these
/// cases fails with a new version of Mbed TLS while its twin with wolfSSL passes, a field has moved or changed its
/// meaning; see backends/mbedtls/include/tls/mbedtls/impl/private_access.hpp.
namespace parity::private_fields_cases {
namespace {

testbed::certificate foreign_root() {
    auto spec = testbed::root_spec();
    spec.common_name = "foreign root";
    return testbed::issue(spec, testbed::pooled_key(testbed::key_kind::p256, 7));
}

} // namespace

PARITY_CASE("a CertificateRequest is noticed where there is one, and only there", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    auto asked = converse<P>(client, asking_server(v));
    REQUIRE(asked.run());
    CHECK(asked.client.facts().client_certificate_requested == true);
    auto not_asked = converse<P>(client, good_server(v));
    REQUIRE(not_asked.run());
    CHECK(not_asked.client.facts().client_certificate_requested == false);
}

PARITY_CASE("what the server accepts is known, with its source", pairings, P, v) {
    for (bool const ours_is_named : {true, false}) {
        auto options = asking_server(v);
        options.client_anchors = {ours_is_named ? pki().root.certificate : foreign_root()};
        auto c = connected<P>(only(v, {.who = identity(pki().client)}), options);
        auto const known = c.client.facts().server_accepts;
        REQUIRE(known.known());
        CHECK(known.source() == (v == protocol_version::tls_1_2 ? tls::fact_source::wire : tls::fact_source::library));
        auto const named = std::span(known->schemes).first(std::min<std::size_t>(known->scheme_count, 12));
        CHECK(std::ranges::find(named, tls::signature_scheme::ecdsa_secp256r1_sha256) != named.end());
        // The servers name authorities in TLS 1.2; in 1.3 neither does.
        if (v == protocol_version::tls_1_2 && known->issuer_count != 0) {
            CHECK(known->issuer_count == 1);
            CHECK(known->names_our_issuer == ours_is_named);
            CHECK_FALSE(known->first_issuer.empty());
        }
    }
}

PARITY_CASE("an alert that arrives encrypted is read, at the end of the handshake and after it", pairings, P) {
    auto c = connected<P>(only(protocol_version::tls_1_3), strict_server(protocol_version::tls_1_3));
    auto const n = c.read();
    REQUIRE(!n);
    REQUIRE(n.error().received);
    CHECK(static_cast<int>(*n.error().received) == c.server.alert_sent());
}

PARITY_CASE("the alert we send is known and the one the server gets", pairings, P) {
    // The name does not match: 42 with every library.
    auto c = converse<P>(only(protocol_version::tls_1_2), good_server(protocol_version::tls_1_2), "other.example");
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error().code == errc::name_mismatch);
    CHECK(done.error().sent == tls::alert::bad_certificate);
    CHECK(c.server.alert_received() == 42);
}

TEST_CASE("Mbed TLS: the age of a stored ticket is the wall clock's, whatever the machine's clock says") {
    namespace fields = tls::detail::mbedtls_private;
    tls::detail::mbedtls_sessions::owner o;
    o.session.MBEDTLS_PRIVATE(tls_version) = MBEDTLS_SSL_VERSION_TLS1_3;
    auto& received = o.session.MBEDTLS_PRIVATE(ticket_reception_time);
    auto const age_after = [&](mbedtls_ms_time_t stored, std::int64_t age) {
        received = stored;
        fields::set_ticket_age(o.session, age);
        return (mbedtls_ms_time() - received) / 1000;
    };
    auto const about = [](auto seconds, long long wanted) { return seconds >= wanted - 3 && seconds <= wanted + 30; };
    CHECK(about(age_after(mbedtls_ms_time() + 1'000'000'000, 100), 100)); // the machine was started since
    CHECK(about(age_after(0, 100), 100));                                 // or the ticket comes from another one
    CHECK(about(age_after(mbedtls_ms_time() - 50'000, 50), 50));
    // A value that agrees except for rounding is left alone, because it has the milliseconds.
    auto const exact = mbedtls_ms_time() - 50'500;
    received = exact;
    fields::set_ticket_age(o.session, 50);
    CHECK(received == exact);
    fields::set_ticket_age(o.session, std::numeric_limits<std::int64_t>::max());
    CHECK(received == exact);
    o.session.MBEDTLS_PRIVATE(tls_version) = MBEDTLS_SSL_VERSION_TLS1_2;
    received = 7;
    fields::set_ticket_age(o.session, 100);
    CHECK(received == 7);
}

TEST_CASE("Mbed TLS: a session is stored without the server's certificate, and has it again afterwards") {
    testbed::bytes const& leaf = pki().root.certificate.der;
    tls::detail::mbedtls_sessions::owner o;
    o.session.MBEDTLS_PRIVATE(tls_version) = MBEDTLS_SSL_VERSION_TLS1_2;
    auto const size_without = tls::detail::mbedtls_sessions::serialised(o.session).span().size();
    REQUIRE(size_without != 0);
    auto* const certificate = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
    REQUIRE(certificate != nullptr);
    mbedtls_x509_crt_init(certificate);
    o.session.MBEDTLS_PRIVATE(peer_cert) = certificate; // freed with the session
    REQUIRE(
        mbedtls_x509_crt_parse_der(certificate, reinterpret_cast<unsigned char const*>(leaf.data()), leaf.size()) == 0);
    CHECK(tls::detail::mbedtls_sessions::serialised(o.session).span().size() == size_without);
    CHECK(o.session.MBEDTLS_PRIVATE(peer_cert) == certificate);
}

} // namespace parity::private_fields_cases

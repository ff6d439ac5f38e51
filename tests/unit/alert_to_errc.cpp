// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/diagnosis/alert_to_errc.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>

namespace unit::alert_to_errc_cases {
namespace {

using tls::alert;
using tls::errc;

tls::handshake_facts facts(std::optional<bool> asked, std::optional<std::uint16_t> sent) {
    tls::handshake_facts h;
    if (asked) h.client_certificate_requested = {*asked, tls::fact_source::wire};
    if (sent) h.certificates_sent = {*sent, tls::fact_source::wire};
    return h;
}

tls::handshake_facts const nothing_known = facts({}, {});
tls::handshake_facts const not_asked = facts(false, {});
tls::handshake_facts const sent_none = facts(true, std::uint16_t{0});
tls::handshake_facts const sent_two = facts(true, std::uint16_t{2});

} // namespace

TEST_CASE("an alert about certificates is about ours if the server asked for one") {
    for (alert const a :
         {alert::no_certificate, alert::bad_certificate, alert::unsupported_certificate, alert::certificate_revoked,
          alert::certificate_expired, alert::certificate_unknown, alert::unknown_ca, alert::access_denied,
          alert::certificate_required}) {
        CAPTURE(tls::name(a));
        for (bool const established : {false, true}) {
            CHECK(tls::detail::rejection(a, sent_none, established) == errc::peer_rejected_certificate);
            CHECK(tls::detail::rejection(a, sent_two, established) == errc::peer_rejected_certificate);
            CHECK(tls::detail::rejection(a, not_asked, established) == errc::peer_alert);
            CHECK(tls::detail::rejection(a, nothing_known, established) == errc::peer_alert);
        }
    }
}

TEST_CASE("handshake_failure is about our certificate if we sent none where one was asked for") {
    for (bool const established : {false, true}) {
        auto const otherwise = established ? errc::peer_alert : errc::handshake_refused;
        CHECK(
            tls::detail::rejection(alert::handshake_failure, sent_none, established) ==
            errc::peer_rejected_certificate);
        for (auto const& h : {sent_two, not_asked, nothing_known})
            CHECK(tls::detail::rejection(alert::handshake_failure, h, established) == otherwise);
    }
}

TEST_CASE("a complaint about the form of a message is about our certificate only if that was the empty message") {
    for (alert const a : {alert::decode_error, alert::illegal_parameter}) {
        CAPTURE(tls::name(a));
        CHECK(tls::detail::rejection(a, sent_none, false) == errc::peer_rejected_certificate);
        CHECK(tls::detail::rejection(a, sent_none, true) == errc::peer_alert);
        for (bool const established : {false, true})
            for (auto const& h : {sent_two, not_asked, nothing_known})
                CHECK(tls::detail::rejection(a, h, established) == errc::peer_alert);
    }
}

TEST_CASE("alerts that are never about our certificate keep their meaning") {
    for (auto const& h : {nothing_known, not_asked, sent_none, sent_two}) {
        CHECK(tls::detail::rejection(alert::protocol_version, h, false) == errc::no_common_version);
        CHECK(tls::detail::rejection(alert::insufficient_security, h, false) == errc::no_common_suite);
        CHECK(tls::detail::rejection(alert::unrecognized_name, h, false) == errc::unrecognized_name);
        CHECK(tls::detail::rejection(alert::no_application_protocol, h, false) == errc::alpn_mismatch);
        for (alert const a :
             {alert::internal_error, alert::unexpected_message, alert::bad_record_mac, alert::decrypt_error,
              static_cast<alert>(200)})
            CHECK(tls::detail::rejection(a, h, false) == errc::peer_alert);
    }
}

} // namespace unit::alert_to_errc_cases

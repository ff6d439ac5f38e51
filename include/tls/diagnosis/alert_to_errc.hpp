// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>

namespace tls::detail {

/// What a fatal alert of the peer means, given what is known of the handshake.
///
/// A certificate alert is about our certificate when the server asked for one. Under TLS 1.3 the server judges it after
/// our handshake is complete, so there the alert comes with the first read (RFC 8446 section 4.4.2.4).
[[nodiscard]] constexpr errc rejection(alert a, handshake_facts const& facts, bool established) noexcept {
    bool const asked = facts.client_certificate_requested == true;
    bool const sent_none = facts.certificates_sent == std::uint16_t{0};
    switch (a) {
    case alert::no_certificate:
    case alert::bad_certificate:
    case alert::unsupported_certificate:
    case alert::certificate_revoked:
    case alert::certificate_expired:
    case alert::certificate_unknown:
    case alert::unknown_ca:
    case alert::access_denied:
    case alert::certificate_required: return asked ? errc::peer_rejected_certificate : errc::peer_alert;
    case alert::handshake_failure:
        // TLS 1.2 has no certificate_required: servers answer an empty Certificate message with this one.
        if (asked && sent_none) return errc::peer_rejected_certificate;
        return established ? errc::peer_alert : errc::handshake_refused;
    case alert::decode_error:
    case alert::illegal_parameter:
        // GnuTLS 3.7 cannot parse an empty Certificate message of TLS 1.2 and answers decode_error; illegal_parameter
        // would mean the same.
        return asked && sent_none && !established ? errc::peer_rejected_certificate : errc::peer_alert;
    case alert::protocol_version: return errc::no_common_version;
    case alert::insufficient_security: return errc::no_common_suite;
    case alert::unrecognized_name: return errc::unrecognized_name;
    case alert::no_application_protocol: return errc::alpn_mismatch;
    default: return errc::peer_alert;
    }
}

} // namespace tls::detail

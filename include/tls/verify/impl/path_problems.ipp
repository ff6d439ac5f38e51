// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/path_problems.hpp>

namespace tls::verify::detail {

TWINTLS_DECL unsigned precedence(errc code) noexcept {
    switch (code) {
    case errc::no_peer_certificate: return 1;
    case errc::chain_too_long: return 2;
    case errc::untrusted: return 3;
    case errc::self_signed: return 4;
    case errc::bad_signature: return 5;
    case errc::unverifiable_signature: return 6;
    case errc::pin_mismatch: return 7;
    case errc::revoked: return 8;
    case errc::expired: return 9;
    case errc::not_yet_valid: return 10;
    case errc::name_mismatch: return 11;
    case errc::bad_extended_key_usage: return 12;
    case errc::bad_key_usage: return 13;
    case errc::not_a_ca: return 14;
    case errc::path_too_long: return 15;
    case errc::name_constraint: return 16;
    case errc::weak_key: return 17;
    case errc::weak_hash: return 18;
    case errc::critical_extension: return 19;
    case errc::malformed_certificate: return 20;
    case errc::crl_expired: return 21;
    case errc::no_crl: return 22;
    case errc::revocation_unknown: return 23;
    case errc::bad_stapled_status: return 24;
    case errc::stapled_status_expired: return 25;
    case errc::no_stapled_status: return 26;
    case errc::refused_by_application: return 27;
    case errc::ok: return 28;
    case errc::want_read:
    case errc::want_write:
    case errc::want_signature:
    case errc::closed:
    case errc::truncated:
    case errc::peer_closed:
    case errc::io_error:
    case errc::timeout:
    case errc::resolve_failed:
    case errc::connection_refused:
    case errc::file_not_found:
    case errc::file_unreadable:
    case errc::empty_input:
    case errc::no_certificate:
    case errc::no_private_key:
    case errc::bad_pem:
    case errc::wrong_format:
    case errc::bad_certificate_der:
    case errc::bad_private_key:
    case errc::unexpected_private_key:
    case errc::unexpected_certificate:
    case errc::password_required:
    case errc::wrong_password:
    case errc::weak_identity:
    case errc::file_unwritable:
    case errc::key_mismatch:
    case errc::no_token:
    case errc::chain_order:
    case errc::too_many_certificates:
    case errc::bad_server_name:
    case errc::bad_alpn:
    case errc::bad_versions:
    case errc::unsupported:
    case errc::library_mismatch:
    case errc::bad_configuration:
    case errc::bad_crl:
    case errc::bad_psk:
    case errc::bad_ticket:
    case errc::peer_rejected_certificate:
    case errc::no_common_version:
    case errc::no_common_suite:
    case errc::no_common_group:
    case errc::handshake_refused:
    case errc::unrecognized_name:
    case errc::alpn_mismatch:
    case errc::psk_not_accepted:
    case errc::psk_mismatch:
    case errc::peer_alert:
    case errc::bad_record_mac:
    case errc::unexpected_message:
    case errc::decode_error:
    case errc::illegal_parameter:
    case errc::record_overflow:
    case errc::buffers_too_small:
    case errc::bad_handshake_signature:
    case errc::not_tls:
    case errc::unsupported_peer_request:
    case errc::request_too_long:
    case errc::unusable_identity:
    case errc::signing_failed:
    case errc::session_outdated:
    case errc::flooded:
    case errc::spent:
    case errc::forked:
    case errc::not_exportable:
    case errc::not_writable:
    case errc::out_of_memory:
    case errc::rng_failure:
    case errc::internal: break;
    }
    return 0;
}

} // namespace tls::verify::detail

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>
#include <tls/record/tap.hpp>

namespace tls::detail {

/// What a failed handshake of a client with a pre-shared key means, which to a library looks like any other.
///
/// We offer nothing but that key, so a server that finds nothing acceptable does not take it. Where the keys differ, a
/// server of TLS 1.3 finds our proof wrong, before its hello (RFC 8446 section 4.2.11.2: some say illegal_parameter);
/// one of TLS 1.2 cannot read our Finished; and what a server seals with another key we cannot read.
[[nodiscard]] constexpr errc with_psk(error const& e, plaintext_facts const& seen) noexcept {
    if (e.received) {
        switch (*e.received) {
        case alert::unknown_psk_identity: return errc::psk_not_accepted;
        case alert::handshake_failure:
        case alert::missing_extension: return seen.server_hello ? e.code : errc::psk_not_accepted;
        case alert::bad_record_mac:
        case alert::decryption_failed:
        case alert::decrypt_error: return errc::psk_mismatch;
        case alert::illegal_parameter: return seen.server_hello ? e.code : errc::psk_mismatch;
        default: return e.code;
        }
    }
    return e.code == errc::bad_record_mac && seen.server_hello ? errc::psk_mismatch : e.code;
}

} // namespace tls::detail

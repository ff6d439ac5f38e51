// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/error.hpp>
#include <tls/core/fact.hpp>
#include <tls/core/protocol.hpp>
#include <tls/resumption/resumption.hpp>
#include <tls/verify/peer_path.hpp>
#include <tls/x509/certificate.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace tls {

/// By what a server proved who it is.
enum class authentication : std::uint8_t {
    certificate,    ///< one that was accepted, and a signature with its key
    session,        ///< an earlier one, begun with such a certificate, which was resumed
    pre_shared_key, ///< that of `.psk(...)`: no certificate came, and no name was verified
    nothing         ///< the client accepts any server
};

/// "certificate", "session", "pre-shared key" or "nothing".
[[nodiscard]] constexpr std::string_view name(authentication a) noexcept {
    switch (a) {
    case authentication::certificate: return "certificate";
    case authentication::session: return "session";
    case authentication::pre_shared_key: return "pre-shared key";
    case authentication::nothing: return "nothing";
    }
    return "unknown";
}

/// What a completed handshake negotiated.
///
/// Views in it are valid as long as the session it came from. A fact may be unknown: not every library tells all of
/// them.
struct facts {
    protocol_version version = protocol_version::tls_1_2;
    cipher_suite suite{}; ///< `name(suite)` is its IANA name
    fact<named_group> group;
    std::string_view alpn; ///< the protocol the server selected, or empty
    authentication authenticated_by = authentication::nothing;
    bool resumed = false; ///< the server resumed a session and sent no certificate
    tls::resumption resumption = tls::resumption::off;
    std::optional<x509::certificate_view> peer_certificate; ///< the server's own certificate; none if memory ran out
    bool peer_certificate_is_remembered = false;            ///< it comes from an earlier, full handshake
    peer_path path;                                         ///< of a full handshake, with `.keep_peer_path()`
    fact<bool> client_certificate_requested;
    fact<accepted_credentials> server_accepts;             ///< what its CertificateRequest said
    fact<chosen_identity> identity;                        ///< which of our identities answered it, and why
    std::optional<x509::certificate_view> own_certificate; ///< of that identity; none if no certificate was sent
    fact<std::uint16_t> certificates_sent;                 ///< certificates in our Certificate message
    fact<bool> signature_sent;                             ///< our CertificateVerify left
    /// With `.max_fragment_length(...)`: what the server agreed to, in bytes; 0 if it did not.
    fact<std::uint16_t> max_fragment_length;
};

} // namespace tls

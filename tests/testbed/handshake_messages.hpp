// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "certificate_factory.hpp"
#include "key.hpp"
#include <tls/core/protocol.hpp>

#include <cstdint>
#include <vector>

/// Messages of a server that a test plays, byte by byte.
namespace testbed {

/// A message with this body.
[[nodiscard]] bytes make_message(tls::handshake_message type, byte_view body);

/// Certificate, in the form of this version (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). TLS 1.3: with these
/// extensions of each certificate, none where there are fewer.
[[nodiscard]] bytes certificate_message(
    std::vector<certificate> const& chain, tls::protocol_version version, std::vector<bytes> const& extensions = {});

/// How a server signs its handshake: the scheme it names, and what it does.
struct signing {
    unsigned scheme = 0x0403; // ecdsa_secp256r1_sha256
    testbed::hash hash = testbed::hash::sha256;
    bool pss = false;
};

/// The scheme and the signature, as both versions write them.
[[nodiscard]] bytes signed_part(key const& with, byte_view content, signing const& how = {});

/// CertificateVerify of TLS 1.3 over all that came before (RFC 8446 section 4.4.3).
[[nodiscard]] bytes certificate_verify(key const& with, byte_view transcript, signing const& how = {});

/// NewSessionTicket of TLS 1.3 (RFC 8446 section 4.6.1).
[[nodiscard]] bytes new_session_ticket(std::uint32_t lifetime, byte_view nonce, byte_view ticket);

/// NewSessionTicket of TLS 1.2 (RFC 5077 section 3.3).
[[nodiscard]] bytes old_session_ticket(std::uint32_t lifetime, byte_view ticket);

} // namespace testbed

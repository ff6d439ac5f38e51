// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// Why something did not work: one list for every backend.
///
/// Each backend translates its library's codes into this list, symbolically; the native code is kept in `tls::error`.
enum class errc : std::uint8_t {
    ok = 0,

    // Not failures: what a non-blocking caller waits for, and how a connection ends.
    want_read,  ///< nothing to do before the transport is readable
    want_write, ///< nothing to do before the transport is writable
    closed,     ///< the peer ended the connection with an authenticated close_notify
    truncated,  ///< the connection ended without a close_notify: what was read may be incomplete

    // The network.
    peer_closed,        ///< the connection ended inside the handshake
    io_error,           ///< the transport failed; `error::system` has its code
    timeout,            ///< a deadline passed
    resolve_failed,     ///< the host name has no address
    connection_refused, ///< no address of the host accepted a connection

    // Configuration.
    file_not_found,         ///< the named file or folder does not exist
    file_unreadable,        ///< the named file or folder exists and cannot be read
    empty_input,            ///< the file, memory or name given is empty
    no_certificate,         ///< the input holds no certificate
    no_private_key,         ///< the input holds no private key
    bad_pem,                ///< the PEM text is damaged or incomplete
    bad_certificate_der,    ///< the bytes are not a DER X.509 certificate
    bad_private_key,        ///< the bytes are not a private key this library can use
    unexpected_private_key, ///< a private key was given where a certificate is expected
    unexpected_certificate, ///< a certificate was given where a private key is expected
    password_required,      ///< the private key is encrypted and no password was given
    wrong_password,         ///< the password does not decrypt the private key
    key_mismatch,           ///< the private key does not belong to the certificate
    chain_order,            ///< the certificate chain is not leaf first, each issued by the next
    too_many_certificates,  ///< more certificates in a chain than can be sent or checked
    bad_server_name,        ///< not a DNS name or IP address
    bad_alpn,               ///< an ALPN name is empty, longer than 255 bytes, or cannot be sent
    bad_versions,           ///< the range of protocol versions is empty
    unsupported,            ///< the C library as built cannot do this
    library_mismatch,       ///< the C library linked is not the one the headers describe
    bad_configuration,      ///< the C library refused a setting

    // The server's certificate: our verdict.
    untrusted,              ///< no path from the server's certificate to a trust anchor
    self_signed,            ///< the server's certificate is its own issuer and is not trusted
    expired,                ///< a certificate on the path is past its validity
    not_yet_valid,          ///< a certificate on the path is not valid yet (or our clock is behind)
    name_mismatch,          ///< the certificate is not for the server name we expect
    bad_signature,          ///< a signature on the path is wrong
    revoked,                ///< a certificate on the path is revoked
    revocation_unknown,     ///< revocation could not be checked though it was asked for
    weak_key,               ///< a key on the path is too small or of a kind that is not accepted
    weak_hash,              ///< a signature on the path uses SHA-1, MD5 or another hash that is not accepted
    bad_key_usage,          ///< a certificate on the path may not be used as it is used (keyUsage)
    bad_extended_key_usage, ///< a certificate on the path is not for server authentication (extKeyUsage)
    not_a_ca,               ///< an issuer on the path is not a certificate authority
    path_too_long,          ///< an issuer's pathLenConstraint is exceeded
    name_constraint,        ///< a name is outside the constraints of an issuer on the path
    critical_extension,     ///< a certificate has a critical extension that is not understood
    malformed_certificate,  ///< a certificate the server sent cannot be parsed
    chain_too_long,         ///< the server sent more certificates than are accepted
    no_peer_certificate,    ///< the server sent no certificate

    // The peer said no: an alert came.
    peer_rejected_certificate, ///< the server rejected our certificate, or that we sent none
    no_common_version,         ///< no protocol version both sides accept
    no_common_suite,           ///< no cipher suite both sides accept
    no_common_group,           ///< no key exchange group both sides accept
    handshake_refused,         ///< the server refused the handshake and gave no closer reason (alert 40)
    unrecognized_name,         ///< the server does not serve the name we asked for (alert 112)
    alpn_mismatch,             ///< no application protocol both sides accept, or the server chose one we did not offer
    peer_alert,                ///< the peer ended the connection with the alert given

    // The protocol went wrong.
    bad_record_mac,           ///< a record failed authentication
    unexpected_message,       ///< a message arrived that does not belong here
    decode_error,             ///< a message could not be parsed
    illegal_parameter,        ///< a field of a message has a forbidden value
    record_overflow,          ///< a record is longer than allowed
    bad_handshake_signature,  ///< the server did not prove that it holds its key, or the handshake was altered
    not_tls,                  ///< the peer's first bytes are not TLS
    unsupported_peer_request, ///< the peer asked for something the C library cannot do (for example a key update)
    unusable_identity,        ///< our private key fits none of the signature algorithms the server accepts

    // Ours.
    spent,         ///< this handshake has already become a session
    not_writable,  ///< we closed this side, or the connection has ended: nothing more can be sent
    out_of_memory, ///< memory ran out
    rng_failure,   ///< the random generator failed
    internal,      ///< the C library failed in a way twintls has no name for; the native code says more
};

/// One sentence without full stop that says what the code means.
[[nodiscard]] constexpr std::string_view message(errc code) noexcept {
    switch (code) {
    case errc::ok: return "no error";
    case errc::want_read: return "waiting for the transport to become readable";
    case errc::want_write: return "waiting for the transport to become writable";
    case errc::closed: return "the peer closed the connection";
    case errc::truncated: return "the connection ended without a close_notify";
    case errc::peer_closed: return "the connection ended during the handshake";
    case errc::io_error: return "the transport failed";
    case errc::timeout: return "the deadline passed";
    case errc::resolve_failed: return "the host name could not be resolved";
    case errc::connection_refused: return "no address of the host accepted the connection";
    case errc::file_not_found: return "no such file or folder";
    case errc::file_unreadable: return "the file or folder cannot be read";
    case errc::empty_input: return "the input is empty";
    case errc::no_certificate: return "the input holds no certificate";
    case errc::no_private_key: return "the input holds no private key";
    case errc::bad_pem: return "the PEM text is damaged or incomplete";
    case errc::bad_certificate_der: return "the bytes are not a DER certificate";
    case errc::bad_private_key: return "the private key cannot be parsed or is of an unsupported kind";
    case errc::unexpected_private_key: return "a private key was given where a certificate is expected";
    case errc::unexpected_certificate: return "a certificate was given where a private key is expected";
    case errc::password_required: return "the private key is encrypted and no password was given";
    case errc::wrong_password: return "the password does not decrypt the private key";
    case errc::key_mismatch: return "the private key does not belong to the certificate";
    case errc::chain_order: return "the certificate chain is not leaf first with each certificate issued by the next";
    case errc::too_many_certificates: return "the chain has too many certificates";
    case errc::bad_server_name: return "not a valid DNS name or IP address";
    case errc::bad_alpn: return "not a valid ALPN protocol name";
    case errc::bad_versions: return "the lowest protocol version is above the highest";
    case errc::unsupported: return "the TLS library as built does not support this";
    case errc::library_mismatch: return "the TLS library linked does not match the headers compiled against";
    case errc::bad_configuration: return "the TLS library refused a setting";
    case errc::untrusted: return "the server's certificate does not lead to a trust anchor";
    case errc::self_signed: return "the server's certificate is self-signed and not trusted";
    case errc::expired: return "a certificate of the server's chain has expired";
    case errc::not_yet_valid: return "a certificate of the server's chain is not valid yet";
    case errc::name_mismatch: return "the server's certificate is for another name";
    case errc::bad_signature: return "a signature in the server's chain is wrong";
    case errc::revoked: return "a certificate of the server's chain is revoked";
    case errc::revocation_unknown: return "the revocation status of the server's chain is unknown";
    case errc::weak_key: return "a key in the server's chain is too weak";
    case errc::weak_hash: return "a signature in the server's chain uses a weak hash";
    case errc::bad_key_usage: return "a certificate of the server's chain forbids this use of its key";
    case errc::bad_extended_key_usage: return "a certificate of the server's chain is not for server authentication";
    case errc::not_a_ca: return "an issuer in the server's chain is not a certificate authority";
    case errc::path_too_long: return "the server's chain is longer than one of its issuers allows";
    case errc::name_constraint: return "the server's chain violates a name constraint of one of its issuers";
    case errc::critical_extension: return "a certificate of the server's chain has an unknown critical extension";
    case errc::malformed_certificate: return "a certificate the server sent is malformed";
    case errc::chain_too_long: return "the server sent too many certificates";
    case errc::no_peer_certificate: return "the server sent no certificate";
    case errc::peer_rejected_certificate: return "the server rejected our certificate";
    case errc::no_common_version: return "no protocol version in common with the server";
    case errc::no_common_suite: return "no cipher suite in common with the server";
    case errc::no_common_group: return "no key exchange group in common with the server";
    case errc::handshake_refused: return "the server refused the handshake";
    case errc::unrecognized_name: return "the server does not know the name we asked for";
    case errc::alpn_mismatch: return "no application protocol in common with the server";
    case errc::peer_alert: return "the peer sent a fatal alert";
    case errc::bad_record_mac: return "a record failed authentication";
    case errc::unexpected_message: return "an unexpected message arrived";
    case errc::decode_error: return "a message could not be decoded";
    case errc::illegal_parameter: return "a message holds a forbidden value";
    case errc::record_overflow: return "a record is too long";
    case errc::bad_handshake_signature: return "the handshake's signature or checksum is wrong";
    case errc::not_tls: return "the peer does not speak TLS";
    case errc::unsupported_peer_request: return "the peer asked for something this TLS library cannot do";
    case errc::unusable_identity: return "our key fits none of the signature algorithms the server accepts";
    case errc::spent: return "this handshake has already become a session";
    case errc::not_writable: return "the connection no longer takes data";
    case errc::out_of_memory: return "out of memory";
    case errc::rng_failure: return "the random generator failed";
    case errc::internal: return "the TLS library failed for a reason twintls has no name for";
    }
    return "unknown error";
}

} // namespace tls

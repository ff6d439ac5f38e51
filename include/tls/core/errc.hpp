// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/packed_texts.hpp>
#include <tls/core/version.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tls {

/// Why something did not work: one list for every backend.
///
/// Each backend translates its library's codes into this list, symbolically; the native code is kept in `tls::error`. A
/// number never changes and is never used again. The codes are listed by topic and not by number, so ask
/// `is_about_server_certificate` or `whose_fault` instead of comparing numbers.
enum class errc : std::uint8_t {
    ok = 0,

    // Not failures: what a non-blocking caller waits for, and how a connection ends.
    want_read = 1,       ///< nothing to do before the transport is readable
    want_write = 2,      ///< nothing to do before the transport is writable
    want_signature = 96, ///< nothing to do before the handshake is given the signature that it wants
    closed = 3,          ///< the peer ended the connection with an authenticated close_notify
    truncated = 4,       ///< the connection ended without a close_notify: what was read may be incomplete

    // The network.
    peer_closed = 5,        ///< the connection ended inside the handshake
    io_error = 6,           ///< the transport failed; `error::system` has its code
    timeout = 7,            ///< a deadline passed
    resolve_failed = 8,     ///< the host name has no address
    connection_refused = 9, ///< no address of the host accepted a connection

    // Configuration.
    file_not_found = 10,         ///< the named file or folder does not exist
    file_unreadable = 11,        ///< the named file or folder exists and cannot be read
    empty_input = 12,            ///< the file, memory or name given is empty
    no_certificate = 13,         ///< the input holds no certificate
    no_private_key = 14,         ///< the input holds no private key
    bad_pem = 15,                ///< the PEM text is damaged or incomplete
    bad_certificate_der = 16,    ///< the bytes are not a DER X.509 certificate
    bad_private_key = 17,        ///< the private key is damaged
    unexpected_private_key = 18, ///< a private key was given where a certificate is expected
    unexpected_certificate = 19, ///< a certificate was given where a private key is expected
    password_required = 20,      ///< the private key is encrypted and no password was given
    wrong_password = 21,         ///< the password does not decrypt the private key, or the PIN is not the token's
    weak_identity = 22,          ///< the key of our own certificate is too small
    file_unwritable = 23,        ///< the named file cannot be opened for writing
    key_mismatch = 24,           ///< the private key does not belong to the certificate
    chain_order = 25,            ///< the certificate chain is not leaf first, each issued by the next
    too_many_certificates = 26,  ///< more certificates in a chain than can be sent or checked
    bad_server_name = 27,        ///< not a DNS name or IP address
    bad_alpn = 28,               ///< an ALPN name is empty, longer than 255 bytes, or cannot be sent
    bad_versions = 29,           ///< the range of protocol versions is empty
    unsupported = 30,            ///< the C library as built cannot do this
    library_mismatch = 31,       ///< the C library linked is not the one the headers describe
    wrong_format = 76,           ///< the input is in another format than the one wanted; `error::format` says which
    bad_configuration = 32,      ///< a setting makes no sense, or the C library refused it
    bad_crl = 84,                ///< the input is not a certificate revocation list; `error::about` says what it is
    no_token = 86,               ///< no PKCS#11 token is the one wanted; `error::about` says which was
    bad_psk = 90,                ///< not a pre-shared key that can be used; `error::about` says what is wrong
    bad_ticket = 33,             ///< not a session ticket that may be used here; `error::about` says why

    // The server's certificate: our verdict.
    untrusted = 34,              ///< no path from the server's certificate to a trust anchor
    self_signed = 35,            ///< the server's certificate is its own issuer and is not trusted
    expired = 36,                ///< a certificate on the path is past its validity
    not_yet_valid = 37,          ///< a certificate on the path is not valid yet (or our clock is behind)
    name_mismatch = 38,          ///< the certificate is not for the server name we expect
    bad_signature = 39,          ///< a signature on the path is wrong
    revoked = 40,                ///< a certificate on the path is revoked
    revocation_unknown = 41,     ///< revocation could not be checked though it was asked for
    weak_key = 42,               ///< a key on the path is too small or of a kind that is not accepted
    weak_hash = 43,              ///< a signature on the path uses SHA-1, MD5 or another hash that is not accepted
    bad_key_usage = 44,          ///< a certificate on the path may not be used as it is used (keyUsage)
    bad_extended_key_usage = 45, ///< a certificate on the path is not for server authentication (extKeyUsage)
    not_a_ca = 46,               ///< an issuer on the path is not a certificate authority
    path_too_long = 47,          ///< an issuer's pathLenConstraint is exceeded
    name_constraint = 48,        ///< a name is outside the constraints of an issuer on the path
    critical_extension = 49,     ///< a certificate has a critical extension that is not understood
    malformed_certificate = 50,  ///< a certificate the server sent cannot be parsed
    chain_too_long = 51,         ///< the server sent more or larger certificates than are accepted
    no_peer_certificate = 52,    ///< the server sent no certificate
    /// a signature on the path could not be checked: its algorithm or key size is not supported, or the work is too
    /// much
    unverifiable_signature = 75,
    pin_mismatch = 80,           ///< no key that counts is one of those pinned; `error::about` has the server's own pin
    refused_by_application = 81, ///< the application's own check refused the server; `error::about` has its reason
    no_crl = 82,                 ///< no revocation list covers a certificate on the path
    crl_expired = 83,            ///< a revocation list that covers a certificate on the path is out of date
    no_stapled_status = 93,      ///< the server sent no OCSP status of its certificate, and we require one
    stapled_status_expired = 94, ///< the OCSP status that the server sent is out of date
    bad_stapled_status = 95,     ///< the OCSP status that the server sent proves nothing; `error::about` says why

    // The peer refused, by an alert.
    peer_rejected_certificate = 53, ///< the server rejected our certificate, or that we sent none
    no_common_version = 54,         ///< no protocol version both sides accept
    no_common_suite = 55,           ///< no cipher suite both sides accept
    no_common_group = 56,           ///< no key exchange group both sides accept
    handshake_refused = 57,         ///< the server refused the handshake and gave no closer reason (alert 40)
    unrecognized_name = 58,         ///< the server does not serve the name we asked for (alert 112)
    alpn_mismatch = 59,    ///< no application protocol both sides accept, or the server chose one we did not offer
    psk_not_accepted = 91, ///< the server does not know our pre-shared key, or wants to use certificates instead
    psk_mismatch = 92,     ///< the server's key under our identity is another one, or it has none
    peer_alert = 60,       ///< the peer ended the connection with the alert given

    // The protocol went wrong.
    bad_record_mac = 61,           ///< a record failed authentication
    unexpected_message = 62,       ///< a message arrived that does not belong here
    decode_error = 63,             ///< a message could not be parsed
    illegal_parameter = 64,        ///< a field of a message has a forbidden value
    record_overflow = 65,          ///< a record is longer than allowed
    buffers_too_small = 89,        ///< a record or message of the server does not fit the C library's buffers as built
    bad_handshake_signature = 66,  ///< the server did not prove that it holds its key, or the handshake was altered
    not_tls = 67,                  ///< the peer's first bytes are not TLS; `error::about` has them
    unsupported_peer_request = 68, ///< the peer asked for something the C library cannot do (for example a key update)
    request_too_long = 77,         ///< the server's request for a certificate is longer than is accepted
    flooded = 79, ///< more came that brings nothing, or asks for answers that the peer does not take, than is accepted
    unusable_identity = 69, ///< our private key fits none of the signature algorithms the server accepts
    session_outdated = 88,  ///< a session must not be resumed any more, although the server is willing
    signing_failed = 85,    ///< the signer that has our private key did not sign the handshake; `error::about` says why

    // Ours.
    spent = 70,          ///< this object has nothing any more: it was moved from, or the handshake has become a session
    not_exportable = 87, ///< this keying material cannot be exported; `error::about` says why
    forked = 78,         ///< this connection belongs to the parent of this process
    not_writable = 71,   ///< we closed this side, or the connection has ended: nothing more can be sent
    out_of_memory = 72,  ///< memory ran out
    rng_failure = 73,    ///< the random generator failed
    internal = 74,       ///< the C library failed in a way twintls has no name for; the native code says more
};

/// Who has to change something for the same attempt to succeed.
enum class fault : std::uint8_t {
    none,    ///< nothing failed
    us,      ///< this client: its configuration, credentials, clock or resources
    peer,    ///< the server: its certificate or its configuration
    network, ///< what lies between
    build,   ///< the C library as it was built, or twintls
};

/// "nobody", "us", "the peer", "the network" or "the build".
[[nodiscard]] constexpr std::string_view name(fault f) noexcept {
    switch (f) {
    case fault::none: return "nobody";
    case fault::us: return "us";
    case fault::peer: return "the peer";
    case fault::network: return "the network";
    case fault::build: return "the build";
    }
    return "unknown";
}

} // namespace tls

#include <tls/core/impl/errc_table.ipp>

namespace tls {

/// The enumerator, for example "peer_rejected_certificate".
[[nodiscard]] constexpr std::string_view name(errc code) noexcept { return detail::errc_names[detail::row_of(code)]; }

/// One sentence without full stop that says what the code means.
[[nodiscard]] constexpr std::string_view message(errc code) noexcept {
    return detail::errc_messages[detail::row_of(code)];
}

/// True for the codes that say why a server's certificate was refused, for example untrusted.
[[nodiscard]] constexpr bool is_about_server_certificate(errc code) noexcept {
    return detail::errc_bits[detail::row_of(code)] != detail::no_bit;
}

/// Whose fault it is, as far as a code can tell.
[[nodiscard]] constexpr fault whose_fault(errc code) noexcept { return detail::errc_faults[detail::row_of(code)]; }

/// True if the same attempt may succeed later with nothing changed.
[[nodiscard]] constexpr bool is_worth_retrying(errc code) noexcept {
    return detail::errc_retries[detail::row_of(code)];
}

/// What to try, as one or more sentences; `explain` knows more, because it sees the circumstances.
[[nodiscard]] constexpr std::string_view advice(errc code) noexcept {
    return detail::errc_advice[detail::row_of(code)];
}

} // namespace tls

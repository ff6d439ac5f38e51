// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by <tls/core/errc.hpp>, which has the enumeration.

namespace tls::detail {

/// What twintls says about one code; docs/errors.md is made from this table.
struct errc_entry {
    errc code;
    std::string_view name; ///< the enumerator
    tls::fault fault;
    bool retry;               ///< the same attempt may succeed later
    std::string_view message; ///< one sentence without full stop
    std::string_view advice;  ///< what to try, as sentences; empty if there is nothing to try
};

inline constexpr errc_entry errc_table[] = {
    {errc::ok, "ok", fault::none, false, "no error", ""},
    {errc::want_read, "want_read", fault::none, true, "waiting for the transport to become readable", ""},
    {errc::want_write, "want_write", fault::none, true, "waiting for the transport to become writable", ""},
    {errc::closed, "closed", fault::none, false, "the peer closed the connection", ""},
    {errc::truncated, "truncated", fault::network, true,
     "the connection ended without a close_notify, so that what was read may be incomplete",
     "If the application's protocol says where its data ends (a length, a last chunk), check that all of it arrived; "
     "otherwise take what was read as incomplete and connect again."},
    {errc::peer_closed, "peer_closed", fault::peer, true,
     "the server ended the connection in the middle of the handshake",
     "Check host and port, and check the server's log: many servers close without saying why. If others can "
     "connect, try again later."},
    {errc::io_error, "io_error", fault::network, true, "the transport failed",
     "Look up the system error. Check the network between here and the server, then connect again."},
    {errc::timeout, "timeout", fault::network, true, "the deadline passed",
     "Check that host and port are right and that no firewall drops the packets; then allow more time or try again."},
    {errc::resolve_failed, "resolve_failed", fault::network, true, "the host name could not be resolved",
     "Check the spelling of the host name and the name server this machine uses."},
    {errc::connection_refused, "connection_refused", fault::network, true,
     "no address of the host accepted the connection",
     "Check the port, and that the server is running and listens on that address."},
    {errc::file_not_found, "file_not_found", fault::us, false, "no such file or folder",
     "Check the path; a relative path starts at the folder the program was started in."},
    {errc::file_unreadable, "file_unreadable", fault::us, false, "the file or folder cannot be read",
     "Give the user this program runs as the permission to read it, and to enter the folders above it."},
    {errc::empty_input, "empty_input", fault::us, false, "the input is empty",
     "Check what should be in it: an empty file is often one whose writing failed."},
    {errc::no_certificate, "no_certificate", fault::us, false, "the input holds no certificate",
     "Give a PEM file with at least one BEGIN CERTIFICATE block, or one certificate in DER."},
    {errc::no_private_key, "no_private_key", fault::us, false, "the input holds no private key",
     "Give a PEM file with a BEGIN PRIVATE KEY block (PKCS#8, PKCS#1 or SEC1), or the key in DER."},
    {errc::bad_pem, "bad_pem", fault::us, false, "the PEM text is damaged or incomplete",
     "Compare the file with its original: a line is missing or changed, or the END line is gone. Copy it again "
     "unchanged."},
    {errc::bad_certificate_der, "bad_certificate_der", fault::us, false, "the bytes are not a DER certificate",
     "Check that the bytes are a whole X.509 certificate in DER, and neither PEM nor PKCS#12."},
    {errc::bad_private_key, "bad_private_key", fault::us, false,
     "the private key cannot be parsed or is of an unsupported kind",
     "Use an RSA key of 2048 bits or more, or an EC key on P-256, P-384 or P-521, and check that the file is whole."},
    {errc::unexpected_private_key, "unexpected_private_key", fault::us, false,
     "a private key was given where a certificate is expected",
     "Give the file with the certificates here; the private key is the second argument of the identity. Keep keys out "
     "of files that are passed around."},
    {errc::unexpected_certificate, "unexpected_certificate", fault::us, false,
     "a certificate was given where a private key is expected",
     "Give the file with the private key here; the certificates are the first argument of the identity."},
    {errc::password_required, "password_required", fault::us, false,
     "the private key is encrypted and no password was given",
     "Pass the password of the key as the last argument of the identity."},
    {errc::wrong_password, "wrong_password", fault::us, false, "the password does not decrypt the private key",
     "Check the password. If it is right, the key may be encrypted in a way the TLS library does not know: encrypt it "
     "again as PKCS#8 with PBES2, AES and HMAC-SHA-256."},
    {errc::weak_identity, "weak_identity", fault::us, false, "the key of our own certificate is too weak",
     "Have the certificate reissued for an RSA key of 2048 bits or more, or a key on P-256, P-384 or P-521; "
     "servers "
     "refuse smaller ones."},
    {errc::file_unwritable, "file_unwritable", fault::us, false, "the file cannot be opened for writing",
     "Check the path and its permissions."},
    {errc::key_mismatch, "key_mismatch", fault::us, false, "the private key does not belong to the certificate",
     "Give the private key that the certificate was issued for; after a renewal, replace both files."},
    {errc::chain_order, "chain_order", fault::us, false,
     "the certificate chain is not leaf first with each certificate issued by the next",
     "Put our own certificate first, then the one that issued it, and so on; leave out certificates that belong to "
     "something else."},
    {errc::too_many_certificates, "too_many_certificates", fault::us, false, "the chain has too many certificates",
     "Leave the root out, and certificates that are not on the way to it."},
    {errc::bad_server_name, "bad_server_name", fault::us, false, "not a valid DNS name or IP address",
     "Give a host name such as example.com, or an IP address, without scheme, port or path."},
    {errc::bad_alpn, "bad_alpn", fault::us, false, "not a valid ALPN protocol name",
     "Give names of 1 to 255 bytes without commas and zero bytes, for example h2 or http/1.1."},
    {errc::bad_versions, "bad_versions", fault::us, false, "the lowest protocol version is above the highest",
     "Give the lower version first: .versions(lowest, highest)."},
    {errc::unsupported, "unsupported", fault::build, false, "the TLS library as built does not support this",
     "Build the TLS library with this feature, use the other backend, or do without."},
    {errc::library_mismatch, "library_mismatch", fault::build, false,
     "the TLS library linked does not match the headers compiled against",
     "Compile and link against the same installation of the TLS library, with the same configuration."},
    {errc::bad_configuration, "bad_configuration", fault::us, false, "the TLS library refused a setting",
     "Undo the last setting changed; the native error says what the TLS library refused."},
    {errc::bad_ticket, "bad_ticket", fault::us, false, "these bytes are not a session ticket that can be used here",
     "Drop them: the next connection makes a full handshake and gets new tickets."},
    {errc::untrusted, "untrusted", fault::peer, false, "the server's certificate does not lead to a trust anchor",
     "If the server is the right one, give .trust() the certificate of its authority; if it sends an incomplete chain, "
     "its operator must add the intermediate certificates."},
    {errc::self_signed, "self_signed", fault::peer, false, "the server's certificate is self-signed and not trusted",
     "If it is known to be the right certificate, trust exactly it: save it to a file and give .trust() "
     "trust_anchors::from_pem_file(file). Otherwise the server needs a certificate from an authority."},
    {errc::expired, "expired", fault::peer, false, "a certificate of the server's chain has expired",
     "Check this machine's clock. If it is right, the server's operator must renew the certificate."},
    {errc::not_yet_valid, "not_yet_valid", fault::peer, true, "a certificate of the server's chain is not valid yet",
     "Check this machine's clock: it is the usual cause. If it is right, wait, or ask the server's operator."},
    {errc::name_mismatch, "name_mismatch", fault::peer, false, "the server's certificate is for another name",
     "Connect under a name the certificate carries, or have the server's operator get a certificate that carries this "
     "name as a subject alternative name."},
    {errc::bad_signature, "bad_signature", fault::peer, false, "a signature in the server's chain is wrong",
     "Check that the authority given to .trust() is the one in use now and not an older one of the same name; "
     "otherwise the certificate is damaged or forged."},
    {errc::revoked, "revoked", fault::peer, false, "a certificate of the server's chain is revoked",
     "Do not connect. The server's operator must get a new certificate."},
    {errc::revocation_unknown, "revocation_unknown", fault::peer, true,
     "the revocation status of the server's chain is unknown",
     "Provide a current revocation list, or try again when the source of revocation data is reachable."},
    {errc::weak_key, "weak_key", fault::peer, false, "a key in the server's chain is too weak",
     "The server's operator must get a certificate with an RSA key of 2048 bits or more, or an EC key on P-256, P-384 "
     "or P-521."},
    {errc::weak_hash, "weak_hash", fault::peer, false, "a signature in the server's chain uses a weak hash",
     "The server's operator must get certificates signed with SHA-256 or better."},
    {errc::bad_key_usage, "bad_key_usage", fault::peer, false,
     "a certificate of the server's chain forbids this use of its key",
     "The server's operator must get a certificate whose keyUsage allows digitalSignature; an issuer needs "
     "keyCertSign."},
    {errc::bad_extended_key_usage, "bad_extended_key_usage", fault::peer, false,
     "a certificate of the server's chain is not for server authentication",
     "The server's operator must get a certificate whose extended key usage includes serverAuth; this one may be a "
     "client's."},
    {errc::not_a_ca, "not_a_ca", fault::peer, false, "an issuer in the server's chain is not a certificate authority",
     "The server's operator must send the right intermediate certificates: those that issue others have "
     "basicConstraints with CA true."},
    {errc::path_too_long, "path_too_long", fault::peer, false,
     "the server's chain is longer than one of its issuers allows",
     "The server's operator must use an issuer whose pathLenConstraint allows this chain."},
    {errc::name_constraint, "name_constraint", fault::peer, false,
     "the server's chain violates a name constraint of one of its issuers",
     "The server's operator must get the certificate from an authority that may issue for this name."},
    {errc::critical_extension, "critical_extension", fault::peer, false,
     "a certificate of the server's chain has an unknown critical extension",
     "The server's operator must use a certificate without that extension; name constraints may work with the other "
     "backend."},
    {errc::malformed_certificate, "malformed_certificate", fault::peer, false,
     "a certificate the server sent is malformed",
     "The server's operator must replace the certificate. If other clients accept it, report the certificate."},
    {errc::chain_too_long, "chain_too_long", fault::peer, false, "the server sent too many certificates",
     "The server's operator must leave out certificates that are not needed."},
    {errc::no_peer_certificate, "no_peer_certificate", fault::peer, false, "the server sent no certificate",
     "Check host and port: a server that sends no certificate is not one this client can verify."},
    {errc::peer_rejected_certificate, "peer_rejected_certificate", fault::us, false,
     "the server rejected our certificate",
     "Check the server's log for its reason; check our certificate's dates, purpose and issuer, and that the chain "
     "includes the intermediate certificates."},
    {errc::no_common_version, "no_common_version", fault::peer, false, "no protocol version in common with the server",
     "Allow more versions with .versions(), or have the server's operator enable TLS 1.2 or 1.3."},
    {errc::no_common_suite, "no_common_suite", fault::peer, false, "no cipher suite in common with the server",
     "Have the server's operator enable a suite with ECDHE and AES-GCM or ChaCha20-Poly1305."},
    {errc::no_common_group, "no_common_group", fault::peer, false, "no key exchange group in common with the server",
     "Have the server's operator enable X25519, P-256 or P-384."},
    {errc::handshake_refused, "handshake_refused", fault::peer, false, "the server refused the handshake",
     "Check the server's log: only the server knows the reason."},
    {errc::unrecognized_name, "unrecognized_name", fault::peer, false, "the server does not know the name we asked for",
     "Check the host name and its spelling; the server, or what stands in front of it, has no site of that name."},
    {errc::alpn_mismatch, "alpn_mismatch", fault::peer, false, "no application protocol in common with the server",
     "Offer the protocol this server speaks with .alpn(), or check the port; leave .alpn() out if the application has "
     "only one protocol."},
    {errc::peer_alert, "peer_alert", fault::peer, false, "the peer sent a fatal alert",
     "Look up the alert, and check the server's log at the same moment."},
    {errc::bad_record_mac, "bad_record_mac", fault::network, true,
     "a record was changed on the way: its authentication failed",
     "Connect again. If it happens again, something on the way changes bytes, or the transport mixes up two "
     "connections."},
    {errc::unexpected_message, "unexpected_message", fault::peer, false, "an unexpected message arrived",
     "Check host and port, and whether a proxy or load balancer takes part. If the server is right, report it with a "
     "capture."},
    {errc::decode_error, "decode_error", fault::peer, false, "a message could not be decoded",
     "Check whether a proxy or load balancer takes part. If the server is right, report it with a capture."},
    {errc::illegal_parameter, "illegal_parameter", fault::peer, false, "a message holds a forbidden value",
     "Check whether a proxy or load balancer takes part. If the server is right, report it with a capture."},
    {errc::record_overflow, "record_overflow", fault::peer, false, "a record is too long",
     "Check that the port speaks TLS from the first byte on. If it does, the server or something on the way is broken, "
     "or its certificates are too large."},
    {errc::bad_handshake_signature, "bad_handshake_signature", fault::peer, false,
     "the handshake's signature or checksum is wrong",
     "Do not trust this connection: the server has the wrong key for its certificate, or somebody changes the "
     "handshake."},
    {errc::not_tls, "not_tls", fault::us, false, "the peer does not speak TLS",
     "Check the port. If the protocol starts in clear and switches (STARTTLS), switch first and start TLS then."},
    {errc::unsupported_peer_request, "unsupported_peer_request", fault::build, false,
     "the peer asked for something this TLS library cannot do",
     "Use the other backend for this server, or have the server's operator turn the feature off."},
    {errc::unusable_identity, "unusable_identity", fault::us, false,
     "our key fits none of the signature algorithms the server accepts",
     "Use a certificate with a key of a kind the server accepts: EC on P-256, or RSA of 2048 bits or more."},
    {errc::spent, "spent", fault::us, false, "this handshake has already become a session",
     "Use the session that the handshake returned; start a new handshake for a new connection."},
    {errc::not_writable, "not_writable", fault::us, false, "the connection no longer takes data",
     "Write before closing; connect again to send more."},
    {errc::out_of_memory, "out_of_memory", fault::us, true, "out of memory",
     "Free memory, use fewer connections at once, or give the program more; a connection needs some tens of "
     "kilobytes."},
    {errc::rng_failure, "rng_failure", fault::build, true, "the random generator failed",
     "Check the system's random source: early after boot it may not be ready, in a sandbox /dev/urandom may be "
     "missing."},
    {errc::internal, "internal", fault::build, false, "the TLS library failed for a reason twintls has no name for",
     "Report the native error with what led to it. Connecting again, or using the other backend, may help in the "
     "meantime."},
};

[[nodiscard]] consteval bool errc_table_is_in_order() noexcept {
    for (std::size_t i = 0; i < std::size(errc_table); ++i)
        if (static_cast<std::size_t>(errc_table[i].code) != i) return false;
    return static_cast<std::size_t>(errc::internal) + 1 == std::size(errc_table);
}
static_assert(errc_table_is_in_order());

// What programs use of the table: by columns, so that one that never asks for advice has none in it.
inline constexpr auto errc_names = pack_texts<errc_table, &errc_entry::name>();
inline constexpr auto errc_messages = pack_texts<errc_table, &errc_entry::message>();
inline constexpr auto errc_advice = pack_texts<errc_table, &errc_entry::advice>();
inline constexpr auto errc_faults = column<errc_table, &errc_entry::fault>();
inline constexpr auto errc_retries = column<errc_table, &errc_entry::retry>();

/// The row of a code; that of `internal` for a number that is none.
[[nodiscard]] constexpr std::size_t row_of(errc code) noexcept {
    auto const at = static_cast<std::size_t>(code);
    return at < std::size(errc_table) ? at : std::size(errc_table) - 1;
}

} // namespace tls::detail

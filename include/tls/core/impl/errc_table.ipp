// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by <tls/core/errc.hpp>, which has the enumeration.

namespace tls::detail {

/// What a code is about: the chapters of docs/errors.md.
enum class errc_topic : std::uint8_t {
    none, ///< not a code
    progress,
    network,
    configuration,
    server_certificate, ///< our verdict on it: these are the codes a problem_set holds
    peer,               ///< it refused, by an alert
    protocol,
    ours,
};

/// What twintls says about one code; docs/errors.md is made from it.
struct errc_entry {
    std::string_view name; ///< the enumerator
    errc_topic topic = errc_topic::none;
    tls::fault fault = fault::none;
    bool retry = false;       ///< the same attempt may succeed later
    std::string_view message; ///< one sentence without full stop
    std::string_view advice;  ///< what to try, as sentences; empty if there is nothing to try; {@word} as in vocabulary
};

[[nodiscard]] consteval errc_entry
row(std::string_view name, errc_topic topic, fault whose, bool retry, std::string_view message,
    std::string_view advice) noexcept {
    return {name, topic, whose, retry, message, advice};
}

/// A code is added here and in the enumeration, with the next free number; all else follows, and what has to be decided
/// for every code is a switch without default, which does not compile until it is.
[[nodiscard]] consteval errc_entry about(errc code) noexcept {
    using enum errc_topic;
    switch (code) {
    case errc::ok: return row("ok", progress, fault::none, false, "no error", "");
    case errc::want_read:
        return row("want_read", progress, fault::none, true, "waiting for the transport to become readable", "");
    case errc::want_write:
        return row("want_write", progress, fault::none, true, "waiting for the transport to become writable", "");
    case errc::want_signature:
        return row(
            "want_signature", progress, fault::none, true,
            "waiting for a signature that was left for later, which only a handshake made in steps can do", "");
    case errc::closed: return row("closed", progress, fault::none, false, "the peer closed the connection", "");
    case errc::truncated:
        return row(
            "truncated", progress, fault::network, true,
            "the connection ended without a close_notify, so that what was read may be incomplete",
            "If the application's protocol says where its data ends (a length, a last chunk), check that all of it "
            "arrived; otherwise take what was read as incomplete and connect again.");
    case errc::peer_closed:
        return row(
            "peer_closed", network, fault::peer, true, "the server ended the connection in the middle of the handshake",
            "Check host and port, and check the server's log: many servers close without saying why. If others can "
            "connect, try again later.");
    case errc::io_error:
        return row(
            "io_error", network, fault::network, true, "the transport failed",
            "Look up the system error. Check the network between here and the server, then connect again.");
    case errc::timeout:
        return row(
            "timeout", network, fault::network, true, "the deadline passed",
            "Check that host and port are right and that no firewall drops the packets; then allow more time or try "
            "again.");
    case errc::resolve_failed:
        return row(
            "resolve_failed", network, fault::network, true, "the host name could not be resolved",
            "Check the spelling of the host name and the name server this machine uses.");
    case errc::connection_refused:
        return row(
            "connection_refused", network, fault::network, true, "no address of the host accepted the connection",
            "Check the port, and that the server is running and listens on that address.");
    case errc::file_not_found:
        return row(
            "file_not_found", configuration, fault::us, false, "no such file or folder",
            "Check the path; a relative path starts at the folder the program was started in.");
    case errc::file_unreadable:
        return row(
            "file_unreadable", configuration, fault::us, false, "the file or folder cannot be read",
            "Give the user this program runs as the permission to read it, and to enter the folders above it.");
    case errc::empty_input:
        return row(
            "empty_input", configuration, fault::us, false, "the input is empty",
            "Check what should be in it: an empty file is often left behind by a failed write.");
    case errc::no_certificate:
        return row(
            "no_certificate", configuration, fault::us, false, "the input holds no certificate",
            "Give a PEM file with at least one BEGIN CERTIFICATE block, or one certificate in DER.");
    case errc::no_private_key:
        return row(
            "no_private_key", configuration, fault::us, false, "the input holds no private key",
            "Give a PEM file with a BEGIN PRIVATE KEY block (PKCS#8, PKCS#1 or SEC1), or the key in DER.");
    case errc::bad_pem:
        return row(
            "bad_pem", configuration, fault::us, false, "the PEM text is damaged or incomplete",
            "Compare the file with its original: a line is missing or changed, or the END line is gone. Copy it again "
            "unchanged.");
    case errc::wrong_format:
        return row(
            "wrong_format", configuration, fault::us, false, "the input is in another format than the one wanted",
            "Convert it: explain says how, for the format it is in.");
    case errc::bad_certificate_der:
        return row(
            "bad_certificate_der", configuration, fault::us, false, "the bytes are not a DER certificate",
            "Check that the certificate is whole and unchanged, and compare it with its original.");
    case errc::bad_private_key:
        return row(
            "bad_private_key", configuration, fault::us, false, "the private key is damaged",
            "Check that the file is whole and unchanged, and compare it with its original.");
    case errc::unexpected_private_key:
        return row(
            "unexpected_private_key", configuration, fault::us, false,
            "a private key was given where a certificate is expected",
            "Give the file with the certificates here; the private key belongs in {@private_key}. Keep keys out of "
            "files that are passed around.");
    case errc::unexpected_certificate:
        return row(
            "unexpected_certificate", configuration, fault::us, false,
            "a certificate was given where a private key is expected",
            "Give the file with the private key here; the certificates belong in {@certificates}.");
    case errc::password_required:
        return row(
            "password_required", configuration, fault::us, false,
            "the private key is encrypted and no password was given", "Pass the password of the key {@password}.");
    case errc::wrong_password:
        return row(
            "wrong_password", configuration, fault::us, false, "the password or PIN of the private key is wrong",
            "Check it: openssl pkey -in FILE asks for a password, and says whether it fits; a token locks itself after "
            "a "
            "few wrong PINs.");
    case errc::weak_identity:
        return row(
            "weak_identity", configuration, fault::us, false, "the key of our own certificate is too weak",
            "Have the certificate reissued for an RSA key of 2048 bits or more, or a key on P-256, P-384 or P-521; "
            "servers refuse smaller ones.");
    case errc::file_unwritable:
        return row(
            "file_unwritable", configuration, fault::us, false, "the file cannot be opened for writing",
            "Check the path and its permissions.");
    case errc::key_mismatch:
        return row(
            "key_mismatch", configuration, fault::us, false, "the private key does not belong to the certificate",
            "Give the private key that the certificate was issued for; after a renewal, replace both files.");
    case errc::no_token:
        return row(
            "no_token", configuration, fault::us, false, "no PKCS#11 token is the one wanted",
            "List the tokens with pkcs11-tool --module FILE --list-token-slots, and name one by its label or serial "
            "number; plug it in if it is not there.");
    case errc::chain_order:
        return row(
            "chain_order", configuration, fault::us, false,
            "the certificate chain is not leaf first with each certificate issued by the next",
            "Put our own certificate first, then the one that issued it, and so on; leave out certificates that belong "
            "to something else.");
    case errc::too_many_certificates:
        return row(
            "too_many_certificates", configuration, fault::us, false, "the chain has too many certificates",
            "Leave the root out, and certificates that are not on the way to it.");
    case errc::bad_server_name:
        return row(
            "bad_server_name", configuration, fault::us, false, "not a valid DNS name or IP address",
            "Give a host name such as example.com, or an IP address, without scheme, port or path.");
    case errc::bad_alpn:
        return row(
            "bad_alpn", configuration, fault::us, false, "not a valid ALPN protocol name",
            "Give names of 1 to 255 bytes without commas and zero bytes, for example h2 or http/1.1; with a byte more "
            "for each, 8192 in all.");
    case errc::bad_versions:
        return row(
            "bad_versions", configuration, fault::us, false, "the lowest protocol version is above the highest",
            "Give the lower version first: {@versions}.");
    case errc::unsupported:
        return row(
            "unsupported", configuration, fault::build, false, "the TLS library as built does not support this",
            "Build the TLS library with this feature, use the other backend, or do without.");
    case errc::library_mismatch:
        return row(
            "library_mismatch", configuration, fault::build, false,
            "the TLS library linked does not match the headers compiled against",
            "Compile and link against the same installation of the TLS library, with the same configuration.");
    case errc::bad_configuration:
        return row(
            "bad_configuration", configuration, fault::us, false, "the TLS library refused a setting",
            "Undo the last setting changed; the native error says what the TLS library refused.");
    case errc::bad_crl:
        return row(
            "bad_crl", configuration, fault::us, false, "the input is not a certificate revocation list",
            "Give the list that the authority publishes, in PEM (BEGIN X509 CRL) or DER: `openssl x509 -noout -ext "
            "crlDistributionPoints -in FILE` prints where.");
    case errc::bad_psk:
        return row(
            "bad_psk", configuration, fault::us, false, "this pre-shared key cannot be used",
            "Give an identity of 1 to 128 bytes without NUL and a key of 16 to 64 bytes, random and not a password "
            "(RFC "
            "9257 section 6).");
    case errc::bad_ticket:
        return row(
            "bad_ticket", configuration, fault::us, false, "these bytes are not a session ticket that can be used here",
            "Drop them: the next connection makes a full handshake and gets new tickets.");
    case errc::untrusted:
        return row(
            "untrusted", server_certificate, fault::peer, false,
            "the server's certificate does not lead to a trust anchor",
            "If the server is the right one, give {@trust} the certificate of its authority; if it sends an incomplete "
            "chain, its operator must add the intermediate certificates.");
    case errc::self_signed:
        return row(
            "self_signed", server_certificate, fault::peer, false,
            "the server's certificate is self-signed and not trusted",
            "If it is known to be the right certificate, save it to a file and trust exactly it: {@trust_file}. "
            "Otherwise the server needs a certificate from an authority.");
    case errc::expired:
        return row(
            "expired", server_certificate, fault::peer, false, "a certificate of the server's chain has expired",
            "Check this machine's clock. If it is right, the server's operator must renew the certificate.");
    case errc::not_yet_valid:
        return row(
            "not_yet_valid", server_certificate, fault::peer, true,
            "a certificate of the server's chain is not valid yet",
            "Check this machine's clock: it is the usual cause. If it is right, wait, or ask the server's operator.");
    case errc::name_mismatch:
        return row(
            "name_mismatch", server_certificate, fault::peer, false, "the server's certificate is for another name",
            "Connect under a name the certificate carries, or have the server's operator get a certificate that "
            "carries this name as a subject alternative name.");
    case errc::bad_signature:
        return row(
            "bad_signature", server_certificate, fault::peer, false, "a signature in the server's chain is wrong",
            "Check that the authority given to {@trust} is the one in use now and not an older one of the same name; "
            "otherwise the certificate is damaged or forged.");
    case errc::revoked:
        return row(
            "revoked", server_certificate, fault::peer, false, "a certificate of the server's chain is revoked",
            "Do not connect. The server's operator must get a new certificate.");
    case errc::revocation_unknown:
        return row(
            "revocation_unknown", server_certificate, fault::peer, true,
            "the revocation status of the server's chain is unknown",
            "Provide a current revocation list, or try again when the source of revocation data is reachable.");
    case errc::weak_key:
        return row(
            "weak_key", server_certificate, fault::peer, false, "a key in the server's chain is too weak",
            "The server's operator must get a certificate with an RSA key of 2048 bits or more, or an EC key on P-256, "
            "P-384 or P-521.");
    case errc::weak_hash:
        return row(
            "weak_hash", server_certificate, fault::peer, false, "a signature in the server's chain uses a weak hash",
            "The server's operator must get certificates signed with SHA-256 or better.");
    case errc::bad_key_usage:
        return row(
            "bad_key_usage", server_certificate, fault::peer, false,
            "a certificate of the server's chain forbids this use of its key",
            "The server's operator must get a certificate whose keyUsage allows digitalSignature; an issuer needs "
            "keyCertSign.");
    case errc::bad_extended_key_usage:
        return row(
            "bad_extended_key_usage", server_certificate, fault::peer, false,
            "a certificate of the server's chain is not for server authentication",
            "The server's operator must get a certificate whose extended key usage includes serverAuth; this one may "
            "be a client's.");
    case errc::not_a_ca:
        return row(
            "not_a_ca", server_certificate, fault::peer, false,
            "an issuer in the server's chain is not a certificate authority",
            "The server's operator must send the right intermediate certificates: those that issue others have "
            "basicConstraints with CA true.");
    case errc::path_too_long:
        return row(
            "path_too_long", server_certificate, fault::peer, false,
            "the server's chain is longer than one of its issuers allows",
            "The server's operator must use an issuer whose pathLenConstraint allows this chain.");
    case errc::name_constraint:
        return row(
            "name_constraint", server_certificate, fault::peer, false,
            "the server's chain violates a name constraint of one of its issuers",
            "The server's operator must get the certificate from an authority that may issue for this name.");
    case errc::critical_extension:
        return row(
            "critical_extension", server_certificate, fault::peer, false,
            "a certificate of the server's chain has an unknown critical extension",
            "The server's operator must use a certificate without that extension; name constraints may work with the "
            "other backend.");
    case errc::malformed_certificate:
        return row(
            "malformed_certificate", server_certificate, fault::peer, false,
            "a certificate the server sent is malformed",
            "The server's operator must replace the certificate. If other clients accept it, report the certificate.");
    case errc::chain_too_long:
        return row(
            "chain_too_long", server_certificate, fault::peer, false,
            "the server sent too many or too large certificates",
            "The server's operator must leave out certificates that are not needed: nine, and 16000 bytes in all, are "
            "accepted.");
    case errc::no_peer_certificate:
        return row(
            "no_peer_certificate", server_certificate, fault::peer, false, "the server sent no certificate",
            "Check host and port: a server that sends no certificate is not one this client can verify.");
    case errc::unverifiable_signature:
        return row(
            "unverifiable_signature", server_certificate, fault::peer, false,
            "a signature in the server's chain is of a kind or size that cannot be checked here",
            "The server's chain must be signed with RSA of 2048 to 8192 bits or with ECDSA on P-256, P-384 or P-521, "
            "and must not hold dozens of authorities of one name. If it is like that, the C library was built without "
            "the algorithm.");
    case errc::pin_mismatch:
        return row(
            "pin_mismatch", server_certificate, fault::peer, false, "the server's key is not one of those pinned",
            "Do not connect. If the server has a new key and its operator confirms that, give {@pins} that one as "
            "well.");
    case errc::refused_by_application:
        return row(
            "refused_by_application", server_certificate, fault::peer, false,
            "the application's own check refused the server",
            "Look into what the application requires of a server's certificate: its reason is quoted.");
    case errc::no_crl:
        return row(
            "no_crl", server_certificate, fault::us, false,
            "no revocation list covers a certificate of the server's chain",
            "Give {@crls} the list that each authority on the path publishes, or check the server's own certificate "
            "only.");
    case errc::crl_expired:
        return row(
            "crl_expired", server_certificate, fault::us, false,
            "a revocation list that the server's chain is checked against is out of date",
            "Get the list that the authority publishes now; if it is the newest one, check this machine's clock.");
    case errc::no_stapled_status:
        return row(
            "no_stapled_status", server_certificate, fault::peer, true,
            "the server sent no OCSP status of its certificate",
            "The server's operator must turn on OCSP stapling; a server that has just been started may not have "
            "fetched its status yet. Where our library cannot ask for one, use the other backend or do not insist on "
            "it.");
    case errc::stapled_status_expired:
        return row(
            "stapled_status_expired", server_certificate, fault::peer, true,
            "the OCSP status of the server's certificate is out of date",
            "The server's operator must make it fetch a new status in time; check this machine's clock as well.");
    case errc::bad_stapled_status:
        return row(
            "bad_stapled_status", server_certificate, fault::peer, true,
            "the OCSP status that the server sent is no proof that its certificate is good",
            "The server's operator must look into the OCSP response that the server staples: it has to be about its "
            "own "
            "certificate, and from the authority that issued it or a responder which that authority names.");
    case errc::peer_rejected_certificate:
        return row(
            "peer_rejected_certificate", peer, fault::us, false, "the server rejected our certificate",
            "Check the server's log for its reason; check our certificate's dates, purpose and issuer, and that the "
            "chain includes the intermediate certificates.");
    case errc::no_common_version:
        return row(
            "no_common_version", peer, fault::peer, false, "no protocol version in common with the server",
            "Allow all versions ({@all_versions}), or have the server's operator enable TLS 1.2 or 1.3.");
    case errc::no_common_suite:
        return row(
            "no_common_suite", peer, fault::peer, false, "no cipher suite in common with the server",
            "Have the server's operator enable a suite with ECDHE and AES-GCM or ChaCha20-Poly1305.");
    case errc::no_common_group:
        return row(
            "no_common_group", peer, fault::peer, false, "no key exchange group in common with the server",
            "Have the server's operator enable X25519, P-256 or P-384.");
    case errc::handshake_refused:
        return row(
            "handshake_refused", peer, fault::peer, false, "the server refused the handshake",
            "Check the server's log: only the server knows the reason.");
    case errc::unrecognized_name:
        return row(
            "unrecognized_name", peer, fault::peer, false, "the server does not know the name we asked for",
            "Check the host name and its spelling; the server, or what stands in front of it, has no site of that "
            "name.");
    case errc::alpn_mismatch:
        return row(
            "alpn_mismatch", peer, fault::peer, false, "no application protocol in common with the server",
            "Offer the protocol this server speaks with {@alpn}, or check the port; leave {@alpn} out if the "
            "application has only one protocol.");
    case errc::psk_not_accepted:
        return row(
            "psk_not_accepted", peer, fault::peer, false, "the server does not take our pre-shared key",
            "Have the identity and its key set up on the server, for pre-shared keys with (EC)DHE: in TLS 1.3 bound to "
            "SHA-256, in TLS 1.2 with TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256. If it is a server with a "
            "certificate, "
            "give {@trust} instead of a pre-shared key.");
    case errc::psk_mismatch:
        return row(
            "psk_mismatch", peer, fault::us, false, "the server does not have the same pre-shared key",
            "Compare identity and key on both sides byte for byte: one side may have taken hexadecimal digits for the "
            "key itself, or have an older one.");
    case errc::peer_alert:
        return row(
            "peer_alert", peer, fault::peer, false, "the peer sent a fatal alert",
            "Look up the alert, and check the server's log at the same moment.");
    case errc::bad_record_mac:
        return row(
            "bad_record_mac", protocol, fault::network, true,
            "a record was changed on the way: its authentication failed",
            "Connect again. If it happens again, something on the way changes bytes, or the transport mixes up two "
            "connections.");
    case errc::unexpected_message:
        return row(
            "unexpected_message", protocol, fault::peer, false, "an unexpected message arrived",
            "Check host and port, and whether a proxy or load balancer takes part. If the server is right, report it "
            "with a capture.");
    case errc::decode_error:
        return row(
            "decode_error", protocol, fault::peer, false, "a message could not be decoded",
            "Check whether a proxy or load balancer takes part. If the server is right, report it with a capture.");
    case errc::illegal_parameter:
        return row(
            "illegal_parameter", protocol, fault::peer, false, "a message holds a forbidden value",
            "Check whether a proxy or load balancer takes part. If the server is right, report it with a capture.");
    case errc::record_overflow:
        return row(
            "record_overflow", protocol, fault::peer, false, "a record is too long",
            "Check that the port speaks TLS from the first byte on. If it does, the server or something on the way is "
            "broken, or its certificates are too large.");
    case errc::buffers_too_small:
        return row(
            "buffers_too_small", protocol, fault::build, false,
            "the server sent more in one record or message than the buffers of this TLS library hold",
            "Ask the server for shorter records (a maximum fragment length), have it send a shorter chain, or build "
            "the "
            "library with larger buffers.");
    case errc::bad_handshake_signature:
        return row(
            "bad_handshake_signature", protocol, fault::peer, false, "the handshake's signature or checksum is wrong",
            "Do not trust this connection: the server has the wrong key for its certificate, or somebody changes the "
            "handshake.");
    case errc::not_tls:
        return row(
            "not_tls", protocol, fault::us, false, "the peer does not speak TLS",
            "Check the port. If the protocol starts in the clear and switches (STARTTLS), switch first and start TLS "
            "then.");
    case errc::unsupported_peer_request:
        return row(
            "unsupported_peer_request", protocol, fault::build, false,
            "the peer asked for something this TLS library cannot do",
            "Use the other backend for this server, or have the server's operator turn the feature off.");
    case errc::request_too_long:
        return row(
            "request_too_long", protocol, fault::peer, false,
            "the server's request for a certificate is longer than is accepted",
            "The server's operator should name fewer authorities, or none, which stands for any: requests of 16000 "
            "bytes are accepted.");
    case errc::flooded:
        return row(
            "flooded", protocol, fault::peer, false, "the peer sends without end what brings no data",
            "No honest server does that: check host and port. If it is the right server, a flight recorder shows what "
            "it sends, and its operator can find out why.");
    case errc::unusable_identity:
        return row(
            "unusable_identity", protocol, fault::us, false,
            "our key fits none of the signature algorithms the server accepts",
            "Use a certificate with a key of a kind the server accepts: EC on P-256, or RSA of 2048 bits or more.");
    case errc::signing_failed:
        return row(
            "signing_failed", protocol, fault::us, false,
            "the signer that has our private key did not sign the handshake",
            "See what the signer said: a token may have been removed or be locked, or the key may not be allowed to "
            "sign this way. If it signed and the signature was refused, its key is not the certificate's.");
    case errc::session_outdated:
        return row(
            "session_outdated", protocol, fault::us, true,
            "the session that we offered went out of date before the server resumed it",
            "Connect again: the ticket is dropped, and the next attempt makes a full handshake.");
    case errc::spent:
        return row(
            "spent", ours, fault::us, false, "this object has nothing any more",
            "Use the session that the handshake returned, or the object that this one was moved to; make a new one for "
            "a "
            "new connection.");
    case errc::not_exportable:
        return row(
            "not_exportable", ours, fault::us, false, "this keying material cannot be exported",
            "Ask for it when the client is built, export after the handshake, and keep within the bounds of labels and "
            "sizes.");
    case errc::forked:
        return row(
            "forked", ours, fault::us, false, "this connection belongs to the parent of this process",
            "Connect again in the child: a connection that two processes share would give its secrets away. The client "
            "itself may be used in both.");
    case errc::not_writable:
        return row(
            "not_writable", ours, fault::us, false, "the connection no longer takes data",
            "Write before closing; connect again to send more.");
    case errc::out_of_memory:
        return row(
            "out_of_memory", ours, fault::us, true, "out of memory",
            "Free memory, use fewer connections at once, or give the program more; a connection needs some tens of "
            "kilobytes.");
    case errc::rng_failure:
        return row(
            "rng_failure", ours, fault::build, true, "the random generator failed",
            "Check the system's random source: early after boot it may not be ready, in a sandbox /dev/urandom may be "
            "missing.");
    case errc::internal:
        return row(
            "internal", ours, fault::build, false, "the TLS library failed for a reason twintls has no name for",
            "Report the native error with what led to it. Connecting again, or using the other backend, may help in "
            "the meantime.");
    }
    return {};
}

/// How many codes there are, numbered from 0 without a gap.
inline constexpr std::size_t errc_count = []() consteval {
    std::size_t count = 0;
    for (std::size_t i = 0; i <= UINT8_MAX; ++i)
        if (about(static_cast<errc>(i)).topic != errc_topic::none) ++count;
    return count;
}();

/// All of it, by number.
inline constexpr auto errc_table = []() consteval {
    std::array<errc_entry, errc_count> table;
    for (std::size_t i = 0; i != table.size(); ++i) table[i] = about(static_cast<errc>(i));
    return table;
}();
static_assert(errc_table.back().topic != errc_topic::none, "the numbers of the codes have a gap");

/// By number: which bit of a problem_set stands for the code; `no_bit` for one that is not about the server's
/// certificate.
inline constexpr std::uint8_t no_bit = UINT8_MAX;
inline constexpr auto errc_bits = []() consteval {
    std::array<std::uint8_t, errc_count> bits{};
    std::uint8_t next = 0;
    for (std::size_t i = 0; i != errc_count; ++i)
        bits[i] = errc_table[i].topic == errc_topic::server_certificate ? next++ : no_bit;
    return bits;
}();

// The table by columns, so that a program that never asks for advice links none.
inline constexpr auto errc_names = pack_texts<errc_table, &errc_entry::name>();
inline constexpr auto errc_messages = pack_texts<errc_table, &errc_entry::message>();
inline constexpr auto errc_advice =
    pack_texts_in_library_words<errc_count, [](std::size_t i) noexcept -> std::string_view {
        return errc_table[i].advice;
    }>();
inline constexpr auto errc_advice_in_any_words = pack_texts<errc_table, &errc_entry::advice>();
inline constexpr auto errc_topics = column<errc_table, &errc_entry::topic>();
inline constexpr auto errc_faults = column<errc_table, &errc_entry::fault>();
inline constexpr auto errc_retries = column<errc_table, &errc_entry::retry>();

/// The row of a code; that of `internal` for an unknown number.
[[nodiscard]] constexpr std::size_t row_of(errc code) noexcept {
    auto const at = static_cast<std::size_t>(code);
    return at < errc_count ? at : static_cast<std::size_t>(errc::internal);
}

[[nodiscard]] constexpr errc_topic topic_of(errc code) noexcept { return errc_topics[row_of(code)]; }

} // namespace tls::detail

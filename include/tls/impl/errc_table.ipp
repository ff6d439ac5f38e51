// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by <tls/errc.hpp>, which has the enumeration.

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
    {errc::truncated, "truncated", fault::network, true, "the connection ended without a close_notify", ""},
    {errc::peer_closed, "peer_closed", fault::network, true, "the connection ended during the handshake", ""},
    {errc::io_error, "io_error", fault::network, true, "the transport failed", ""},
    {errc::timeout, "timeout", fault::network, true, "the deadline passed", ""},
    {errc::resolve_failed, "resolve_failed", fault::network, true, "the host name could not be resolved", ""},
    {errc::connection_refused, "connection_refused", fault::network, true,
     "no address of the host accepted the connection", ""},
    {errc::file_not_found, "file_not_found", fault::us, false, "no such file or folder", ""},
    {errc::file_unreadable, "file_unreadable", fault::us, false, "the file or folder cannot be read", ""},
    {errc::empty_input, "empty_input", fault::us, false, "the input is empty", ""},
    {errc::no_certificate, "no_certificate", fault::us, false, "the input holds no certificate", ""},
    {errc::no_private_key, "no_private_key", fault::us, false, "the input holds no private key", ""},
    {errc::bad_pem, "bad_pem", fault::us, false, "the PEM text is damaged or incomplete", ""},
    {errc::bad_certificate_der, "bad_certificate_der", fault::us, false, "the bytes are not a DER certificate", ""},
    {errc::bad_private_key, "bad_private_key", fault::us, false,
     "the private key cannot be parsed or is of an unsupported kind", ""},
    {errc::unexpected_private_key, "unexpected_private_key", fault::us, false,
     "a private key was given where a certificate is expected", ""},
    {errc::unexpected_certificate, "unexpected_certificate", fault::us, false,
     "a certificate was given where a private key is expected", ""},
    {errc::password_required, "password_required", fault::us, false,
     "the private key is encrypted and no password was given", ""},
    {errc::wrong_password, "wrong_password", fault::us, false, "the password does not decrypt the private key", ""},
    {errc::weak_identity, "weak_identity", fault::us, false, "the key of our own certificate is too weak", ""},
    {errc::file_unwritable, "file_unwritable", fault::us, false, "the file cannot be opened for writing", ""},
    {errc::key_mismatch, "key_mismatch", fault::us, false, "the private key does not belong to the certificate", ""},
    {errc::chain_order, "chain_order", fault::us, false,
     "the certificate chain is not leaf first with each certificate issued by the next", ""},
    {errc::too_many_certificates, "too_many_certificates", fault::us, false, "the chain has too many certificates", ""},
    {errc::bad_server_name, "bad_server_name", fault::us, false, "not a valid DNS name or IP address", ""},
    {errc::bad_alpn, "bad_alpn", fault::us, false, "not a valid ALPN protocol name", ""},
    {errc::bad_versions, "bad_versions", fault::us, false, "the lowest protocol version is above the highest", ""},
    {errc::unsupported, "unsupported", fault::build, false, "the TLS library as built does not support this", ""},
    {errc::library_mismatch, "library_mismatch", fault::build, false,
     "the TLS library linked does not match the headers compiled against", ""},
    {errc::bad_configuration, "bad_configuration", fault::us, false, "a setting cannot be used", ""},
    {errc::untrusted, "untrusted", fault::peer, false, "the server's certificate does not lead to a trust anchor", ""},
    {errc::self_signed, "self_signed", fault::peer, false, "the server's certificate is self-signed and not trusted",
     ""},
    {errc::expired, "expired", fault::peer, false, "a certificate of the server's chain has expired", ""},
    {errc::not_yet_valid, "not_yet_valid", fault::peer, true, "a certificate of the server's chain is not valid yet",
     ""},
    {errc::name_mismatch, "name_mismatch", fault::peer, false, "the server's certificate is for another name", ""},
    {errc::bad_signature, "bad_signature", fault::peer, false, "a signature in the server's chain is wrong", ""},
    {errc::revoked, "revoked", fault::peer, false, "a certificate of the server's chain is revoked", ""},
    {errc::revocation_unknown, "revocation_unknown", fault::peer, true,
     "the revocation status of the server's chain is unknown", ""},
    {errc::weak_key, "weak_key", fault::peer, false, "a key in the server's chain is too weak", ""},
    {errc::weak_hash, "weak_hash", fault::peer, false, "a signature in the server's chain uses a weak hash", ""},
    {errc::bad_key_usage, "bad_key_usage", fault::peer, false,
     "a certificate of the server's chain forbids this use of its key", ""},
    {errc::bad_extended_key_usage, "bad_extended_key_usage", fault::peer, false,
     "a certificate of the server's chain is not for server authentication", ""},
    {errc::not_a_ca, "not_a_ca", fault::peer, false, "an issuer in the server's chain is not a certificate authority",
     ""},
    {errc::path_too_long, "path_too_long", fault::peer, false,
     "the server's chain is longer than one of its issuers allows", ""},
    {errc::name_constraint, "name_constraint", fault::peer, false,
     "the server's chain violates a name constraint of one of its issuers", ""},
    {errc::critical_extension, "critical_extension", fault::peer, false,
     "a certificate of the server's chain has an unknown critical extension", ""},
    {errc::malformed_certificate, "malformed_certificate", fault::peer, false,
     "a certificate the server sent is malformed", ""},
    {errc::chain_too_long, "chain_too_long", fault::peer, false, "the server sent too many certificates", ""},
    {errc::no_peer_certificate, "no_peer_certificate", fault::peer, false, "the server sent no certificate", ""},
    {errc::peer_rejected_certificate, "peer_rejected_certificate", fault::us, false,
     "the server rejected our certificate", ""},
    {errc::no_common_version, "no_common_version", fault::peer, false, "no protocol version in common with the server",
     ""},
    {errc::no_common_suite, "no_common_suite", fault::peer, false, "no cipher suite in common with the server", ""},
    {errc::no_common_group, "no_common_group", fault::peer, false, "no key exchange group in common with the server",
     ""},
    {errc::handshake_refused, "handshake_refused", fault::peer, false, "the server refused the handshake", ""},
    {errc::unrecognized_name, "unrecognized_name", fault::peer, false, "the server does not know the name we asked for",
     ""},
    {errc::alpn_mismatch, "alpn_mismatch", fault::peer, false, "no application protocol in common with the server", ""},
    {errc::peer_alert, "peer_alert", fault::peer, false, "the peer sent a fatal alert", ""},
    {errc::bad_record_mac, "bad_record_mac", fault::network, true, "a record failed authentication", ""},
    {errc::unexpected_message, "unexpected_message", fault::peer, false, "an unexpected message arrived", ""},
    {errc::decode_error, "decode_error", fault::peer, false, "a message could not be decoded", ""},
    {errc::illegal_parameter, "illegal_parameter", fault::peer, false, "a message holds a forbidden value", ""},
    {errc::record_overflow, "record_overflow", fault::peer, false, "a record is too long", ""},
    {errc::bad_handshake_signature, "bad_handshake_signature", fault::peer, false,
     "the handshake's signature or checksum is wrong", ""},
    {errc::not_tls, "not_tls", fault::peer, false, "the peer does not speak TLS", ""},
    {errc::unsupported_peer_request, "unsupported_peer_request", fault::build, false,
     "the peer asked for something this TLS library cannot do", ""},
    {errc::unusable_identity, "unusable_identity", fault::us, false,
     "our key fits none of the signature algorithms the server accepts", ""},
    {errc::spent, "spent", fault::us, false, "this handshake has already become a session", ""},
    {errc::not_writable, "not_writable", fault::us, false, "the connection no longer takes data", ""},
    {errc::out_of_memory, "out_of_memory", fault::us, true, "out of memory", ""},
    {errc::rng_failure, "rng_failure", fault::us, false, "the random generator failed", ""},
    {errc::internal, "internal", fault::build, false, "the TLS library failed for a reason twintls has no name for",
     ""},
};

[[nodiscard]] consteval bool errc_table_is_in_order() noexcept {
    for (std::size_t i = 0; i < std::size(errc_table); ++i)
        if (static_cast<std::size_t>(errc_table[i].code) != i) return false;
    return static_cast<std::size_t>(errc::internal) + 1 == std::size(errc_table);
}
static_assert(errc_table_is_in_order());

/// The row of a code; that of `internal` for a number that is none.
[[nodiscard]] constexpr errc_entry const& entry(errc code) noexcept {
    auto const at = static_cast<std::size_t>(code);
    return errc_table[at < std::size(errc_table) ? at : std::size(errc_table) - 1];
}

} // namespace tls::detail

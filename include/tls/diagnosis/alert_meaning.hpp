// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>

#include <string_view>

namespace tls::detail {

/// What an alert usually means when a server sends it to a client; docs/errors.md and `explain` are made from this.
struct alert_entry {
    tls::alert alert;
    std::string_view meaning;      ///< one clause without full stop, true in every handshake it can arrive in
    std::string_view besides = {}; ///< what some servers mean instead, for the page that lists them
};

inline constexpr alert_entry alert_table[] = {
    {alert::close_notify, "the server has nothing more to send"},
    {alert::unexpected_message, "the server got a message it does not expect now"},
    {alert::bad_record_mac, "the server could not decrypt what we sent: bytes changed on the way, or the keys differ"},
    {alert::decryption_failed, "the server could not decrypt what we sent (an alert of old protocol versions)"},
    {alert::record_overflow, "the server got a record that is longer than it accepts"},
    {alert::decompression_failure, "the server could not decompress what we sent (no longer in use)"},
    {alert::handshake_failure, "the server accepts none of what we offered, or requires a certificate (TLS 1.2); some "
                               "servers send this for any refusal"},
    {alert::no_certificate, "the server requires a certificate (an alert of SSL 3.0)"},
    {alert::bad_certificate,
     "the server found our certificate damaged or not meant for clients; some servers send this "
     "for any problem with it",
     "some send it when a certificate is missing"},
    {alert::unsupported_certificate, "our certificate is not meant for client authentication (extended key usage), or "
                                     "its kind of key is not supported"},
    {alert::certificate_revoked, "the authority that issued our certificate has revoked it"},
    {alert::certificate_expired,
     "our certificate, or another one of our chain, is not valid now by the server's clock"},
    {alert::certificate_unknown,
     "the server refused our certificate without saying why; some servers send this for any problem with it"},
    {alert::illegal_parameter, "the server got a value it considers forbidden"},
    {alert::unknown_ca,
     "the server does not trust the authority that issued our certificate, or cannot find the way to it"},
    {alert::access_denied, "our certificate is valid, but its owner has no access; some servers send this for any "
                           "problem with a certificate"},
    {alert::decode_error, "the server could not read a message of ours",
     "some servers send this when a certificate is missing"},
    {alert::decrypt_error, "a signature or checksum of the handshake is wrong",
     "our private key may not belong to our certificate"},
    {alert::export_restriction, "the server follows old export rules (no longer in use)"},
    {alert::protocol_version, "the server accepts none of the protocol versions we offered"},
    {alert::insufficient_security, "the server requires stronger cipher suites or groups than we offered"},
    {alert::internal_error, "the server failed for a reason of its own", "perhaps while it looked at our certificate"},
    {alert::inappropriate_fallback, "the server supports a higher version than we offered and suspects an attack"},
    {alert::user_canceled, "the server cancelled the connection"},
    {alert::no_renegotiation, "the server does not renegotiate"},
    {alert::missing_extension, "the server misses an extension in our messages that it requires"},
    {alert::unsupported_extension, "the server got an extension it did not ask for"},
    {alert::certificate_unobtainable, "the server could not fetch our certificate (no longer in use)"},
    {alert::unrecognized_name, "the server has no site of the name we asked for"},
    {alert::bad_certificate_status_response, "the server got a bad revocation status"},
    {alert::bad_certificate_hash_value, "the server got a certificate that does not match its hash (no longer in use)"},
    {alert::unknown_psk_identity, "the server does not know the pre-shared key we named"},
    {alert::certificate_required, "the server requires a certificate and got none (TLS 1.3)"},
    {alert::no_application_protocol, "the server speaks none of the application protocols we offered (ALPN)"},
};

/// What the alert usually means; for a number that no RFC defines, it says so.
[[nodiscard]] constexpr std::string_view alert_meaning(alert a) noexcept {
    for (alert_entry const& entry : alert_table)
        if (entry.alert == a) return entry.meaning;
    return "an alert that no standard of TLS defines";
}

} // namespace tls::detail

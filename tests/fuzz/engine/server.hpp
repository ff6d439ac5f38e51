// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client.hpp"

#include <cstddef>

/// A server that says what a script tells it, sealed under the real keys of the connection as soon as there are some.
///
/// It has no cryptography of its own but for its signature: its public key for X25519 is the base point, so that the
/// client's public key is the secret that both share. An input costs little more than the client's own work.
namespace fuzz {

/// What a byte of the script, taken modulo `count`, makes the server do. Steps that only one version has are said under
/// the other as well, where they are a breach of its rules.
enum class step : unsigned {
    hello,               ///< content: further extensions
    extensions,          ///< EncryptedExtensions without content
    certificate,         ///< the good one
    signature,           ///< CertificateVerify over what was said, or ServerKeyExchange
    request,             ///< CertificateRequest
    hello_done,          ///< ServerHelloDone
    finished,            ///< Finished over what was said; from then on the keys of the connection
    ticket,              ///< NewSessionTicket
    hello_request,       ///< HelloRequest
    say_handshake,       ///< content: a handshake message, whole or a part or several
    say_data,            ///< content
    say_alert,           ///< content
    say_clear_handshake, ///< content: a record that is not sealed
    say_clear_alert,     ///< content
    change_cipher_spec,  ///< under TLS 1.2 what follows is sealed
    empty_data,
    pad, ///< content: data with as much padding
    read,
    end, ///< of the stream
    count
};

/// True if a length of two bytes and as much content follow.
[[nodiscard]] constexpr bool takes_content(step s) {
    return s == step::hello || (s >= step::say_handshake && s <= step::say_clear_alert) || s == step::pad;
}

/// What a server noticed.
struct heard {
    bytes said{};        ///< by the client
    bool waited = false; ///< it did when the script was over
    /// Under TLS 1.2 it was asked to renegotiate more than once, or before the server's Finished.
    bool odd_requests = false;
};

/// Plays the script, or up to the client's end; then come some data, and the end of the stream unless the script had it
/// before.
[[nodiscard]] heard serve(client&, tls::protocol_version, byte_view script);

} // namespace fuzz

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/connection/server_verification.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/server_name.hpp>
#include <tls/record/certificate_request.hpp>
#include <tls/record/wire.hpp>

#include <cstddef>
#include <optional>
#include <span>

namespace tls::seam {

/// What a connection needs until its handshake is over, and then gives back: an idle session is small.
struct handshake_state {
    /// The settings must outlive this object.
    handshake_state(settings const& s, server_name const& name) noexcept : check(s, name), configured(&s) {
        if (s.psk) buffers.tap.require_psk();
        if (!s.identity) return;
        our_issuers = s.identity->issuer_names();
        buffers.tap.our_chain(our_issuers);
    }

    /// Called by a backend for each encrypted message of TLS 1.3 that the library shows, as soon as it is decrypted:
    /// judges EncryptedExtensions, and notes what a CertificateRequest asks for. False if the server is not to be
    /// answered, because it breaks the protocol or accepts no signature that our key makes.
    [[nodiscard]] bool shown(handshake_message what, std::span<std::byte const> body) noexcept;

    /// The same for a message that is longer than the library takes.
    void shown_too_long(handshake_message what) noexcept;

    /// For a backend whose library is to sign with a key that is somewhere else: has a digest signed, and answers with
    /// the size of the signature in `into`; 0 if there is none, and then the handshake is over. Called only where the
    /// settings have a signer.
    [[nodiscard]] std::size_t
    sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept;

    /// False if the server's CertificateRequest is known and our key can make none of the signatures it asks for.
    [[nodiscard]] bool identity_fits(protocol_version version) const noexcept;

    /// What is known so far, with its source. `complete`: the library says that the handshake is complete.
    [[nodiscard]] handshake_facts facts(bool complete) const noexcept;

    handshake_buffers buffers;
    verify::server_verification check;
    settings const* configured;
    std::optional<bool> certificate_requested;          ///< set by the backend where the plaintext tap cannot see it
    std::optional<accepted_credentials> server_accepts; ///< the same, for the content of the CertificateRequest
    detail::issuer_names our_issuers;                   ///< of our own chain; inside the settings
    std::optional<handshake_message> last_shown;        ///< of the encrypted messages that the library shows
    errc unsigned_because = errc::ok;                   ///< why there is no signature
    short_text signer_said;                             ///< the same in words
    bool certificate_arrived = false; ///< the server's Certificate came, although the library never showed it

private:
    [[nodiscard]] bool has_certificate() const noexcept { return certificate_arrived || check.judged(); }
    void add_encrypted_flight(handshake_facts& h, bool complete) const noexcept;
    void add_our_flight(handshake_facts& h, bool complete) const noexcept;
};

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/connection/impl/handshake_state.ipp>
#endif

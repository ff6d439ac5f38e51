// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/connection/server_verification.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/server_name.hpp>
#include <tls/credentials/awaited_signature.hpp>
#include <tls/record/certificate_request.hpp>
#include <tls/record/wire.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::seam {

/// How a library is told which of several identities a connection goes on with. Set by the backend before the handshake
/// begins, for clients that have several; called at most once, with another one than the first, before our certificate
/// is sent: under TLS 1.2 as soon as the server's request has arrived, before the library reads it.
struct library_identities {
    void (*use)(void* connection, std::size_t which) noexcept = nullptr;
    void* connection = nullptr;
};

/// What a connection needs until its handshake is over, and then gives back: an idle session is small.
struct handshake_state {
    /// The settings must outlive this object.
    handshake_state(settings const& s, server_name const& name) noexcept : check(s, name), configured(&s) {
        if (s.psk) buffers.tap.require_psk();
        if (!s.identity) return;
        auto const* const list = identities_of(s);
        issuers_of_first = s.identity->issuer_names();
        our_issuers = list != nullptr ? list->all_issuers() : detail::issuers_by_identity(&issuers_of_first, 1);
        chosen.count = static_cast<std::uint8_t>(identity_count(s));
        buffers.tap.our_chains(our_issuers);
        if (list == nullptr) return;
        buffers.tap.tell_of_request(
            [](void* self) noexcept { static_cast<handshake_state*>(self)->request_came_in_clear(); }, this);
    }
    handshake_state(handshake_state const&) = delete;
    handshake_state& operator=(handshake_state const&) = delete;
    ~handshake_state() = default;

    /// Called by a backend for each encrypted message of TLS 1.3 that the library shows, as soon as it is decrypted:
    /// judges EncryptedExtensions, and notes what a CertificateRequest asks for. False if the server is not to be
    /// answered, because it breaks the protocol or accepts no signature that our key makes.
    [[nodiscard]] bool shown(handshake_message what, std::span<std::byte const> body) noexcept;

    /// The same for a message that is longer than the library takes.
    void shown_too_long(handshake_message what) noexcept;

    /// For a backend whose library is to sign with a key that is somewhere else: has a digest signed, and answers with
    /// the size of the signature in `into`; 0 if there is none, and then the handshake is over, or waits if
    /// `signature_is_due`. The signer is asked only for a server that may be answered. Called only where the settings
    /// have a signer; where the library is called again after that, once more for the same digest.
    [[nodiscard]] std::size_t
    sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept;

    /// The signature that has yet to come, if one is waited for.
    [[nodiscard]] std::optional<signature_request> wanted_signature() const noexcept;
    /// Takes it; called where one is wanted. Errors: signing_failed, out_of_memory; and then it is still wanted.
    [[nodiscard]] result<void> take_signature(std::span<std::byte const> made) noexcept;
    /// There will be none, for that reason.
    void refuse_signature(std::string_view why) noexcept;

    /// The identity that answers the server, or will if it asks: the first, until one was chosen. There must be one.
    [[nodiscard]] own_identity own() const noexcept { return identity_at(*configured, chosen.index); }

    /// False if the server's CertificateRequest is known and our key can make none of the signatures it asks for.
    [[nodiscard]] bool identity_fits(protocol_version version) const noexcept;

    /// What is known so far, with its source. `complete`: the library says that the handshake is complete.
    [[nodiscard]] handshake_facts facts(bool complete) const noexcept;

    handshake_buffers buffers;
    verify::server_verification check;
    settings const* configured;
    std::optional<bool> certificate_requested;          ///< set by the backend where the plaintext tap cannot see it
    std::optional<accepted_credentials> server_accepts; ///< the same, for the content of the CertificateRequest
    detail::issuer_names issuers_of_first;              ///< of the first of our chains; inside the settings
    detail::issuers_by_identity our_issuers;            ///< of all of them
    chosen_identity chosen;                             ///< which of our identities answers
    std::uint8_t identities_named = 0;           ///< whose authority the server names, a bit each, if there are several
    bool is_chosen = false;                      ///< one of several was
    library_identities library;                  ///< set by the backend
    std::optional<handshake_message> last_shown; ///< of the encrypted messages that the library shows
    errc unsigned_because = errc::ok;            ///< why there is no signature
    short_text signer_said;                      ///< the same in words
    owned<detail::awaited_signature> awaited;    ///< null unless a signer answers later
    bool signature_is_due = false;               ///< the library was told to wait for it; the core sets it back
    bool certificate_arrived = false; ///< the server's Certificate came, although the library never showed it

private:
    [[nodiscard]] bool has_certificate() const noexcept { return certificate_arrived || check.judged(); }
    void request_came_in_clear() noexcept;
    void choose(accepted_credentials const& accepted, std::uint8_t named, protocol_version version) noexcept;
    void add_request(handshake_facts& h) const noexcept;
    void add_encrypted_flight(handshake_facts& h, bool complete) const noexcept;
    void add_our_flight(handshake_facts& h, bool complete) const noexcept;
};

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/connection/impl/handshake_state.ipp>
#endif

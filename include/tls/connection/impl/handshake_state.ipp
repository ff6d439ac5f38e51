// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/summary.hpp>
#include <tls/connection/handshake_state.hpp>
#include <tls/core/limits.hpp>

#include <algorithm>
#include <cstdint>

namespace tls::seam {

TWINTLS_DECL bool handshake_state::shown(handshake_message what, std::span<std::byte const> body) noexcept {
    last_shown = what;
    // Who goes by a key that both have shows no certificate and asks for none (RFC 8446 sections 4.3.2 and 4.4.2).
    bool const is_about_certificates =
        what == handshake_message::certificate || what == handshake_message::certificate_request;
    if (is_about_certificates && configured->psk) buffers.tap.note_violation(errc::unexpected_message);
    if (what == handshake_message::encrypted_extensions) {
        buffers.tap.encrypted_extensions(body);
    } else if (what == handshake_message::certificate_request) {
        certificate_requested = true;
        if (body.size() > limits::certificate_request_bytes) shown_too_long(what);
        detail::certificate_request_reader reader;
        reader.begin(protocol_version::tls_1_3, our_issuers);
        reader.feed(body);
        if (auto const* const accepted = reader.result()) {
            server_accepts = *accepted;
            choose(*accepted, reader.identities_named(), protocol_version::tls_1_3);
        }
        if (!identity_fits(protocol_version::tls_1_3)) return false;
    }
    return buffers.tap.seen().violation == errc::ok;
}

TWINTLS_DECL void handshake_state::shown_too_long(handshake_message what) noexcept {
    if (what == handshake_message::certificate) return; // each backend has a code for that
    bool const is_request = what == handshake_message::certificate_request;
    if (is_request) certificate_requested = true;
    buffers.tap.note_violation(is_request ? errc::request_too_long : errc::decode_error);
}

TWINTLS_DECL void handshake_state::request_came_in_clear() noexcept {
    if (auto const& accepted = buffers.tap.seen().server_accepts)
        choose(*accepted, buffers.tap.identities_named(), protocol_version::tls_1_2);
}

TWINTLS_DECL void
handshake_state::choose(accepted_credentials const& accepted, std::uint8_t named, protocol_version version) noexcept {
    auto const* const list = identities_of(*configured);
    if (list == nullptr || is_chosen) return;
    is_chosen = true;
    identities_named = named;
    chosen = list->choose(*configured, accepted, named, version);
    if (chosen.index != 0) library.use(library.connection, chosen.index);
}

TWINTLS_DECL std::size_t
handshake_state::sign(signature_scheme scheme, std::span<std::byte const> digest, std::span<std::byte> into) noexcept {
    // The library does not wait for a status under TLS 1.2. Its answer would be held back; the signer is not asked for
    // it.
    if (!buffers.guard.is_open()) return 0;
    auto const fails = [this](error const& why) noexcept {
        unsigned_because = why.code;
        signer_said = why.about;
        return std::size_t{0};
    };
    if (unsigned_because != errc::ok) return 0;
    if (awaited) {
        if (!awaited->is_for(scheme, digest)) return fails(configuration_error(errc::internal)); // or it was verified
        std::span<std::byte const> const made = awaited->made();
        signature_is_due = made.empty();
        if (made.size() > into.size()) return fails(configuration_error(errc::signing_failed, "no room for it"));
        std::ranges::copy(made, into.begin());
        return made.size();
    }
    own_identity const ours = own();
    auto const size = ours.signing.signer.sign({ours.who.leaf(), scheme, digest}, into, ours.signing.calls->verify);
    if (size) return *size;
    if (size.error() != errc::want_signature) return fails(size.error());
    awaited = make_owned<detail::awaited_signature>(scheme, digest);
    if (!awaited) return fails(configuration_error(errc::out_of_memory));
    signature_is_due = true;
    return 0;
}

TWINTLS_DECL std::optional<signature_request> handshake_state::wanted_signature() const noexcept {
    bool const is_wanted = awaited && awaited->made().empty() && unsigned_because == errc::ok;
    return is_wanted ? std::optional(awaited->request()) : std::nullopt;
}

TWINTLS_DECL result<void> handshake_state::take_signature(std::span<std::byte const> made) noexcept {
    own_identity const ours = own();
    auto const [scheme, digest] = awaited->request();
    auto const good = detail::check_made({ours.who.leaf(), scheme, digest}, made, ours.signing.calls->verify);
    if (!good) return good;
    if (made.empty() || !awaited->take(made))
        return std::unexpected(configuration_error(errc::signing_failed, "not a signature"));
    return {};
}

TWINTLS_DECL void handshake_state::refuse_signature(std::string_view why) noexcept {
    if (!wanted_signature()) return;
    unsigned_because = errc::signing_failed;
    signer_said = why;
}

TWINTLS_DECL bool handshake_state::identity_fits(protocol_version version) const noexcept {
    auto const& in_clear = buffers.tap.seen().server_accepts;
    auto const& accepted = in_clear ? in_clear : server_accepts;
    return !accepted || !configured->identity || detail::can_sign(*configured, own(), *accepted, version);
}

TWINTLS_DECL handshake_facts handshake_state::facts(bool complete) const noexcept {
    detail::plaintext_facts const& seen = buffers.tap.seen();
    bool const asked_in_clear = seen.version == protocol_version::tls_1_2;
    handshake_facts h;
    if (seen.version) h.version = {*seen.version, fact_source::wire};
    if (seen.suite) h.suite = {*seen.suite, fact_source::wire};
    if (seen.group) h.group = {*seen.group, fact_source::wire};
    if (seen.last_received) h.last_received = {*seen.last_received, fact_source::wire};
    if (!asked_in_clear && seen.version) add_encrypted_flight(h, complete);
    if (certificate_requested) {
        h.client_certificate_requested = {*certificate_requested, fact_source::library};
    } else if (asked_in_clear) {
        if (seen.certificate_requested)
            h.client_certificate_requested = {true, fact_source::wire};
        else if (seen.last_received == handshake_message::server_hello_done || seen.resumed)
            h.client_certificate_requested = {false, fact_source::wire};
    } else if (has_certificate() || complete) {
        // RFC 8446 section 4.3.2: the request would have come before the certificate.
        h.client_certificate_requested = {false, fact_source::deduced};
    }
    add_request(h);
    // Under TLS 1.2 a session keeps what was agreed when it began, said again or not.
    bool const goes_on = asked_in_clear && seen.resumed && seen.max_fragment == std::uint16_t{0};
    if (seen.max_fragment && !goes_on)
        h.max_fragment_length = {*seen.max_fragment, asked_in_clear ? fact_source::wire : fact_source::library};
    add_our_flight(h, complete);
    h.server_name_sent = {!check.name().is_ip(), fact_source::settings};
    return h;
}

/// Adds what the server's request says, and who answers it.
TWINTLS_DECL void handshake_state::add_request(handshake_facts& h) const noexcept {
    auto const& in_clear = buffers.tap.seen().server_accepts;
    if (in_clear)
        h.server_accepts = {*in_clear, fact_source::wire};
    else if (server_accepts)
        h.server_accepts = {*server_accepts, fact_source::library};
    if (h.client_certificate_requested != true || !configured->identity) return;
    if (identities_of(*configured) == nullptr) {
        h.identity = {chosen, fact_source::settings};
    } else if (is_chosen && h.server_accepts) {
        accepted_credentials accepted = *h.server_accepts;
        accepted.names_our_issuer = (identities_named >> chosen.index & 1U) != 0;
        h.server_accepts = {accepted, h.server_accepts.source()};
        h.identity = {chosen, h.server_accepts.source()};
    }
}

/// Adds what the backend has told about the server's encrypted flight in TLS 1.3.
TWINTLS_DECL void handshake_state::add_encrypted_flight(handshake_facts& h, bool complete) const noexcept {
    if (complete)
        h.last_received = {handshake_message::finished, fact_source::deduced};
    else if (has_certificate())
        h.last_received = {handshake_message::certificate, fact_source::library};
    else if (certificate_requested)
        h.last_received = {handshake_message::certificate_request, fact_source::library};
}

/// Adds what we sent of our identity.
TWINTLS_DECL void handshake_state::add_our_flight(handshake_facts& h, bool complete) const noexcept {
    detail::plaintext_facts const& seen = buffers.tap.seen();
    complete = complete && !seen.flight_dropped;
    if (seen.certificates_sent) {
        h.certificates_sent = {*seen.certificates_sent, fact_source::wire};
    } else if (complete && h.client_certificate_requested) {
        std::size_t const ours = configured->identity ? own().who.chain().size() : 0;
        bool const asked = *h.client_certificate_requested;
        h.certificates_sent = {static_cast<std::uint16_t>(asked ? ours : 0), fact_source::deduced};
    }
    // RFC 8446 section 4.4.3: a certificate is always followed by a signature, an empty message never.
    if (seen.signature_sent)
        h.signature_sent = {true, fact_source::wire};
    else if (h.certificates_sent == 0 || h.client_certificate_requested == false)
        h.signature_sent = {false, fact_source::deduced};
    else if (h.certificates_sent && complete)
        h.signature_sent = {true, fact_source::deduced};
}

} // namespace tls::seam

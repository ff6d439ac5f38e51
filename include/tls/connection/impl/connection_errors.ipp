// SPDX-License-Identifier: Apache-2.0
// Included by connection.hpp, behind the class.
#pragma once

#include <tls/configuration/summary.hpp>
#include <tls/connection/psk_failures.hpp>
#include <tls/core/bytes.hpp>
#include <tls/diagnosis/alert_to_errc.hpp>
#include <tls/record/checks.hpp>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tls::detail {

// Why a connection failed: every error that it answers is made here.

/// True for codes that libraries also give when they mean something else.
[[nodiscard]] constexpr bool is_vague(errc meant) noexcept {
    switch (meant) {
    case errc::internal:
    case errc::bad_configuration:
    case errc::unsupported:
    case errc::alpn_mismatch:
    case errc::no_common_version:
    case errc::no_common_suite:
    case errc::no_common_group:
    case errc::bad_record_mac:
    case errc::unexpected_message:
    case errc::decode_error:
    case errc::illegal_parameter:
    case errc::record_overflow:
    case errc::bad_handshake_signature: return true;
    default: return false;
    }
}

[[nodiscard]] constexpr bool is_about_negotiation(errc meant) noexcept {
    using enum errc;
    return meant == no_common_version || meant == no_common_suite || meant == no_common_group || meant == alpn_mismatch;
}

template <backend Backend> error connection<Backend>::make_error(errc code, phase p) noexcept {
    error e;
    e.code = code;
    e.phase = p;
    e.backend = Backend::name;
    e.handshake = known();
    e.client = summary_of(*settings_, e.handshake.identity->index);
    e.clock = established_ ? engine_.core().judged_at : check().clock();
    if (!established_) e.certificates_received = check().sent();
    e.acceptance = proven();
    e.answers = engine_.core().answers;
    e.bytes_read = engine_.core().bytes_read;
    return e;
}

template <backend Backend> error connection<Backend>::diagnose(phase p, seam::native_outcome o) noexcept {
    error e = make_error(errc::internal, p);
    e.native = o.code;
    e.received = engine_.alert_received();
    // A library may choose an alert for a record that the end of the stream cut off; that alert is never sent.
    if (!wire().ended()) e.sent = engine_.alert_sent();
    if (!established_) {
        if (!e.received) e.received = seen().alert_received;
        if (!e.sent) e.sent = seen().alert_sent;
        e.problems = check().problems();
    }

    native_code const native = engine_.classify(o.code);
    if (o.code != 0) e.native_name = native.name;
    if (!established_ && check().rejected()) {
        e.code = check().reason();
        e.problem_depth = check().depth();
        e.certificate = check().certificate();
    } else if (!established_ && engine_.core().handshake->unsigned_because != errc::ok) {
        e.code = engine_.core().handshake->unsigned_because;
        e.about = engine_.core().handshake->signer_said;
        e.native = 0; // whatever the library made of it
        e.native_name = nullptr;
    } else if (e.received) {
        e.code = rejection(*e.received, e.handshake, established_);
        if (renegotiation_was_refused(*e.received)) {
            e.code = errc::unsupported_peer_request;
            e.about = std::string_view("renegotiation");
        }
    } else if (wire().out_of_memory()) {
        e.code = errc::out_of_memory;
    } else if (!established_ && seen().not_tls) {
        e.code = errc::not_tls;
        e.about = as_text(seen().first_bytes);
    } else if (!established_ && engine_.core().violation() != errc::ok) {
        e.code = engine_.core().violation();
        e.problems.add(e.code);
    } else if (wire().write_failure() == io_status::timeout) {
        e.code = errc::timeout;
    } else if (wire().write_failure() == io_status::failed || wire().read_end() == io_status::failed) {
        e.code = wire().system() == ENOMEM ? errc::out_of_memory : errc::io_error;
        e.system = wire().system();
    } else if (wire().ended()) {
        e.code = established_ ? errc::truncated : errc::peer_closed;
    } else if (engine_.core().refused_request) {
        e.code = errc::unsupported_peer_request;
        e.about = name(*engine_.core().refused_request);
    } else {
        e.code = protocol_violation(native.meaning, e.sent);
        e.problems.add(e.code);
    }
    if (settings_->psk && !established_) e.code = with_psk(e, seen());
    if (!established_ && wire().write_failure() != io_status::ok) e.sent.reset(); // it was dropped
    if (!e.problems.empty()) add_refused_server(e);
    add_identity(e);
    return e;
}

template <backend Backend> bool connection<Backend>::renegotiation_was_refused(alert received) const noexcept {
    bool const is_answer = received == alert::handshake_failure || received == alert::no_renegotiation ||
                           received == alert::unexpected_message;
    return established_ && !closed_ && is_answer && wire().alert_sent_later();
}

template <backend Backend>
errc connection<Backend>::protocol_violation(errc meant, std::optional<alert> const& told) const noexcept {
    // The chain was accepted before, so what fails now is the server's proof that it holds the key, unless it is a
    // status that a library refuses by itself.
    bool const accepted = established_ ? chain_accepted_ : check().accepted();
    if (meant == errc::bad_stapled_status) return meant;
    if (is_about_server_certificate(meant) && accepted) return errc::bad_handshake_signature;
    if (!is_vague(meant)) return meant;
    // RFC 8446 section 6.2: the alert for a signature or a Finished message that does not verify.
    if (!established_ && told == alert::decrypt_error) return errc::bad_handshake_signature;
    bool const tls_1_3 = known().version == protocol_version::tls_1_3;
    bool const encrypted = established_ || (tls_1_3 && seen().server_hello);
    errc const violation = record_violation(wire().position(), encrypted, tls_1_3);
    if (violation != errc::ok) return violation;
    std::uint8_t const type = wire().position().type();
    bool const in_clear = type == record_type::handshake || type == record_type::alert; // RFC 8446 section 5.2
    if (established_ && tls_1_3 && in_clear) return errc::unexpected_message;
    // Nothing is negotiated any more: a library that says so has met a record that it cannot make sense of.
    if (established_) return is_about_negotiation(meant) ? errc::bad_record_mac : meant;
    errc const choice = bad_choice();
    return choice != errc::ok ? choice : meant;
}

template <backend Backend> errc connection<Backend>::bad_choice() const noexcept {
    plaintext_facts const& chosen = seen();
    if (chosen.version && (*chosen.version < settings_->lowest_version || *chosen.version > settings_->highest_version))
        return errc::no_common_version;
    if (chosen.suite && !settings_->suites.has(*chosen.suite)) return errc::no_common_suite;
    auto const not_offered = [this](std::optional<named_group> const& g) noexcept {
        return g && !settings_->groups.has(*g);
    };
    return not_offered(chosen.group) || not_offered(chosen.group_asked_for) ? errc::no_common_group : errc::ok;
}

template <backend Backend> void connection<Backend>::add_refused_server(error& e) noexcept {
    if (established_) return;
    if (e.clock == 0) e.clock = settings_->clock();
    e.about = check().about().empty() ? short_text(check().expected().text()) : check().about();
    if (e.code == errc::bad_stapled_status) e.about = check().about(); // or the library's code says it
    if (e.code == errc::chain_too_long) e.certificate = {};            // the error is about none of them
    if (e.handshake.version != protocol_version::tls_1_3) return;
    engine_.core().handshake->certificate_arrived = true;
    e.handshake = known();
}

template <backend Backend> void connection<Backend>::add_identity(error& e) const noexcept {
    if (e.code == errc::unrecognized_name && !established_) e.about = check().name().text();
    bool const asked = e.handshake.client_certificate_requested == true;
    if (!asked || !settings_->identity || is_about_server_certificate(e.code)) return;
    seam::own_identity const own = seam::identity_at(*settings_, e.handshake.identity->index);
    e.certificate = summary_of(own.who);
    if (e.clock == 0) e.clock = settings_->clock();
    // One library signs anyway and is refused, the other gives up: either way our key does not fit.
    bool const refused = e.code == errc::handshake_refused || e.code == errc::peer_rejected_certificate;
    auto const& accepted = e.handshake.server_accepts;
    if (refused && accepted && !established_ && !can_sign(*settings_, own, *accepted, engine_.version()))
        e.code = errc::unusable_identity;
}

} // namespace tls::detail

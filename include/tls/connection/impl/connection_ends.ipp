// SPDX-License-Identifier: Apache-2.0
// Included by connection.hpp, behind the class.
#pragma once

#include <tls/core/acceptance.hpp>
#include <tls/diagnosis/alert_to_errc.hpp>

#include <optional>
#include <span>

namespace tls::detail {

// How a handshake ends, well or not, how a connection does, and whether the server has accepted us.

template <backend Backend> std::unexpected<error> connection<Backend>::end_with(error const& e) noexcept {
    how_ended() = without_blame(e);
    if (!established_) {
        engine_.handshake_ended();
        if (may_succeed_without_ticket()) settings_->resumption.calls->failed(*tickets());
        x509::wipe_stack<Backend::stack_used>();
    }
    return std::unexpected(*how_ended());
}

template <backend Backend> result<void> connection<Backend>::refuses(seam::native_outcome o) noexcept {
    errc const violation = engine_.core().violation();
    alert const why = violation != errc::ok ? alert_for(violation) : check().refusal();
    bool const was_told = seen().alert_sent || engine_.alert_sent();
    bool const is_told = !was_told && wire().say_instead(why);
    bool const library_failed = o.what == seam::native_outcome::kind::failed;
    auto answer = fails(phase::handshake, library_failed ? o : seam::native_outcome::failure(0));
    if (is_told) how_ended()->sent = answer.error().sent = why;
    return answer;
}

template <backend Backend> result<void> connection<Backend>::drops_session(seam::native_outcome o) noexcept {
    bool const has_answered = o.what == seam::native_outcome::kind::ok && !wire().held_back();
    bool const was_told = has_answered || seen().alert_sent || engine_.alert_sent();
    bool const is_told = !was_told && wire().say_instead(alert::handshake_failure);
    error e = make_error(errc::session_outdated, phase::handshake);
    if (is_told) e.sent = alert::handshake_failure;
    return end_with(e);
}

template <backend Backend> std::unexpected<error> connection<Backend>::stops(errc code) noexcept {
    alert const why = alert_for(code);
    bool const is_told = !closed_ && !wire().overfull() && engine_.send_alert(why);
    (void)wire().flush();
    error e = make_error(code, phase::reading);
    if (is_told) e.sent = why;
    return end_with(e);
}

template <backend Backend> errc connection<Backend>::objection() noexcept {
    engine_.handshake_ended();
    // A resumed handshake verifies no certificate, so what the library says must agree with what was seen on the
    // wire.
    resumed_ = engine_.core().resumes_session();
    bool const agreed = engine_.resumed() == resumed_ && (!resumed_ || engine_.core().session_offered);
    if (engine_.core().resumes_in_vain()) return errc::session_outdated;
    if (!agreed || !engine_.core().server_is_vouched_for()) return errc::internal;
    if (settings_->psk && !engine_.peer_certificate().empty()) return errc::internal;
    // RFC 7627 section 5.3: only sessions with that extension are kept, so a server that leaves it out now is not
    // the one that made them.
    if (resumed_ && engine_.version() == protocol_version::tls_1_2 && !seen().extended_master_secret)
        return errc::illegal_parameter;
    auto const selected = engine_.alpn();
    if (!selected.empty() && !settings_->alpn.has(selected)) return errc::alpn_mismatch;
    if (tickets() != nullptr) {
        auto const leaf = resumed_ ? std::span<std::byte const>{} : engine_.peer_certificate();
        settings_->resumption.calls->completed(
            engine_.core(), *settings_, {.version = engine_.version(), .resumed = resumed_, .leaf = leaf});
    }
    return errc::ok;
}

template <backend Backend> void connection<Backend>::settle() noexcept {
    engine_.core().handshake->check.handshake_is_complete();
    engine_.core().learnt = known();
    engine_.core().judged_at = check().clock();
    engine_.core().may_export = engine_.version() == protocol_version::tls_1_3 || seen().extended_master_secret;
    engine_.core().path = engine_.core().handshake->check.take_path();
    chain_accepted_ = check().accepted();
    x509::wipe_stack<Backend::stack_used>();
    wire().end_handshake();
    engine_.core().handshake.reset();
    engine_.core().memory_ran_out = false;
    established_ = true;
}

template <backend Backend> error connection<Backend>::after_failed_write(phase p) noexcept {
    error const failed = without_blame(diagnose(p, seam::native_outcome::failure(0)));
    if (how_ended() || wire().write_failure() == io_status::timeout) return failed;
    for (int i = 0; i < max_calls_after_end; ++i) {
        seam::native_outcome const o = engine_.probe();
        if (o.what == seam::native_outcome::kind::ok || o.what == seam::native_outcome::kind::closed) break;
        if (o.what == seam::native_outcome::kind::failed && engine_.alert_received()) {
            how_ended() = without_blame(diagnose(p, o));
            return *how_ended();
        }
    }
    return failed;
}

template <backend Backend> acceptance connection<Backend>::proven() const noexcept {
    constexpr std::uint32_t enough = 2;
    if (!established_) return acceptance::unknown;
    handshake_facts const& h = engine_.core().learnt;
    bool const nothing_to_judge = h.client_certificate_requested == false;
    bool const in_handshake = h.version == protocol_version::tls_1_2;
    return in_handshake || nothing_to_judge || message_came_ || engine_.core().answers >= enough ? acceptance::accepted
                                                                                                 : acceptance::unknown;
}

template <backend Backend> result<acceptance> connection<Backend>::confirm(transport_ref transport) noexcept {
    if (errc const why = owner_.refusal(); why != errc::ok) return barred(why, phase::reading);
    enter(transport);
    fact<bool> const asked = known().client_certificate_requested;
    bool const nothing_to_judge = asked && !*asked;
    if (engine_.version() != protocol_version::tls_1_3 || nothing_to_judge)
        accepted_ = true; // in TLS 1.2 it was judged in the handshake
    if (accepted_) return acceptance::accepted;
    if (how_ended()) return std::unexpected(*how_ended());
    wire().stop_when_heard();
    for (;;) {
        seam::native_outcome const o = engine_.probe();
        (void)wire().flush();
        if (o.what == seam::native_outcome::kind::closed) return end_with(make_error(errc::closed, phase::reading));
        if (o.what == seam::native_outcome::kind::failed) return end_with(diagnose(phase::reading, o));
        if (errc const why = refused_input(); why != errc::ok) return stops(why);
        accepted_ = o.what == seam::native_outcome::kind::ok || wire().heard();
        if (o.what != seam::native_outcome::kind::ok) note_message();
        if (accepted_) return acceptance::accepted;
        if (wire().ended()) return end_with(diagnose(phase::reading, seam::native_outcome::failure(0)));
        if (must_wait(phase::reading) != errc::ok) return acceptance::unknown;
    }
}

} // namespace tls::detail

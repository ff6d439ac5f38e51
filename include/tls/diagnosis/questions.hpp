// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>

#include <cstdint>
#include <initializer_list>
#include <string_view>

/// The questions about an error that the decision table of `explain` asks, each with one answer for every backend:
/// none looks at the backend or its native code.
namespace tls::detail::when {

using question = bool (*)(error const&) noexcept;

/// True if the answer to every question is yes.
template <question... Questions> [[nodiscard]] constexpr bool all(error const& e) noexcept {
    return (Questions(e) && ...);
}
/// True if the answer to any question is yes.
template <question... Questions> [[nodiscard]] constexpr bool any(error const& e) noexcept {
    return (Questions(e) || ...);
}
template <question Question> [[nodiscard]] constexpr bool no(error const& e) noexcept { return !Question(e); }
template <errc... Codes> [[nodiscard]] constexpr bool code(error const& e) noexcept {
    return ((e.code == Codes) || ...);
}
/// A problem that was found in addition to the one that counts.
template <errc Problem> [[nodiscard]] constexpr bool also(error const& e) noexcept { return e.problems.has(Problem); }
template <alert... Alerts> [[nodiscard]] constexpr bool got(error const& e) noexcept {
    return e.received && ((*e.received == Alerts) || ...);
}
template <tls::phase Phase> [[nodiscard]] constexpr bool in(error const& e) noexcept { return e.phase == Phase; }

// Our identity.

[[nodiscard]] constexpr bool asked(error const& e) noexcept { return e.handshake.client_certificate_requested == true; }
[[nodiscard]] constexpr bool not_asked(error const& e) noexcept {
    return e.handshake.client_certificate_requested == false;
}
[[nodiscard]] constexpr bool sent_none(error const& e) noexcept {
    return asked(e) && e.handshake.certificates_sent == std::uint16_t{0};
}
/// Our identity was sent, or may have been.
[[nodiscard]] constexpr bool sent_identity(error const& e) noexcept {
    auto const& sent = e.handshake.certificates_sent;
    return asked(e) && (sent ? *sent != 0 : e.client.has_identity);
}
[[nodiscard]] constexpr bool has_identity(error const& e) noexcept { return e.client.known && e.client.has_identity; }
[[nodiscard]] constexpr bool is_anonymous(error const& e) noexcept { return e.client.known && !e.client.has_identity; }
[[nodiscard]] constexpr bool key_is_rsa(error const& e) noexcept { return has_identity(e) && e.client.key_is_rsa; }
[[nodiscard]] constexpr bool key_is_ec(error const& e) noexcept { return has_identity(e) && !e.client.key_is_rsa; }

/// An alert with which servers refuse a certificate, or one that some servers send instead.
[[nodiscard]] constexpr bool got_refusal(error const& e) noexcept {
    return code<errc::peer_rejected_certificate>(e) ||
           got<alert::handshake_failure, alert::decode_error, alert::decrypt_error, alert::internal_error>(e);
}
/// The connection ended and no alert said why.
[[nodiscard]] constexpr bool ended_without_alert(error const& e) noexcept {
    bool const broken = code<errc::io_error>(e) && e.phase != phase::connecting && e.phase != phase::configuring;
    return !e.received && (broken || code<errc::peer_closed, errc::truncated, errc::closed>(e));
}
/// Under TLS 1.2 a server has judged us before the handshake ends; under TLS 1.3 it does so afterwards.
[[nodiscard]] constexpr bool accepted_before(error const& e) noexcept {
    bool const in_session = e.phase > phase::handshake;
    return in_session && e.handshake.version == protocol_version::tls_1_2 && !code<errc::peer_rejected_certificate>(e);
}
[[nodiscard]] constexpr bool may_be_refused(error const& e) noexcept {
    return !accepted_before(e) && (got_refusal(e) || ended_without_alert(e));
}
/// The server refused the certificate we sent, or may have.
[[nodiscard]] constexpr bool identity_refused(error const& e) noexcept {
    return sent_identity(e) && may_be_refused(e) && !code<errc::closed>(e);
}
/// The server refused us for sending no certificate, or may have.
[[nodiscard]] constexpr bool absence_refused(error const& e) noexcept { return sent_none(e) && may_be_refused(e); }

// Certificates and the clock.

/// A failure of the server's certificate: our verdict.
[[nodiscard]] constexpr bool verdict(error const& e) noexcept { return is_about_server_certificate(e.code); }
[[nodiscard]] constexpr bool has_dates(error const& e) noexcept { return e.certificate.known() && e.clock != 0; }
/// `certificate` is ours.
[[nodiscard]] constexpr bool ours(error const& e) noexcept {
    return !verdict(e) && e.certificate.known() && has_identity(e);
}
[[nodiscard]] constexpr bool clock_is_unset(error const& e) noexcept {
    return e.clock != 0 && is_time_of_unset_clock(e.clock);
}
[[nodiscard]] constexpr bool is_over(error const& e) noexcept {
    return has_dates(e) && !clock_is_unset(e) && e.clock > e.certificate.not_after;
}
[[nodiscard]] constexpr bool is_to_come(error const& e) noexcept {
    return has_dates(e) && !clock_is_unset(e) && e.clock < e.certificate.not_before;
}
[[nodiscard]] constexpr bool is_valid_now(error const& e) noexcept {
    return has_dates(e) && !clock_is_unset(e) && !is_over(e) && !is_to_come(e);
}
[[nodiscard]] constexpr bool fooled_by_clock(error const& e) noexcept {
    return code<errc::expired, errc::not_yet_valid>(e) && clock_is_unset(e);
}
/// We have to act, whatever the code alone says.
[[nodiscard]] constexpr bool is_up_to_us(error const& e) noexcept {
    return fooled_by_clock(e) || (absence_refused(e) && got_refusal(e));
}
[[nodiscard]] constexpr bool is_leaf(error const& e) noexcept { return e.problem_depth == 0; }

/// The server names the authorities it accepts, and none of them issued a certificate of ours.
[[nodiscard]] constexpr bool issuer_not_named(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    return accepts && accepts->issuer_count != 0 && !accepts->names_our_issuer;
}
[[nodiscard]] constexpr bool intermediate_may_be_missing(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    bool const issuer_is_known_there = accepts && accepts->names_our_issuer;
    return has_identity(e) && e.client.chain_size == 1 && !e.client.chain_ends_self_signed && !issuer_is_known_there;
}
[[nodiscard]] constexpr bool is_self_signed(error const& e) noexcept {
    return has_identity(e) && e.client.chain_size == 1 && e.client.chain_ends_self_signed;
}

// What was offered, and what came.

[[nodiscard]] constexpr bool only_1_2(error const& e) noexcept {
    return e.client.known && e.client.highest_version == protocol_version::tls_1_2;
}
[[nodiscard]] constexpr bool only_1_3(error const& e) noexcept {
    return e.client.known && e.client.lowest_version == protocol_version::tls_1_3;
}
[[nodiscard]] constexpr bool offered_a_session(error const& e) noexcept { return e.handshake.session_offered == true; }
/// The server has chosen a suite, so up to then it found what we offered acceptable.
[[nodiscard]] constexpr bool agreed(error const& e) noexcept { return e.handshake.suite.known(); }
[[nodiscard]] constexpr bool nothing_came(error const& e) noexcept {
    return e.phase == phase::handshake && !e.handshake.last_received && !e.handshake.version && !e.received;
}
[[nodiscard]] constexpr bool something_came(error const& e) noexcept {
    return e.phase == phase::handshake && !nothing_came(e);
}
/// What the library as built cannot use of an identity: `about` ends in the name of it (credentials/own_key.hpp).
[[nodiscard]] constexpr bool encryption_unsupported(error const& e) noexcept {
    return code<errc::unsupported>(e) && e.about.view().find("encryption") != std::string_view::npos;
}
[[nodiscard]] constexpr bool key_unsupported(error const& e) noexcept {
    std::string_view const what = e.about.view();
    bool const named = what.ends_with(" key") || what.find("RSA key of ") != std::string_view::npos ||
                       what.find("EC key ") != std::string_view::npos;
    return code<errc::unsupported>(e) && named;
}
[[nodiscard]] constexpr bool certificate_unsupported(error const& e) noexcept {
    return code<errc::unsupported>(e) && e.about.view().ends_with("reading certificate 1");
}

[[nodiscard]] constexpr bool has_about(error const& e) noexcept { return !e.about.empty(); }

/// What arrived begins with one of these texts.
[[nodiscard]] constexpr bool about_begins(error const& e, std::initializer_list<std::string_view> with) noexcept {
    for (std::string_view const text : with)
        if (e.about.view().starts_with(text)) return true;
    return false;
}
[[nodiscard]] constexpr bool sounds_like_http(error const& e) noexcept {
    return about_begins(e, {"HTTP/", "<html", "<HTML", "<!DOC", "<!doc"});
}
/// SMTP and FTP, POP3, IMAP.
[[nodiscard]] constexpr bool sounds_like_a_greeting(error const& e) noexcept {
    return about_begins(e, {"220", "421", "500", "502", "554", "+OK", "-ERR", "* OK", "* BYE"});
}

} // namespace tls::detail::when

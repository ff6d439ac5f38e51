// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/acceptance.hpp>
#include <tls/core/alert.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <cerrno>
#include <cstddef>
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
[[nodiscard]] constexpr bool has_identity(error const& e) noexcept { return e.client.known && e.client.has_identity; }
/// We have several identities.
[[nodiscard]] constexpr bool has_several(error const& e) noexcept {
    return has_identity(e) && e.client.keys[1] != own_key_kind::none;
}
/// Our identity was sent, or may have been.
[[nodiscard]] constexpr bool sent_identity(error const& e) noexcept {
    auto const& sent = e.handshake.certificates_sent;
    bool const has_none = e.client.known && !e.client.has_identity;
    return asked(e) && !has_none && (sent ? *sent != 0 : has_identity(e));
}
[[nodiscard]] constexpr bool key_is_rsa(error const& e) noexcept { return has_identity(e) && e.client.key_is_rsa; }
[[nodiscard]] constexpr bool key_is_ec(error const& e) noexcept { return has_identity(e) && !e.client.key_is_rsa; }
/// Extended key usage keeps our certificate from being a client's.
[[nodiscard]] constexpr bool not_for_clients(error const& e) noexcept {
    return has_identity(e) && !e.client.may_authenticate;
}

/// We know the server by a pre-shared key and nothing else.
[[nodiscard]] constexpr bool has_psk(error const& e) noexcept { return e.client.known && e.client.has_psk; }

[[nodiscard]] constexpr bool is_tls_1_2(error const& e) noexcept {
    return e.handshake.version == protocol_version::tls_1_2;
}
[[nodiscard]] constexpr bool is_tls_1_3(error const& e) noexcept {
    return e.handshake.version == protocol_version::tls_1_3;
}
[[nodiscard]] constexpr bool in_session(error const& e) noexcept { return e.phase > phase::handshake; }
/// The server has accepted our certificate, or that we sent none, before this failure. Under TLS 1.2 it has done so by
/// the end of the handshake.
[[nodiscard]] constexpr bool was_accepted(error const& e) noexcept {
    return e.acceptance == acceptance::accepted || (in_session(e) && is_tls_1_2(e));
}
/// Data came that the server may have sent before it judged us.
[[nodiscard]] constexpr bool came_early(error const& e) noexcept {
    return in_session(e) && e.bytes_read != 0 && !was_accepted(e);
}

/// Any application data came.
[[nodiscard]] constexpr bool came_any_data(error const& e) noexcept { return e.bytes_read != 0; }

/// The peer said no, by the alert that decides.
[[nodiscard]] constexpr bool peer_said_no(error const& e) noexcept {
    return code<errc::peer_rejected_certificate, errc::handshake_refused, errc::peer_alert>(e) && e.received;
}
/// An alert with which servers refuse a certificate, or one that some servers send instead.
[[nodiscard]] constexpr bool got_refusal(error const& e) noexcept {
    return code<errc::peer_rejected_certificate>(e) ||
           (peer_said_no(e) &&
            got<alert::handshake_failure, alert::decode_error, alert::decrypt_error, alert::internal_error>(e));
}
/// The connection ended and no alert said why.
[[nodiscard]] constexpr bool ended_without_alert(error const& e) noexcept {
    bool const broken = code<errc::io_error>(e) && e.phase != phase::connecting && e.phase != phase::configuring;
    return !e.received && (broken || code<errc::peer_closed, errc::truncated, errc::closed>(e));
}
[[nodiscard]] constexpr bool may_be_refused(error const& e) noexcept {
    if (code<errc::peer_rejected_certificate>(e)) return true;
    return !was_accepted(e) && (got_refusal(e) || (ended_without_alert(e) && !came_early(e)));
}
/// The server refused the certificate we sent, or may have.
[[nodiscard]] constexpr bool identity_refused(error const& e) noexcept {
    return sent_identity(e) && may_be_refused(e) && !code<errc::closed>(e);
}
/// The server refused us for sending no certificate, or may have.
[[nodiscard]] constexpr bool absence_refused(error const& e) noexcept { return sent_none(e) && may_be_refused(e); }
/// It ended after data that may have left before it judged us.
[[nodiscard]] constexpr bool refused_after_early_data(error const& e) noexcept {
    return asked(e) && (sent_identity(e) || sent_none(e)) && came_early(e) && ended_without_alert(e);
}
/// The server has found the way from our certificate to an authority it knows: it has accepted it before, or sends an
/// alert that says what is wrong with it.
[[nodiscard]] constexpr bool found_path(error const& e) noexcept {
    return was_accepted(e) ||
           got<alert::unsupported_certificate, alert::certificate_revoked, alert::certificate_expired>(e);
}
/// Our certificate's key is on a curve that we did not offer, which counts under TLS 1.2 (RFC 8422 section 5.1.1).
[[nodiscard]] constexpr bool curve_refused(error const& e) noexcept {
    bool const alert = peer_said_no(e) && !found_path(e) && !got<alert::unknown_ca, alert::certificate_required>(e);
    bool const refused = (alert || ended_without_alert(e)) && !was_accepted(e);
    return sent_identity(e) && key_is_ec(e) && !e.client.key_group_offered && !is_tls_1_3(e) && refused;
}
/// The alert can only be about a certificate of ours, or the lack of one.
[[nodiscard]] constexpr bool got_certificate_alert(error const& e) noexcept {
    using enum alert;
    return got<
        no_certificate, bad_certificate, unsupported_certificate, certificate_revoked, certificate_expired,
        certificate_unknown, unknown_ca, access_denied, certificate_required, certificate_unobtainable>(e);
}

/// The alert belongs into a handshake: it says that nothing can be agreed on.
[[nodiscard]] constexpr bool got_negotiation_alert(error const& e) noexcept {
    using enum alert;
    return got<
        handshake_failure, protocol_version, insufficient_security, inappropriate_fallback, missing_extension,
        unsupported_extension, unrecognized_name, unknown_psk_identity, no_application_protocol>(e);
}

// What the server accepts from our key.

/// The whole list is known.
[[nodiscard]] constexpr bool knows_schemes(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    return accepts && accepts->scheme_count != 0 && accepts->scheme_count <= accepts->schemes.size();
}
template <bool (*Fits)(error const&, signature_scheme) noexcept>
[[nodiscard]] constexpr bool names_scheme(error const& e) noexcept {
    if (!knows_schemes(e)) return false;
    auto const& accepts = *e.handshake.server_accepts;
    for (std::size_t i = 0; i != accepts.scheme_count; ++i)
        if (Fits(e, accepts.schemes[i])) return true;
    return false;
}
[[nodiscard]] constexpr bool is_pkcs1(error const&, signature_scheme s) noexcept {
    auto const number = static_cast<unsigned>(s);
    return (number & 0xffU) == 1 && number <= 0x0601;
}
[[nodiscard]] constexpr bool is_rsae(error const&, signature_scheme s) noexcept {
    using enum signature_scheme;
    return s == rsa_pss_rsae_sha256 || s == rsa_pss_rsae_sha384 || s == rsa_pss_rsae_sha512;
}
[[nodiscard]] constexpr bool is_ecdsa(error const&, signature_scheme s) noexcept { return tls::is_ecdsa(s); }
/// Our key can make such a signature in the version in use; true while the version is not known.
[[nodiscard]] constexpr bool fits_our_key(error const& e, signature_scheme s) noexcept {
    if (e.client.key_is_rsa) return is_rsae(e, s) || (is_pkcs1(e, s) && !is_tls_1_3(e));
    return is_tls_1_3(e) ? s == e.client.key_scheme && s != signature_scheme{} : is_ecdsa(e, s);
}

/// The same, with a scheme that this client uses at all.
[[nodiscard]] constexpr bool is_allowed(error const& e, signature_scheme s) noexcept {
    return fits_our_key(e, s) && (e.client.schemes.empty() || e.client.schemes.has(s));
}
/// The same, with a scheme of the signer that has our key.
[[nodiscard]] constexpr bool is_used(error const& e, signature_scheme s) noexcept {
    return is_allowed(e, s) && (e.client.signer_schemes.empty() || e.client.signer_schemes.has(s));
}

/// Our key fits nothing that the server accepts, and it is the only one.
[[nodiscard]] constexpr bool cannot_sign(error const& e) noexcept {
    return code<errc::unusable_identity>(e) && !has_several(e);
}
/// None of our keys does.
[[nodiscard]] constexpr bool none_can_sign(error const& e) noexcept {
    return code<errc::unusable_identity>(e) && has_several(e);
}
/// The server accepts a signature of this kind of key, whether or not we make it; at any version while it is not known.
[[nodiscard]] constexpr bool accepts_key(error const& e, own_key_kind k) noexcept {
    scheme_set const known = e.handshake.server_accepts->known;
    for (signature_scheme const s : known_schemes) {
        if (!known.has(s)) continue;
        if (k == own_key_kind::rsa ? !tls::is_ecdsa(s) && (!is_tls_1_3(e) || is_for_tls_1_3(s)) : tls::is_ecdsa(s))
            return true;
    }
    return false;
}

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
/// The library cannot ask for the status that the certificate promises, as `verify::stapling` says.
[[nodiscard]] constexpr bool cannot_ask_for_status(error const& e) noexcept {
    return code<errc::no_stapled_status>(e) && e.about.view().ends_with("cannot ask");
}
/// We have to act, whatever the code alone says.
[[nodiscard]] constexpr bool is_up_to_us(error const& e) noexcept {
    return fooled_by_clock(e) || curve_refused(e) || cannot_ask_for_status(e) || (absence_refused(e) && got_refusal(e));
}
[[nodiscard]] constexpr bool is_leaf(error const& e) noexcept { return e.problem_depth == 0; }

/// The server names the authorities it accepts, and none of them issued a certificate of ours.
[[nodiscard]] constexpr bool issuer_not_named(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    return accepts && accepts->issuer_count != 0 && !accepts->names_our_issuer && !found_path(e);
}
[[nodiscard]] constexpr bool intermediate_may_be_missing(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    bool const issuer_is_known_there = found_path(e) || (accepts && accepts->names_our_issuer);
    return has_identity(e) && e.client.chain_size == 1 && !e.client.chain_ends_self_signed && !issuer_is_known_there;
}
/// One of the authorities that the server names issued a certificate of ours.
[[nodiscard]] constexpr bool issuer_named(error const& e) noexcept {
    auto const& accepts = e.handshake.server_accepts;
    return accepts && accepts->issuer_count != 0 && accepts->names_our_issuer;
}
[[nodiscard]] constexpr bool is_self_signed(error const& e) noexcept {
    return !found_path(e) && has_identity(e) && e.client.chain_size == 1 && e.client.chain_ends_self_signed;
}

// The server's name.

[[nodiscard]] constexpr bool has_about(error const& e) noexcept { return !e.about.empty(); }
/// For a verdict: `about` is the server's name, and not what a further rule says.
[[nodiscard]] constexpr bool about_is_the_name(error const& e) noexcept {
    return !code<
        errc::pin_mismatch, errc::refused_by_application, errc::revoked, errc::revocation_unknown,
        errc::bad_stapled_status, errc::no_stapled_status>(e);
}

/// What the server asked for after the handshake.
[[nodiscard]] constexpr bool asked_to_renegotiate(error const& e) noexcept {
    return e.code == errc::unsupported_peer_request && e.about.view() == "renegotiation";
}
[[nodiscard]] constexpr bool asked_for_certificate_late(error const& e) noexcept {
    return e.code == errc::unsupported_peer_request && e.about.view() == name(handshake_message::certificate_request);
}
[[nodiscard]] constexpr bool asked_for_new_keys(error const& e) noexcept {
    return e.code == errc::unsupported_peer_request && e.about.view() == name(handshake_message::key_update);
}
/// Where a handshake timed out: it waited for a signature of ours (connection/connection.hpp).
[[nodiscard]] constexpr bool about_signature(error const& e) noexcept { return e.about.view() == "signature"; }
[[nodiscard]] constexpr bool signature_was_late(error const& e) noexcept {
    return code<errc::timeout>(e) && in<phase::handshake>(e) && about_signature(e);
}
/// The server has to act, whatever the code alone says.
[[nodiscard]] constexpr bool is_up_to_peer(error const& e) noexcept {
    return asked_to_renegotiate(e) || asked_for_certificate_late(e);
}
[[nodiscard]] constexpr bool knows_certificate(error const& e) noexcept { return e.certificate.known(); }
[[nodiscard]] constexpr bool has_issuer(error const& e) noexcept { return !e.certificate.issuer.empty(); }
/// The certificate has names that count, and they are known.
[[nodiscard]] constexpr bool has_names(error const& e) noexcept {
    return e.certificate.known() && !e.certificate.names.empty() && !e.certificate.names_are_subject;
}
/// The certificate has no name that counts.
[[nodiscard]] constexpr bool has_no_names(error const& e) noexcept {
    return e.certificate.known() && e.certificate.names_are_subject;
}
template <near_match Match> [[nodiscard]] constexpr bool nearly(error const& e) noexcept {
    return e.certificate.known() && e.certificate.nearly == Match;
}
[[nodiscard]] constexpr bool sent_no_name(error const& e) noexcept { return e.handshake.server_name_sent == false; }
/// The server sent certificates beside its own.
[[nodiscard]] constexpr bool sent_more_than_leaf(error const& e) noexcept { return e.certificates_received > 1; }

// What was offered, and what came.

[[nodiscard]] constexpr bool only_1_2(error const& e) noexcept {
    return e.client.known && e.client.highest_version == protocol_version::tls_1_2;
}
[[nodiscard]] constexpr bool only_1_3(error const& e) noexcept {
    return e.client.known && e.client.lowest_version == protocol_version::tls_1_3;
}
[[nodiscard]] constexpr bool knows_version(error const& e) noexcept { return e.handshake.version.known(); }
/// The server chose a version outside of what we offered.
[[nodiscard]] constexpr bool chose_other_version(error const& e) noexcept {
    auto const& v = e.handshake.version;
    return e.client.known && v && (*v < e.client.lowest_version || *v > e.client.highest_version);
}
[[nodiscard]] constexpr bool chose_other_suite(error const& e) noexcept {
    return e.client.known && e.handshake.suite && !e.client.suites.has(*e.handshake.suite);
}
[[nodiscard]] constexpr bool chose_other_group(error const& e) noexcept {
    return e.client.known && e.handshake.group && !e.client.groups.has(*e.handshake.group);
}
[[nodiscard]] constexpr bool knows_group(error const& e) noexcept { return e.handshake.group.known(); }
/// The suite belongs to the version in use, or to one of those offered.
[[nodiscard]] constexpr bool is_possible(error const& e, cipher_suite s) noexcept {
    if (e.handshake.version) return *e.handshake.version == version_of(s);
    return e.client.lowest_version <= version_of(s) && version_of(s) <= e.client.highest_version;
}
/// We left out suites that this library knows.
[[nodiscard]] constexpr bool few_suites(error const& e) noexcept {
    if (!e.client.known || e.client.suites.empty()) return false;
    auto const usable = e.client.has_psk ? is_for_pre_shared_keys : is_for_certificates;
    for (cipher_suite const s : known_suites)
        if (usable(s) && is_possible(e, s) && !e.client.suites.has(s)) return true;
    return false;
}
[[nodiscard]] constexpr bool few_groups(error const& e) noexcept {
    if (!e.client.known || e.client.groups.empty()) return false;
    for (named_group const g : groups_by_default)
        if (!e.client.groups.has(g)) return true;
    return false;
}
[[nodiscard]] constexpr bool offered_groups(error const& e) noexcept {
    return e.client.known && !e.client.groups.empty();
}
[[nodiscard]] constexpr bool offered_no_protocols(error const& e) noexcept { return e.client.offers_alpn == false; }
[[nodiscard]] constexpr bool offered_a_session(error const& e) noexcept { return e.handshake.session_offered == true; }
/// A failure that a session can be the reason of: one of the peer, before it has asked for a certificate, which it
/// would not do if it resumed.
[[nodiscard]] constexpr bool may_be_for_a_session(error const& e) noexcept {
    using enum errc;
    bool const fits = code<
        peer_closed, io_error, no_common_version, no_common_suite, no_common_group, handshake_refused, alpn_mismatch,
        peer_alert, bad_record_mac, unexpected_message, decode_error, illegal_parameter, bad_handshake_signature,
        internal>(e);
    return fits && in<phase::handshake>(e) && !asked(e) && e.certificates_received == 0;
}
/// The server has chosen a suite, so up to then it found what we offered acceptable.
[[nodiscard]] constexpr bool agreed(error const& e) noexcept { return e.handshake.suite.known(); }
[[nodiscard]] constexpr bool nothing_came(error const& e) noexcept {
    return e.phase == phase::handshake && !e.handshake.last_received && !e.handshake.version && !e.received &&
           !asked(e);
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

/// The transport says that the peer reset the connection.
[[nodiscard]] constexpr bool was_reset(error const& e) noexcept {
    return code<errc::io_error>(e) && (e.system == ECONNRESET || e.system == EPIPE);
}

// Whose turn it is.

/// The server may be right and we too narrow, or the other way round.
[[nodiscard]] constexpr bool is_up_to_either(error const& e) noexcept {
    using enum errc;
    if (code<untrusted, self_signed, bad_signature, not_yet_valid>(e)) return true;
    if (code<name_mismatch>(e)) return !has_no_names(e) && !nearly<near_match::address_as_dns_name>(e);
    if (in_session(e) && topic_of(e.code) == errc_topic::peer && e.code != peer_rejected_certificate)
        return refused_after_early_data(e);
    if (code<alpn_mismatch, unrecognized_name, psk_not_accepted, psk_mismatch>(e)) return true;
    if (code<no_common_version>(e)) return only_1_2(e) || only_1_3(e);
    if (code<no_common_suite>(e)) return few_suites(e) || only_1_2(e) || only_1_3(e);
    if (code<no_common_group>(e)) return few_groups(e);
    return (code<handshake_refused>(e) && !agreed(e)) || identity_refused(e) || refused_after_early_data(e);
}

} // namespace tls::detail::when

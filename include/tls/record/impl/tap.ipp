// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/record/checks.hpp>
#include <tls/record/tap.hpp>

#include <algorithm>
#include <cstring>

namespace tls::detail {
namespace tap_wire {

inline constexpr std::uint8_t fatal = 2;
inline constexpr std::uint8_t named_curve = 3;

[[nodiscard]] constexpr std::uint16_t u16(std::span<std::uint8_t const> at) noexcept {
    return static_cast<std::uint16_t>((at[0] << 8) | at[1]);
}

[[nodiscard]] constexpr std::uint32_t u32(std::span<std::uint8_t const> at) noexcept {
    return (static_cast<std::uint32_t>(u16(at)) << 16) | u16(at.subspan(2));
}

} // namespace tap_wire

/// The body of ec_point_formats: a length and then formats, of which 0 is the uncompressed one.
[[nodiscard]] inline bool has_uncompressed_points(std::span<std::uint8_t const> body) noexcept {
    if (body.empty() || body[0] != body.size() - 1) return false;
    auto const formats = body.subspan(1);
    return std::ranges::find(formats, std::uint8_t{0}) != formats.end();
}

TWINTLS_DECL void tap::observe(direction& d, std::span<std::byte const> bytes) noexcept {
    while (auto const piece = d.records.next(bytes))
        if (piece->begins)
            record_begins(d);
        else if (d.clear.has_clear(d.records) || d.records.type() == record_type::change_cipher_spec)
            record_body(d, piece->body);
}

TWINTLS_DECL void tap::record_begins(direction& d) noexcept {
    bool const plausible = is_tls(d.records);
    if (d.inbound && d.first_record && !plausible) {
        seen_.not_tls = true;
        seen_.first_bytes = d.records.header();
    }
    d.first_record = false;
    if (d.inbound && ++records_ > limits::handshake_records) note_violation(errc::flooded);
    if (!plausible) d.clear.end();
    bool const keys_in_use = seen_.server_hello && seen_.version == protocol_version::tls_1_3;
    // RFC 8446 section 5.1: an alert that is not encrypted is one record of two bytes.
    bool const in_wrong_record = d.records.type() == record_type::handshake ||
                                 (d.records.type() == record_type::alert && d.records.length() != 2);
    if (d.inbound && keys_in_use && in_wrong_record) {
        note_violation(errc::unexpected_message);
        d.clear.end();
    }
    bool const is_clear = d.clear.has_clear(d.records);
    if (d.inbound && seen_.max_fragment &&
        d.records.length() > longest_record(*seen_.max_fragment, !is_clear, seen_.version == protocol_version::tls_1_3))
        note_violation(errc::record_overflow);
    if (d.inbound && d.records.type() == record_type::change_cipher_spec) {
        if (d.records.length() != 1) note_violation(errc::unexpected_message);
        note_ignored();
    }
    // RFC 5077 section 3.4: in TLS 1.2 a resumption shows in what comes instead of a Certificate, not in the session
    // id.
    bool const no_certificate = seen_.last_received == handshake_message::server_hello ||
                                (seen_.last_received == handshake_message::new_session_ticket && !certificate_seen_);
    if (d.inbound && d.records.type() == record_type::change_cipher_spec && seen_.server_hello && no_certificate &&
        seen_.version == protocol_version::tls_1_2)
        seen_.resumed = true;
    d.clear.begins(d.records, seen_.server_hello);
}

TWINTLS_DECL void tap::record_body(direction& d, std::span<std::byte const> part) noexcept {
    if (d.records.type() == record_type::handshake) handshake_body(d, part);
    if (d.records.type() == record_type::alert) alert_body(d, part);
    if (d.records.type() == record_type::change_cipher_spec && d.inbound && part.front() != std::byte{1})
        note_violation(errc::unexpected_message);
}

TWINTLS_DECL void tap::alert_body(direction& d, std::span<std::byte const> part) noexcept {
    for (std::byte const b : part) {
        auto const value = std::to_integer<std::uint8_t>(b);
        if (!d.alert_level_seen) {
            d.alert_level = value;
            d.alert_level_seen = true;
            continue;
        }
        d.alert_level_seen = false;
        // RFC 8446 section 6: in TLS 1.3 the level says nothing.
        bool const says_level = !seen_.server_hello || seen_.version != protocol_version::tls_1_3;
        bool const in_order = value == number(alert::close_notify) || value == number(alert::user_canceled);
        if (says_level ? d.alert_level != tap_wire::fatal : in_order) {
            if (d.inbound) note_ignored();
            continue;
        }
        auto& slot = d.inbound ? seen_.alert_received : seen_.alert_sent;
        if (!slot) slot = static_cast<alert>(value);
    }
}

TWINTLS_DECL void tap::handshake_body(direction& d, std::span<std::byte const> part) noexcept {
    while (auto const piece = d.messages.next(part)) {
        if (piece->begins)
            message_begins(d);
        else
            message_part(d, piece->body);
        if (piece->ends) message_ends(d);
    }
}

TWINTLS_DECL void tap::message_begins(direction& d) noexcept {
    d.captured = 0;
    d.entry_have = 0;
    d.entry_skip = 0;
    d.entry_length = 0;
    d.entries = 0;
    d.list_length_seen = false;
    if (d.inbound)
        note_violation(message_violation(
            d.messages, seen_.server_hello, seen_.last_received.value_or(handshake_message::hello_request),
            seen_.suite));
    if (is_request(d)) request_.begin(protocol_version::tls_1_2, ours_);
}

TWINTLS_DECL bool tap::is_request(direction const& d) const noexcept {
    return d.inbound && d.messages.type() == static_cast<std::uint8_t>(handshake_message::certificate_request) &&
           seen_.version == protocol_version::tls_1_2;
}

TWINTLS_DECL void tap::message_part(direction& d, std::span<std::byte const> part) noexcept {
    if (d.inbound) {
        std::size_t const n = std::min<std::size_t>(capture_.size() - d.captured, part.size());
        std::memcpy(capture_.data() + d.captured, part.data(), n);
        d.captured = static_cast<std::uint16_t>(d.captured + n);
        if (is_request(d)) request_.feed(part);
    } else if (d.messages.type() == static_cast<std::uint8_t>(handshake_message::certificate)) {
        count_certificates(d, part);
    }
}

TWINTLS_DECL void tap::message_ends(direction& d) noexcept {
    auto const type = static_cast<handshake_message>(d.messages.type());
    if (!d.inbound) {
        if (type == handshake_message::certificate) seen_.certificates_sent = d.entries;
        if (type == handshake_message::certificate_verify) seen_.signature_sent = true;
        return;
    }
    seen_.last_received = type;
    std::span<std::uint8_t const> const body(capture_.data(), d.captured);
    if (type == handshake_message::certificate) certificate_seen_ = true;
    bool const has_ticket =
        type == handshake_message::new_session_ticket && body.size() > 6 && tap_wire::u16(body.subspan(4)) != 0;
    if (has_ticket) seen_.ticket_lifetime = tap_wire::u32(body);
    if (type == handshake_message::server_hello) server_hello(body, d.captured == d.messages.length());
    if (type == handshake_message::server_hello && psk_is_required_ && seen_.server_hello) check_psk();
    if (type == handshake_message::certificate_request) seen_.certificate_requested = true;
    if (is_request(d)) {
        if (auto const* const accepted = request_.result()) seen_.server_accepts = *accepted;
        if (seen_.server_accepts && tell_ != nullptr) tell_(told_);
    }
    if (type == handshake_message::server_key_exchange) server_key_exchange(body);
}

/// RFC 8422 section 5.4; with a pre-shared key a hint of two bytes' length comes first (RFC 5489 section 2).
TWINTLS_DECL void tap::server_key_exchange(std::span<std::uint8_t const> body) noexcept {
    if (seen_.suite && !is_for_certificates(*seen_.suite)) {
        std::size_t const hint = body.size() < 2 ? 0 : 2U + tap_wire::u16(body);
        body = body.subspan(std::min(hint, body.size()));
    }
    if (body.size() < 3 || body[0] != tap_wire::named_curve) return;
    seen_.group = static_cast<named_group>(tap_wire::u16(body.subspan(1)));
    check_group(seen_.group);
}

// The body is a list length and then entries, each a length and a certificate; all lengths have three bytes.
TWINTLS_DECL void tap::count_certificates(direction& d, std::span<std::byte const> part) noexcept {
    while (!part.empty()) {
        if (d.entry_skip != 0) {
            std::size_t const n = std::min<std::size_t>(d.entry_skip, part.size());
            d.entry_skip -= static_cast<std::uint32_t>(n);
            part = part.subspan(n);
            continue;
        }
        d.entry_length = (d.entry_length << 8) | std::to_integer<std::uint32_t>(part.front());
        part = part.subspan(1);
        if (++d.entry_have < 3) continue;
        if (d.list_length_seen) {
            d.entry_skip = d.entry_length;
            if (d.entries < UINT16_MAX) ++d.entries;
        }
        d.list_length_seen = true;
        d.entry_have = 0;
        d.entry_length = 0;
    }
}

/// `whole` is false if the message was captured only in part.
TWINTLS_DECL void tap::server_hello(std::span<std::uint8_t const> body, bool whole) noexcept {
    constexpr std::size_t random_at = 2;
    constexpr std::size_t session_id_at = 34;
    constexpr std::size_t longest_session_id = 32;
    bool const malformed = body.size() <= session_id_at || body[session_id_at] > longest_session_id ||
                           body.size() < session_id_at + 1 + body[session_id_at] + 3;
    if (malformed) return note_violation(errc::decode_error);
    bool const is_retry = std::ranges::equal(body.subspan(random_at, retry_random.size()), retry_random);

    auto const legacy_version = static_cast<protocol_version>(tap_wire::u16(body));
    std::size_t at = session_id_at + 1 + body[session_id_at];
    if (!is_retry) {
        seen_.server_hello = true;
        seen_.session_id = body[session_id_at] != 0;
        seen_.version = legacy_version;
        seen_.suite = static_cast<cipher_suite>(tap_wire::u16(body.subspan(at)));
    }
    if (body[at + 2] != std::uint8_t{0}) note_violation(errc::illegal_parameter); // compression
    at += 3; // the suite and the compression method
    auto const session_id = body.subspan(session_id_at + 1, body[session_id_at]);
    if (body.size() < at + 2) {
        if (whole && body.size() != at) note_violation(errc::decode_error);
        if (!is_retry) check_tls_1_2_hello(session_id, {});
        return;
    }
    auto& group = is_retry ? seen_.group_asked_for : seen_.group;
    // What stands behind the list is no extension: a library may pass over it, and must not know less than we do.
    std::size_t const listed = tap_wire::u16(body.subspan(at));
    std::size_t const there = body.size() - at - 2;
    if (listed < there || (whole && listed != there)) note_violation(errc::decode_error);
    auto const list = body.subspan(at + 2, std::min(listed, there));
    auto extensions = list;
    bool selects_ticket = false;
    while (extensions.size() >= 4) {
        std::uint16_t const type = tap_wire::u16(extensions);
        std::size_t const length = tap_wire::u16(extensions.subspan(2));
        extensions = extensions.subspan(4);
        if (length > extensions.size()) {
            // Captured only in part: the group stands at the beginning of its extension.
            if (type == extension::key_share && extensions.size() >= 2)
                group = static_cast<named_group>(tap_wire::u16(extensions));
            break;
        }
        if (type == extension::supported_versions && length == 2 && !is_retry)
            seen_.version = static_cast<protocol_version>(tap_wire::u16(extensions));
        if (type == extension::key_share && length >= 2) group = static_cast<named_group>(tap_wire::u16(extensions));
        if (type == extension::extended_master_secret && !is_retry) seen_.extended_master_secret = true;
        if (type == extension::pre_shared_key && !is_retry) selects_ticket = true;
        extensions = extensions.subspan(length);
    }
    // TLS 1.2 has no such extension; a server that sends it must not make a full handshake look resumed.
    if (selects_ticket && seen_.version == protocol_version::tls_1_3) seen_.resumed = true;
    check_group(group);
    if (!is_retry && seen_.version == protocol_version::tls_1_2) check_tls_1_2_hello(session_id, list);
}

/// A server that takes the key says so in its hello: in TLS 1.3 by an extension, with a key share beside it (RFC 8446
/// section 4.2.9), in TLS 1.2 by the suite. A version that was not offered is another mistake.
TWINTLS_DECL void tap::check_psk() noexcept {
    bool const in_1_3 = seen_.version == protocol_version::tls_1_3;
    if (!in_1_3 && (seen_.version != protocol_version::tls_1_2 || !asked_.offers_tls_1_2)) return;
    bool const is_taken = in_1_3 ? seen_.resumed : seen_.suite && !is_for_certificates(*seen_.suite);
    if (!is_taken)
        note_violation(errc::psk_not_accepted);
    else if (in_1_3 && !seen_.group)
        note_violation(errc::illegal_parameter);
}

/// RFC 8446 section 4.2.8, RFC 8422 section 5.4: the group is one of those that were offered.
TWINTLS_DECL void tap::check_group(std::optional<named_group> const& chosen) noexcept {
    if (chosen && asked_.known && !asked_.has_group(*chosen)) note_violation(errc::no_common_group);
}

/// RFC 5246 section 7.4.1.4: a server answers what was asked, once; RFC 5746 section 3.4: this is no renegotiation; RFC
/// 8422 section 5.1.2: points may be uncompressed; RFC 6066 section 3 and RFC 7627 section 5.1: nothing is said about
/// the name and the extended master secret; RFC 6066 section 4: fragments are as long as was asked. And no session goes
/// on that none was offered for (RFC 8446 section 4.1.3: the session id of a client of TLS 1.3 names nothing).
TWINTLS_DECL void
tap::check_tls_1_2_hello(std::span<std::uint8_t const> session_id, std::span<std::uint8_t const> extensions) noexcept {
    if (!asked_.known || !asked_.offers_tls_1_2) return;
    // Both libraries offer a session of TLS 1.2 at that version only.
    bool const names_nothing = asked_.offers_tls_1_3 && !asked_.offers_ticket;
    if (asked_.fragment != 0) seen_.max_fragment = std::uint16_t{0};
    bool good = session_id.empty() || !names_nothing || !asked_.has_session_id(session_id);
    extension_set answered;
    while (good && extensions.size() >= 4) {
        std::uint16_t const type = tap_wire::u16(extensions);
        std::size_t const length = tap_wire::u16(extensions.subspan(2));
        extensions = extensions.subspan(4);
        if (length > extensions.size()) break; // captured only in part
        auto const content = extensions.first(length);
        extensions = extensions.subspan(length);
        bool const was_asked = type == extension::renegotiation_info || asked_.extensions.has(type);
        good = was_asked && !answered.has(type);
        answered.add(type);
        if (type == extension::max_fragment_length) {
            std::uint16_t const fragment = length == 1 ? limits::fragment_length(content[0]) : std::uint16_t{0};
            good = good && fragment != 0 && fragment == asked_.fragment;
            seen_.max_fragment = fragment;
        }
        if (type == extension::renegotiation_info) good = good && length == 1 && content[0] == 0;
        if (type == extension::server_name || type == extension::extended_master_secret) good = good && length == 0;
        if (type == extension::ec_point_formats) good = good && has_uncompressed_points(content);
    }
    if (!good) note_violation(errc::illegal_parameter);
}

} // namespace tls::detail

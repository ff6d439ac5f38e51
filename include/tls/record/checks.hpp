// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/framing.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/protocol.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// What is wrong with the peer's bytes, as far as headers show. The libraries only say that something is wrong, each in
/// its own way.
namespace tls::detail {

/// Longer handshake messages are not waited for: the longest honest one is a chain of nine certificates.
inline constexpr std::uint32_t max_message = 0x20000;

/// What is wrong with the record at which a library gave up, judging by its header; ok if that shows nothing.
///
/// RFC 8446 sections 5.1 and 5.2, RFC 5246 sections 6.2.1 and 6.2.3.
[[nodiscard]] inline errc record_violation(record_splitter const& at, bool keys_in_use, bool tls_1_3) noexcept {
    constexpr std::uint32_t largest_fragment = 16384;
    // Under TLS 1.3 the type and the tag: no cipher suite that is offered has a longer one.
    std::uint32_t const overhead = !keys_in_use ? 0 : tls_1_3 ? 1 + 16 : 2048;
    std::uint8_t const type = at.type();
    if (type < record_type::change_cipher_spec || type > record_type::application_data) return errc::unexpected_message;
    // RFC 8446 section 5.2: the same two bytes in every version once keys are in use.
    if (at.header()[1] != 3 || (keys_in_use && at.header()[2] != 3)) return errc::decode_error;
    if (at.length() > largest_fragment + overhead) return errc::record_overflow;
    if (type == record_type::change_cipher_spec) return errc::unexpected_message; // its content cannot be wrong
    bool const is_data = type == record_type::application_data;
    if (is_data && !keys_in_use) return errc::unexpected_message;
    if (is_data && at.length() == 0) return errc::bad_record_mac;
    bool const too_short = at.length() == 0 || (type == record_type::alert && at.length() == 1);
    return too_short ? errc::decode_error : errc::ok;
}

/// The most bytes of a record's body where fragments of at most this length were agreed on; 0: the most there are.
///
/// RFC 6066 section 4. What an AEAD adds: under TLS 1.3 the type and the tag, under TLS 1.2 at most nonce and tag.
[[nodiscard]] constexpr std::uint32_t longest_record(std::uint16_t fragment, bool keys_in_use, bool tls_1_3) noexcept {
    if (fragment == 0) return UINT16_MAX;
    return fragment + (!keys_in_use ? 0U : tls_1_3 ? 1U + 16U : 8U + 16U);
}

/// What a server is told that breaks the protocol in this way (RFC 8446 section 6.2).
[[nodiscard]] constexpr alert alert_for(errc violation) noexcept {
    switch (violation) {
    case errc::unexpected_message:
    case errc::flooded: return alert::unexpected_message;
    case errc::decode_error: return alert::decode_error;
    case errc::record_overflow: return alert::record_overflow;
    case errc::chain_too_long: return alert::bad_certificate;
    case errc::psk_not_accepted:
    case errc::no_peer_certificate: return alert::handshake_failure;
    default: return alert::illegal_parameter;
    }
}

/// The place of a message in a server's unencrypted flight, from 1 on; 0 if it has none there.
[[nodiscard]] constexpr int place_in_flight(handshake_message type) noexcept {
    switch (type) {
    case handshake_message::server_hello: return 1;
    case handshake_message::certificate: return 2;
    case handshake_message::certificate_status: return 3;
    case handshake_message::server_key_exchange: return 4;
    case handshake_message::certificate_request: return 5;
    case handshake_message::server_hello_done: return 6;
    case handshake_message::new_session_ticket: return 7;
    default: return 0;
    }
}

/// What is wrong with an unencrypted handshake message, judging by its header and by what came before; ok if that shows
/// nothing.
///
/// RFC 5246 section 7.4: the order of messages; no certificates with a pre-shared key. A HelloRequest inside a
/// handshake is to be ignored (section 7.4.1.1); neither library does.
[[nodiscard]] inline errc message_violation(
    message_splitter const& at, bool after_server_hello, handshake_message last,
    std::optional<cipher_suite> suite) noexcept {
    constexpr std::uint32_t empty_list = 3;
    auto const type = static_cast<handshake_message>(at.type());
    bool const in_order =
        after_server_hello ? place_in_flight(type) > place_in_flight(last) : type == handshake_message::server_hello;
    bool const about_certificates = type == handshake_message::certificate ||
                                    type == handshake_message::certificate_status ||
                                    type == handshake_message::certificate_request;
    bool const belongs = !about_certificates || !suite || is_for_certificates(*suite);
    if (!in_order || !belongs) return errc::unexpected_message;
    if (type == handshake_message::certificate && at.length() == empty_list) return errc::no_peer_certificate;
    // TLS 1.2: each certificate has its length in three bytes, and so has the list.
    constexpr std::size_t lengths = 3 + 3 * (limits::certificates + 1);
    if (type == handshake_message::certificate && at.length() > limits::certificate_bytes + lengths)
        return errc::chain_too_long;
    if (type == handshake_message::certificate_request && at.length() > limits::certificate_request_bytes)
        return errc::request_too_long;
    constexpr std::uint32_t curve_and_key_length = 4; // RFC 8422 section 5.4
    if (type == handshake_message::server_key_exchange && at.length() < curve_and_key_length) return errc::decode_error;
    return at.length() > max_message ? errc::decode_error : errc::ok;
}

/// What records may hold that leave before anybody has vouched for the server.
enum class unvouched : std::uint8_t { alerts, hello_and_alerts };

/// True if records that wait to be sent hold nothing but alerts, ChangeCipherSpec, whose content is always the same,
/// and where it is allowed a whole unencrypted ClientHello.
///
/// An encrypted alert of TLS 1.3 is recognised by its length: no handshake message that a client sends is as short.
[[nodiscard]] inline bool holds_only(unvouched what, std::span<std::byte const> records) noexcept {
    constexpr std::size_t header = 5;
    constexpr std::size_t message_header = 4;
    constexpr std::size_t encrypted_alert = 2 + 1 + 16; // content, its type, and the tag of the AEAD
    auto const octet = [&](std::size_t at) { return std::to_integer<std::size_t>(records[at]); };
    while (records.size() >= header) {
        std::size_t const type = octet(0);
        std::size_t const length = (octet(3) << 8U) | octet(4);
        if (records.size() - header < length) return false;
        bool const in_clear = type == record_type::alert || type == record_type::change_cipher_spec;
        bool const sealed = type == record_type::application_data && length <= encrypted_alert;
        bool const hello =
            what == unvouched::hello_and_alerts && type == record_type::handshake && length > message_header &&
            octet(header) == static_cast<std::size_t>(handshake_message::client_hello) &&
            ((octet(header + 1) << 16U) | (octet(header + 2) << 8U) | octet(header + 3)) + message_header == length;
        if (!in_clear && !sealed && !hello) return false;
        records = records.subspan(header + length);
    }
    return records.empty();
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/alert.hpp>
#include <tls/mbedtls/impl/native.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

/// The fields of mbedtls_ssl_context that Mbed TLS 3.6 marks as private and has no function for. Nothing else in
/// twintls touches a private field. Tested with 3.6.7; `parity.private_fields` fails if a new version moves them or
/// changes what they mean, and a change of their types does not compile.
namespace tls::detail::mbedtls_private {

static_assert(MBEDTLS_VERSION_NUMBER < 0x03070000, "check the private fields of this Mbed TLS before you use it");
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(state)), int>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msg)), unsigned char*>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msgtype)), int>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msglen)), std::size_t>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_hslen)), std::size_t>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(alert_type)), unsigned char>);

/// The state the next handshake step starts in.
[[nodiscard]] inline int state(mbedtls_ssl_context const& ssl) noexcept { return ssl.MBEDTLS_PRIVATE(state); }

/// True if the message just processed is a CertificateRequest.
[[nodiscard]] inline bool holds_certificate_request(mbedtls_ssl_context const& ssl) noexcept {
    unsigned char const* const message = ssl.MBEDTLS_PRIVATE(in_msg);
    return message != nullptr && message[0] == MBEDTLS_SSL_HS_CERTIFICATE_REQUEST;
}

/// The body of the handshake message just processed, decrypted; empty if it is of another type or not all there.
[[nodiscard]] inline std::span<std::byte const>
message_body(mbedtls_ssl_context const& ssl, unsigned char type) noexcept {
    constexpr std::size_t header = 4;
    unsigned char const* const message = ssl.MBEDTLS_PRIVATE(in_msg);
    std::size_t const size = ssl.MBEDTLS_PRIVATE(in_hslen);
    bool const whole = size > header && size <= MBEDTLS_SSL_IN_CONTENT_LEN;
    if (message == nullptr || message[0] != type || !whole) return {};
    return std::as_bytes(std::span(message, size)).subspan(header);
}

/// The body of the CertificateRequest just processed.
[[nodiscard]] inline std::span<std::byte const> certificate_request(mbedtls_ssl_context const& ssl) noexcept {
    return message_body(ssl, MBEDTLS_SSL_HS_CERTIFICATE_REQUEST);
}

/// The body of the Certificate message just processed.
[[nodiscard]] inline std::span<std::byte const> certificate_message(mbedtls_ssl_context const& ssl) noexcept {
    return message_body(ssl, MBEDTLS_SSL_HS_CERTIFICATE);
}

/// The alert that made the last call return MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE; gone after the next call.
///
/// Mbed TLS 4.1 has a function for it, which is used where it is declared.
template <class Ssl> [[nodiscard]] std::optional<alert> alert_just_received(Ssl const& ssl) noexcept {
    if constexpr (requires { mbedtls_ssl_get_fatal_alert(&ssl); }) {
        int const number = mbedtls_ssl_get_fatal_alert(&ssl);
        if (number < 0) return std::nullopt;
        return static_cast<alert>(number);
    } else {
        bool const is_alert =
            ssl.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT && ssl.MBEDTLS_PRIVATE(in_msglen) == 2;
        if (!is_alert) return std::nullopt;
        return static_cast<alert>(ssl.MBEDTLS_PRIVATE(in_msg)[1]);
    }
}

/// The alert Mbed TLS decided to send for a failure it has noted itself.
[[nodiscard]] inline std::optional<alert> alert_chosen(mbedtls_ssl_context const& ssl) noexcept {
    if (ssl.MBEDTLS_PRIVATE(alert_type) == 0) return std::nullopt;
    return static_cast<alert>(ssl.MBEDTLS_PRIVATE(alert_type));
}

} // namespace tls::detail::mbedtls_private

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/alert.hpp>
#include <tls/mbedtls/impl/native.hpp>

#include <optional>

/// The fields of mbedtls_ssl_context that Mbed TLS 3.6 marks as private and has no function for. Nothing else in
/// twintls touches a private field. Checked with 3.6.7; a test of received alerts and of certificate requests fails if
/// a new version moves them.
namespace tls::detail::mbedtls_private {

/// The state the next handshake step starts in.
[[nodiscard]] inline int state(mbedtls_ssl_context const& ssl) noexcept { return ssl.MBEDTLS_PRIVATE(state); }

/// True if the message just processed is a CertificateRequest.
[[nodiscard]] inline bool holds_certificate_request(mbedtls_ssl_context const& ssl) noexcept {
    unsigned char const* const message = ssl.MBEDTLS_PRIVATE(in_msg);
    return message != nullptr && message[0] == MBEDTLS_SSL_HS_CERTIFICATE_REQUEST;
}

/// The alert that made the last call return MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE; gone after the next call.
[[nodiscard]] inline std::optional<alert> alert_just_received(mbedtls_ssl_context const& ssl) noexcept {
    bool const is_alert =
        ssl.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT && ssl.MBEDTLS_PRIVATE(in_msglen) == 2;
    if (!is_alert) return std::nullopt;
    return static_cast<alert>(ssl.MBEDTLS_PRIVATE(in_msg)[1]);
}

/// The alert Mbed TLS decided to send for a failure it has noted itself.
[[nodiscard]] inline std::optional<alert> alert_chosen(mbedtls_ssl_context const& ssl) noexcept {
    if (ssl.MBEDTLS_PRIVATE(alert_type) == 0) return std::nullopt;
    return static_cast<alert>(ssl.MBEDTLS_PRIVATE(alert_type));
}

} // namespace tls::detail::mbedtls_private

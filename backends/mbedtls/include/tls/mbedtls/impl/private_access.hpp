// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/protocol.hpp>
#include <tls/mbedtls/impl/native.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

/// The fields of mbedtls_ssl_context that Mbed TLS 3.6 marks as private and has no function for. Nothing else in
/// twintls touches a private field. Tested with 3.6.7; `parity.private_fields` fails if a new version moves them or
/// changes what they mean, and a change of their types does not compile.
namespace tls::detail::mbedtls_private {

static_assert(MBEDTLS_VERSION_NUMBER < 0x03070000, "check the private fields of this Mbed TLS before you use it");
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(state)), int>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msg)), unsigned char*>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_buf)), unsigned char*>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(badmac_seen_or_in_hsfraglen)), unsigned>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msgtype)), int>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_msglen)), std::size_t>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(in_hslen)), std::size_t>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(alert_type)), unsigned char>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(session_negotiate)), mbedtls_ssl_session*>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_session::MBEDTLS_PRIVATE(peer_cert)), mbedtls_x509_crt*>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(keep_current_message)), int>);
static_assert(std::is_same_v<decltype(mbedtls_ssl_context::MBEDTLS_PRIVATE(conf)), mbedtls_ssl_config const*>);

/// Makes a connection go on with another configuration, which must be like its own but for our certificates and key:
/// Mbed TLS looks for those there whenever it needs them.
inline void use_configuration(mbedtls_ssl_context& ssl, mbedtls_ssl_config const& other) noexcept {
    ssl.MBEDTLS_PRIVATE(conf) = &other;
}

/// Makes an RSA key draw new numbers to blind its next signature with.
///
/// Mbed TLS changes both of them for each signature; where memory runs out between the two they no longer belong
/// together, and no signature of this key would be right any more.
inline void forget_blinding([[maybe_unused]] mbedtls_pk_context const& key) noexcept {
#if defined(MBEDTLS_RSA_C)
    if (mbedtls_pk_get_type(&key) != MBEDTLS_PK_RSA) return;
    mbedtls_rsa_context& rsa = *mbedtls_pk_rsa(key);
#    if defined(MBEDTLS_THREADING_C)
    if (mbedtls_mutex_lock(&rsa.MBEDTLS_PRIVATE(mutex)) != 0) return;
#    endif
    mbedtls_mpi_free(&rsa.MBEDTLS_PRIVATE(Vf));
    mbedtls_mpi_free(&rsa.MBEDTLS_PRIVATE(Vi));
#    if defined(MBEDTLS_THREADING_C)
    (void)mbedtls_mutex_unlock(&rsa.MBEDTLS_PRIVATE(mutex));
#    endif
#endif
}

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

/// The type of the handshake message in the record just read; nullopt if the record holds something else.
[[nodiscard]] inline std::optional<handshake_message>
handshake_message_received(mbedtls_ssl_context const& ssl) noexcept {
    if (ssl.MBEDTLS_PRIVATE(in_msgtype) != MBEDTLS_SSL_MSG_HANDSHAKE || ssl.MBEDTLS_PRIVATE(in_msg) == nullptr)
        return std::nullopt;
    return static_cast<handshake_message>(ssl.MBEDTLS_PRIVATE(in_msg)[0]);
}

/// The type of the handshake message that has arrived in part; nullopt if there is none.
[[nodiscard]] inline std::optional<handshake_message> message_arriving(mbedtls_ssl_context const& ssl) noexcept {
    constexpr std::size_t at = 8 + 5; // the library puts the parts together behind a record's number and header
    if (ssl.MBEDTLS_PRIVATE(badmac_seen_or_in_hsfraglen) == 0 || ssl.MBEDTLS_PRIVATE(in_buf) == nullptr)
        return std::nullopt;
    return static_cast<handshake_message>(ssl.MBEDTLS_PRIVATE(in_buf)[at]);
}

/// The body of the EncryptedExtensions just processed.
[[nodiscard]] inline std::span<std::byte const> encrypted_extensions(mbedtls_ssl_context const& ssl) noexcept {
    return message_body(ssl, MBEDTLS_SSL_HS_ENCRYPTED_EXTENSIONS);
}

/// The body of the CertificateRequest just processed.
[[nodiscard]] inline std::span<std::byte const> certificate_request(mbedtls_ssl_context const& ssl) noexcept {
    return message_body(ssl, MBEDTLS_SSL_HS_CERTIFICATE_REQUEST);
}

/// The body of the Certificate message just processed.
[[nodiscard]] inline std::span<std::byte const> certificate_message(mbedtls_ssl_context const& ssl) noexcept {
    return message_body(ssl, MBEDTLS_SSL_HS_CERTIFICATE);
}

/// The certificate whose key the handshake uses, once the server's Certificate message was processed; else empty.
[[nodiscard]] inline std::span<std::byte const> server_certificate(mbedtls_ssl_context const& ssl) noexcept {
    mbedtls_ssl_session const* const session = ssl.MBEDTLS_PRIVATE(session_negotiate);
    mbedtls_x509_crt const* const leaf = session == nullptr ? nullptr : session->MBEDTLS_PRIVATE(peer_cert);
    if (leaf == nullptr) return {};
    return std::as_bytes(std::span(leaf->raw.p, leaf->raw.len));
}

/// True if a NewSessionTicket of TLS 1.3 has arrived and the next call will process it.
[[nodiscard]] inline bool holds_ticket(mbedtls_ssl_context const& ssl) noexcept {
    return state(ssl) == MBEDTLS_SSL_TLS1_3_NEW_SESSION_TICKET;
}

/// Drops such a ticket if its nonce is legal but longer than Mbed TLS can take: it would end the connection.
inline void drop_ticket_with_long_nonce(mbedtls_ssl_context& ssl) noexcept {
    constexpr std::size_t longest = PSA_HASH_MAX_SIZE; // the longest context that Mbed TLS derives a key with
    constexpr std::size_t nonce_at = 8;                // lifetime and age_add come before
    auto const body = message_body(ssl, MBEDTLS_SSL_HS_NEW_SESSION_TICKET);
    if (body.size() <= nonce_at) return;
    auto const nonce = std::to_integer<std::size_t>(body[nonce_at]);
    if (nonce <= longest || nonce_at + 1 + nonce > body.size()) return;
    // As Mbed TLS does with tickets that nobody wants.
    ssl.MBEDTLS_PRIVATE(keep_current_message) = 0;
    ssl.MBEDTLS_PRIVATE(state) = MBEDTLS_SSL_HANDSHAKE_OVER;
}

#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
/// In our own build: who signs for the clients of a configuration, and with what.
inline void sign_with(
    mbedtls_ssl_config& config,
    int (*sign)(
        void* bio, std::uint16_t scheme, unsigned char const* digest, std::size_t digest_size, unsigned char* signature,
        std::size_t room, std::size_t* size),
    int (*may_sign)(void* bio, std::uint16_t scheme)) noexcept {
    config.MBEDTLS_PRIVATE(twintls_sign) = sign;
    config.MBEDTLS_PRIVATE(twintls_may_sign) = may_sign;
}
#endif

#if defined(MBEDTLS_SSL_SESSION_TICKETS)
/// The lifetime of a session's ticket, in seconds.
[[nodiscard]] inline std::uint32_t ticket_lifetime(mbedtls_ssl_session const& s) noexcept {
    return s.MBEDTLS_PRIVATE(ticket_lifetime);
}

/// Takes the server's certificate out of a session, for as long as this object lives.
class without_certificate {
public:
#    if defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
    explicit without_certificate(mbedtls_ssl_session& s) noexcept
        : session_(&s),
          certificate_(std::exchange(s.MBEDTLS_PRIVATE(peer_cert), nullptr)) {}
    ~without_certificate() { session_->MBEDTLS_PRIVATE(peer_cert) = certificate_; }
#    else
    explicit without_certificate(mbedtls_ssl_session&) noexcept {}
#    endif
    without_certificate(without_certificate const&) = delete;
    without_certificate& operator=(without_certificate const&) = delete;

private:
#    if defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
    mbedtls_ssl_session* session_;
    mbedtls_x509_crt* certificate_;
#    endif
};

/// Sets how long ago the ticket of a TLS 1.3 session was received, in seconds, if the library thinks otherwise.
///
/// Mbed TLS counts from the start of the machine: after a restart every stored ticket seems to come from the future,
/// and on another machine from anywhere. Rounding accounts for up to two seconds.
inline void set_ticket_age([[maybe_unused]] mbedtls_ssl_session& s, [[maybe_unused]] std::int64_t age) noexcept {
#    if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_HAVE_TIME)
    static_assert(std::is_same_v<decltype(s.MBEDTLS_PRIVATE(ticket_reception_time)), mbedtls_ms_time_t>);
    constexpr std::int64_t longest =
        std::int64_t{365} * 86400; // no ticket is older, and the product below must not overflow
    if (s.MBEDTLS_PRIVATE(tls_version) != MBEDTLS_SSL_VERSION_TLS1_3 || age > longest) return;
    constexpr mbedtls_ms_time_t rounding = 2000;
    mbedtls_ms_time_t const received = mbedtls_ms_time() - static_cast<mbedtls_ms_time_t>(age) * 1000;
    mbedtls_ms_time_t& said = s.MBEDTLS_PRIVATE(ticket_reception_time);
    if (said > received + rounding || said < received - rounding) said = received;
#    endif
}
#endif

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

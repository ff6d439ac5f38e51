// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/impl/private_access.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

/// Sessions of Mbed TLS, as bytes.
namespace tls::detail::mbedtls_sessions {

#if defined(MBEDTLS_SSL_SESSION_TICKETS)

/// A session object of the library that frees itself.
struct owner {
    owner() noexcept { mbedtls_ssl_session_init(&session); }
    owner(owner const&) = delete;
    owner& operator=(owner const&) = delete;
    ~owner() { mbedtls_ssl_session_free(&session); }
    mbedtls_ssl_session session;
};

[[nodiscard]] inline x509::secret_bytes serialised(mbedtls_ssl_session& session) noexcept {
    // The ticket remembers the server's certificate itself; with each session the library would parse it twice.
    mbedtls_private::without_certificate const smaller(session);
    std::size_t size = 0;
    (void)mbedtls_ssl_session_save(&session, nullptr, 0, &size); // answers with the size
    if (size == 0) return {};
    auto bytes = x509::secret_bytes::make(size);
    if (!bytes) return {};
    auto* const into = reinterpret_cast<unsigned char*>(bytes->data());
    if (mbedtls_ssl_session_save(&session, into, bytes->size(), &size) != 0) return {};
    return std::move(*bytes);
}

/// The session of a connection as bytes; empty without one, and without memory. Mbed TLS gives each out once.
[[nodiscard]] inline x509::secret_bytes current(mbedtls_ssl_context const& ssl) noexcept {
    owner o;
    if (mbedtls_ssl_get_session(&ssl, &o.session) != 0) return {};
    return serialised(o.session);
}

/// TLS 1.3: takes the session that a ticket just processed belongs to.
inline void issued(mbedtls_ssl_context const& ssl, connection_tickets& desk) noexcept {
    owner o;
    if (mbedtls_ssl_get_session(&ssl, &o.session) != 0) return;
    desk.issued(
        serialised(o.session), "Mbed TLS", protocol_version::tls_1_3, mbedtls_private::ticket_lifetime(o.session));
}

/// What a configuration must know about sessions.
inline void configure(mbedtls_ssl_config& config, settings const& s) noexcept {
    mbedtls_ssl_conf_session_tickets(
        &config, s.resumption.on ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#    if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    if (!s.resumption.on) return;
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        &config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
    // A resumed session has fresh keys of its own, as a new one would.
    mbedtls_ssl_conf_tls13_key_exchange_modes(&config, MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ALL);
#    endif
}

/// Offers a session; whether the library took it.
[[nodiscard]] inline bool offer(mbedtls_ssl_context& ssl, seam::offered_session const& offered) noexcept {
    if (offered.session.empty()) return false;
    owner o;
    auto const* const bytes = reinterpret_cast<unsigned char const*>(offered.session.data());
    if (mbedtls_ssl_session_load(&o.session, bytes, offered.session.size()) != 0) return false;
    mbedtls_private::set_ticket_age(o.session, offered.age);
    return mbedtls_ssl_set_session(&ssl, &o.session) == 0;
}

#else

[[nodiscard]] inline x509::secret_bytes current(mbedtls_ssl_context const&) noexcept { return {}; }
inline void issued(mbedtls_ssl_context const&, connection_tickets&) noexcept {}
inline void configure(mbedtls_ssl_config&, settings const&) noexcept {}
[[nodiscard]] inline bool offer(mbedtls_ssl_context&, seam::offered_session const&) noexcept { return false; }

#endif

} // namespace tls::detail::mbedtls_sessions

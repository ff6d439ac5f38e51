// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/impl/sessions.hpp>
#include <tls/mbedtls/library.hpp>
#include <tls/mbedtls/sessions.hpp>

#if defined(MBEDTLS_SSL_SESSION_TICKETS)

namespace tls::detail {

TWINTLS_DECL void mbedtls_configure_sessions(void* library_configuration, settings const&) noexcept {
    auto& config = *static_cast<mbedtls_ssl_config*>(library_configuration);
    mbedtls_ssl_conf_session_tickets(&config, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
#    if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        &config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#    endif
}

TWINTLS_DECL bool
mbedtls_offer_session(seam::engine_core& core, settings const&, seam::offered_session const& offered) noexcept {
    if (offered.session.empty()) return false;
    mbedtls_sessions::owner o;
    if (mbedtls_ssl_session_load(&o.session, as_uchar(offered.session), offered.session.size()) != 0) return false;
    mbedtls_private::set_ticket_age(o.session, offered.age);
    return mbedtls_ssl_set_session(&mbedtls_sessions::connection_of(core), &o.session) == 0;
}

/// Mbed TLS gives each session out once.
TWINTLS_DECL x509::secret_bytes mbedtls_current_session(seam::engine_core& core) noexcept {
    mbedtls_sessions::owner o;
    if (mbedtls_ssl_get_session(&mbedtls_sessions::connection_of(core), &o.session) != 0) return {};
    return mbedtls_sessions::serialised(o.session);
}

TWINTLS_DECL void mbedtls_ticket_came(seam::engine_core& core) noexcept {
    mbedtls_sessions::owner o;
    if (mbedtls_ssl_get_session(&mbedtls_sessions::connection_of(core), &o.session) != 0) return;
    core.tickets->issued(
        mbedtls_sessions::serialised(o.session), mbedtls_name, protocol_version::tls_1_3,
        mbedtls_private::ticket_lifetime(o.session));
}

} // namespace tls::detail

#endif

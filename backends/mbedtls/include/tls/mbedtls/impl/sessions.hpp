// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/impl/private_access.hpp>

#include <cstddef>

#if defined(MBEDTLS_SSL_SESSION_TICKETS)

/// Sessions of Mbed TLS, as bytes.
namespace tls::detail::mbedtls_sessions {

/// A session object of the library that frees itself.
struct owner {
    owner() noexcept { mbedtls_ssl_session_init(&session); }
    owner(owner const&) = delete;
    owner& operator=(owner const&) = delete;
    ~owner() { mbedtls_ssl_session_free(&session); }
    mbedtls_ssl_session session;
};

[[nodiscard]] inline x509::secret_bytes serialised(mbedtls_ssl_session& session) noexcept {
    // The ticket keeps the server's certificate itself; the library would parse the session's copy twice each time.
    mbedtls_private::without_certificate const smaller(session);
    std::size_t size = 0;
    (void)mbedtls_ssl_session_save(&session, nullptr, 0, &size); // answers with the size
    if (size == 0) return {};
    auto bytes = x509::secret_bytes::make(size);
    if (!bytes) return {};
    if (mbedtls_ssl_session_save(&session, as_uchar(*bytes), bytes->size(), &size) != 0) return {};
    return std::move(*bytes);
}

[[nodiscard]] inline mbedtls_ssl_context& connection_of(seam::engine_core& core) noexcept {
    return *static_cast<mbedtls_ssl_context*>(core.native);
}

} // namespace tls::detail::mbedtls_sessions

#endif

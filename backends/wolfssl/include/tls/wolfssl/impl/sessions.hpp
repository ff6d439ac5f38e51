// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

#if defined(HAVE_SESSION_TICKET) && defined(HAVE_EXT_CACHE) && !defined(NO_SESSION_CACHE)

#    if defined(TWINTLS_WOLFSSL_TICKET_AGE)
extern "C" void TwintlsSetTicketAge(WOLFSSL_SESSION* session, long long seconds); // of cmake/PatchWolfssl.cmake
#    endif

/// Sessions of wolfSSL: always as bytes. Its session objects are changed in place while a connection lives, so no two
/// connections may share one.
namespace tls::detail::wolfssl_sessions {

struct release {
    void operator()(WOLFSSL_SESSION* s) const noexcept { wolfSSL_SESSION_free(s); }
};
using owner = std::unique_ptr<WOLFSSL_SESSION, release>;

/// A session as bytes; empty if there is none, or no memory for it.
[[nodiscard]] inline x509::secret_bytes serialised(WOLFSSL_SESSION* session) noexcept {
    int const size = wolfSSL_i2d_SSL_SESSION(session, nullptr);
    if (size <= 0) return {};
    auto bytes = x509::secret_bytes::make(static_cast<std::size_t>(size));
    if (!bytes) return {};
    auto* at = as_uchar(*bytes);
    if (wolfSSL_i2d_SSL_SESSION(session, &at) != size) return {};
    return std::move(*bytes);
}

/// Sets how long ago the ticket of a TLS 1.3 session was received, in seconds by the client's clock; without our change
/// the library goes by the system's.
inline void set_ticket_age([[maybe_unused]] WOLFSSL_SESSION* session, [[maybe_unused]] std::int64_t age) noexcept {
#    if defined(TWINTLS_WOLFSSL_TICKET_AGE)
    constexpr std::int64_t longest = 365 * 86400; // no ticket is older, and the product in there must not overflow
    if (age <= longest) TwintlsSetTicketAge(session, age);
#    endif
}

/// Called in the middle of a read of TLS 1.3 when a ticket has come, and in handshakes of TLS 1.2 before it is known
/// whether they succeed.
inline int ticket_came(WOLFSSL* ssl, WOLFSSL_SESSION* session) noexcept {
    constexpr int not_kept = 0;
    auto& core = *static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl));
    if (core.tickets && wolfSSL_GetVersion(ssl) == WOLFSSL_TLSV1_3)
        core.tickets->issued(
            serialised(session), wolfssl_name, protocol_version::tls_1_3,
            static_cast<std::uint32_t>(wolfSSL_SESSION_get_timeout(session)));
    return not_kept;
}

} // namespace tls::detail::wolfssl_sessions

#endif

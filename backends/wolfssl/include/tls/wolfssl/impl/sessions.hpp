// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/wolfssl/impl/native.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// Sessions of wolfSSL: always as bytes. Its session objects are changed in place while a connection lives, so that no
/// two may share one.
namespace tls::detail::wolfssl_sessions {

#if defined(HAVE_SESSION_TICKET) && defined(HAVE_EXT_CACHE) && !defined(NO_SESSION_CACHE)

struct release {
    void operator()(WOLFSSL_SESSION* s) const noexcept { wolfSSL_SESSION_free(s); }
};
using owner = std::unique_ptr<WOLFSSL_SESSION, release>;

/// A session as bytes; empty without one, and without memory.
[[nodiscard]] inline x509::secret_bytes serialised(WOLFSSL_SESSION* session) noexcept {
    int const size = wolfSSL_i2d_SSL_SESSION(session, nullptr);
    if (size <= 0) return {};
    auto bytes = x509::secret_bytes::make(static_cast<std::size_t>(size));
    if (!bytes) return {};
    auto* at = reinterpret_cast<unsigned char*>(bytes->data());
    if (wolfSSL_i2d_SSL_SESSION(session, &at) != size) return {};
    return std::move(*bytes);
}

/// The session of a connection.
[[nodiscard]] inline x509::secret_bytes current(WOLFSSL* ssl) noexcept {
    owner const session(wolfSSL_get1_session(ssl));
    return serialised(session.get());
}

/// Called in the middle of a read of TLS 1.3 when a ticket has come, and in handshakes of TLS 1.2 before it is known
/// whether they succeed.
inline int issued(WOLFSSL* ssl, WOLFSSL_SESSION* session) noexcept {
    constexpr int not_kept = 0;
    auto& core = *static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl));
    if (core.tickets && wolfSSL_GetVersion(ssl) == WOLFSSL_TLSV1_3)
        core.tickets->issued(
            serialised(session), "wolfSSL", protocol_version::tls_1_3,
            static_cast<std::uint32_t>(wolfSSL_SESSION_get_timeout(session)));
    return not_kept;
}

/// What a context must know about sessions.
inline void configure(WOLFSSL_CTX* ctx, settings const& s) noexcept {
    if (!s.resumption.on) {
        (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
        return;
    }
    // Not off: the callback would not be called.
    (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_NO_INTERNAL);
    wolfSSL_CTX_sess_set_new_cb(ctx, issued);
#    if defined(WOLFSSL_TLS13) && defined(HAVE_SUPPORTED_CURVES)
    // A resumed session has fresh keys of its own, as a new one would.
    if (s.highest_version >= protocol_version::tls_1_3) (void)wolfSSL_CTX_only_dhe_psk(ctx);
#    endif
}

/// Makes a connection ask for tickets, and offers the session if there is one; whether the library took it.
[[nodiscard]] inline bool offer(WOLFSSL* ssl, settings const& s, seam::offered_session const& offered) noexcept {
    if (!s.resumption.on) return false;
    if (s.lowest_version <= protocol_version::tls_1_2) (void)wolfSSL_UseSessionTicket(ssl);
    if (offered.session.empty()) return false;
    auto const* at = reinterpret_cast<unsigned char const*>(offered.session.data());
    owner const session(wolfSSL_d2i_SSL_SESSION(nullptr, &at, static_cast<long>(offered.session.size())));
    if (!session) return false;
    // The library's own limit, by default 500 seconds; how old a session may be is decided before it comes here.
    constexpr long longer_than_any = 8 * 86400;
    (void)wolfSSL_SSL_SESSION_set_timeout(session.get(), longer_than_any);
    return wolfSSL_set_session(ssl, session.get()) == WOLFSSL_SUCCESS;
}

#else

[[nodiscard]] inline x509::secret_bytes current(WOLFSSL*) noexcept { return {}; }
inline void configure(WOLFSSL_CTX* ctx, settings const&) noexcept {
    (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
}
[[nodiscard]] inline bool offer(WOLFSSL*, settings const&, seam::offered_session const&) noexcept { return false; }

#endif

} // namespace tls::detail::wolfssl_sessions

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/wolfssl/impl/sessions.hpp>
#include <tls/wolfssl/sessions.hpp>

#if defined(HAVE_SESSION_TICKET) && defined(HAVE_EXT_CACHE) && !defined(NO_SESSION_CACHE)

namespace tls::detail {

TWINTLS_DECL void wolfssl_configure_sessions(void* library_configuration, settings const&) noexcept {
    auto* const ctx = static_cast<WOLFSSL_CTX*>(library_configuration);
    // Not off, or the callback would not be called.
    (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_NO_INTERNAL);
    wolfSSL_CTX_sess_set_new_cb(ctx, wolfssl_sessions::ticket_came);
}

TWINTLS_DECL bool
wolfssl_offer_session(seam::engine_core& core, settings const& s, seam::offered_session const& offered) noexcept {
    auto* const ssl = static_cast<WOLFSSL*>(core.native);
    if (s.lowest_version <= protocol_version::tls_1_2) (void)wolfSSL_UseSessionTicket(ssl);
    if (offered.session.empty()) return false;
    auto const* at = as_uchar(offered.session);
    wolfssl_sessions::owner const session(
        wolfSSL_d2i_SSL_SESSION(nullptr, &at, static_cast<long>(offered.session.size())));
    if (!session) return false;
    wolfssl_sessions::set_ticket_age(session.get(), offered.age);
    // Lifts the library's own limit, by default 500 seconds: the core has already decided that the session is young
    // enough.
    constexpr long longer_than_any = 8 * 86400;
    (void)wolfSSL_SSL_SESSION_set_timeout(session.get(), longer_than_any);
    return wolfSSL_set_session(ssl, session.get()) == WOLFSSL_SUCCESS;
}

TWINTLS_DECL x509::secret_bytes wolfssl_current_session(seam::engine_core& core) noexcept {
    wolfssl_sessions::owner const session(wolfSSL_get1_session(static_cast<WOLFSSL*>(core.native)));
    return wolfssl_sessions::serialised(session.get());
}

} // namespace tls::detail

#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

/// Sessions of wolfSSL as bytes, and the tickets that come with them: what `seam::session_calls` promises. Only where
/// the library has session tickets.
namespace tls::detail {

void wolfssl_configure_sessions(void* library_configuration, settings const& s) noexcept;
[[nodiscard]] bool
wolfssl_offer_session(seam::engine_core& core, settings const& s, seam::offered_session const& offered) noexcept;
[[nodiscard]] x509::secret_bytes wolfssl_current_session(seam::engine_core& core) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/sessions.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/native.hpp>
#include <tls/wolfssl/library.hpp>
#include <tls/wolfssl/stapling.hpp>

#include <span>

#if defined(TWINTLS_WOLFSSL_HAS_STAPLING)

namespace tls::detail {

/// Called for each status that a server staples: by wolfSSL as it is after it has read and refused it, for want of
/// trust anchors; by our own build instead. What is returned overrides wolfSSL's opinion.
inline int
wolfssl_status_came(WOLFSSL* ssl, int, unsigned char* response, unsigned int size, unsigned int index, void*) noexcept {
    auto* const handshake = static_cast<seam::engine_core*>(wolfSSL_GetIOReadCtx(ssl))->handshake.get();
    if (handshake == nullptr) return BAD_CERTIFICATE_STATUS_ERROR;
    if (index != 0) return 0; // of an intermediate, which nobody asks about
    auto& check = handshake->check;
    // A path that was refused has its own reason and its own alert, with the call of `verify` that comes next.
    if (check.rejected()) return 0;
    return check.judge_status(std::as_bytes(std::span(response, size))) ? 0 : BAD_CERTIFICATE_STATUS_ERROR;
}

/// In the place of wolfSSL's own HTTP client, which nothing here is to call.
inline int wolfssl_asks_nobody(void*, char const*, int, unsigned char*, int, unsigned char**) noexcept { return -1; }

[[nodiscard]] inline result<void> wolfssl_stapling_is(int code) noexcept {
    if (code == WOLFSSL_SUCCESS) return {};
    return seam::refused_setting(wolfssl_name, errc::bad_configuration, code, "OCSP stapling");
}

TWINTLS_DECL result<void> wolfssl_receive_status(void* library_configuration) noexcept {
    auto* const ctx = static_cast<WOLFSSL_CTX*>(library_configuration);
    wolfSSL_CTX_set_ocsp_status_verify_cb(ctx, wolfssl_status_came, nullptr);
    int const code = wolfSSL_CTX_EnableOCSPStapling(ctx); // or the hello lacks it
    return wolfssl_stapling_is(
        code == WOLFSSL_SUCCESS ? wolfSSL_CTX_SetOCSP_Cb(ctx, wolfssl_asks_nobody, nullptr, nullptr) : code);
}

TWINTLS_DECL result<void> wolfssl_ask_for_status(seam::engine_core& core) noexcept {
    // Not for a context: under TLS 1.3 wolfSSL refuses a status that only its context has asked for. Without a nonce: a
    // server staples what it has.
    return wolfssl_stapling_is(wolfSSL_UseOCSPStapling(static_cast<WOLFSSL*>(core.native), WOLFSSL_CSR_OCSP, 0));
}

} // namespace tls::detail

#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/impl/private_access.hpp>
#include <tls/mbedtls/library.hpp>
#include <tls/mbedtls/signer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::detail {
#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
namespace mbedtls_signers {

inline int may_sign(void* user, std::uint16_t scheme) noexcept {
    auto const* const handshake = static_cast<seam::engine_core*>(user)->handshake.get();
    bool const may = handshake != nullptr && handshake->own().signing.can_make(static_cast<signature_scheme>(scheme));
    return static_cast<int>(may);
}

inline int sign(
    void* user, std::uint16_t scheme, unsigned char const* digest, std::size_t digest_size, unsigned char* out,
    std::size_t room, std::size_t* size) noexcept {
    auto* const handshake = static_cast<seam::engine_core*>(user)->handshake.get();
    if (handshake == nullptr) return MBEDTLS_ERR_SSL_BAD_INPUT_DATA; // signatures are made only during the handshake
    *size = handshake->sign(
        static_cast<signature_scheme>(scheme), std::as_bytes(std::span(digest, digest_size)),
        std::as_writable_bytes(std::span(out, room)));
    if (*size != 0) return 0;
    return handshake->signature_is_due ? MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS : MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
}

} // namespace mbedtls_signers

TWINTLS_DECL result<void> mbedtls_use_signer(void* library_configuration, seam::own_identity const&) noexcept {
    mbedtls_private::sign_with(
        *static_cast<mbedtls_ssl_config*>(library_configuration), mbedtls_signers::sign, mbedtls_signers::may_sign);
    return {};
}
#else
TWINTLS_DECL result<void> mbedtls_use_signer(void*, seam::own_identity const&) noexcept {
    return seam::refused_setting(mbedtls_name, errc::unsupported, 0, name(feature::external_signer));
}
#endif

} // namespace tls::detail

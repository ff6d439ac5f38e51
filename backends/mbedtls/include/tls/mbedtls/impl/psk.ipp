// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/offer.hpp>
#include <tls/connection/backend.hpp>
#include <tls/core/bytes.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/native.hpp>
#include <tls/mbedtls/library.hpp>
#include <tls/mbedtls/psk.hpp>

#include <span>

namespace tls::detail {
#if defined(TWINTLS_MBEDTLS_HAS_PSK)
/// The library keeps a copy of the key in its configuration, and wipes it.
TWINTLS_DECL result<void> mbedtls_use_psk(void* library_configuration, settings const& s) noexcept {
    auto& config = *static_cast<mbedtls_ssl_config*>(library_configuration);
    auto const identity = std::as_bytes(std::span(s.psk.shared->identity()));
    auto const key = s.psk.shared->key();
    if (key.size() > MBEDTLS_PSK_MAX_LEN)
        return seam::refused_setting(mbedtls_name, errc::unsupported, 0, "a pre-shared key of this length");
    int const code = mbedtls_ssl_conf_psk(&config, as_uchar(key), key.size(), as_uchar(identity), identity.size());
    if (code != 0) return seam::refused_setting(mbedtls_name, mbedtls_classify(code).meaning, code);
    return {};
}
#else
TWINTLS_DECL result<void> mbedtls_use_psk(void*, settings const&) noexcept {
    return seam::refused_setting(mbedtls_name, errc::unsupported, 0, name(feature::pre_shared_keys));
}
#endif

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/mbedtls/exporting.hpp>
#include <tls/mbedtls/impl/native.hpp>

#if defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)

namespace tls::detail {

TWINTLS_DECL void mbedtls_prepare_export(seam::engine_core&) noexcept {} // it keeps everything anyway

TWINTLS_DECL std::int32_t mbedtls_export(seam::engine_core& core, seam::export_request const& r) noexcept {
    auto const context = r.context.value_or(std::span<std::byte const>{});
    return mbedtls_ssl_export_keying_material(
        static_cast<mbedtls_ssl_context*>(core.native), as_uchar(r.into), r.into.size(), r.label.data(), r.label.size(),
        as_uchar(context), context.size(), r.context ? 1 : 0);
}

} // namespace tls::detail

#endif

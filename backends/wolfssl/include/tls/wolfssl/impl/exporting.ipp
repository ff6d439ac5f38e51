// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/wolfssl/exporting.hpp>
#include <tls/wolfssl/impl/native.hpp>

#if defined(HAVE_KEYING_MATERIAL)

namespace tls::detail {

TWINTLS_DECL void wolfssl_prepare_export(seam::engine_core& core) noexcept {
    wolfSSL_KeepArrays(static_cast<WOLFSSL*>(core.native));
}

TWINTLS_DECL std::int32_t wolfssl_export(seam::engine_core& core, seam::export_request const& r) noexcept {
    auto const context = r.context.value_or(std::span<std::byte const>{});
    int const returned = wolfSSL_export_keying_material(
        static_cast<WOLFSSL*>(core.native), as_uchar(r.into), r.into.size(), r.label.data(), r.label.size(),
        as_uchar(context), context.size(), r.context ? 1 : 0);
    return returned == WOLFSSL_SUCCESS ? 0 : WOLFSSL_FATAL_ERROR;
}

} // namespace tls::detail

#endif

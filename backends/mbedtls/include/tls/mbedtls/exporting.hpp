// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

#include <cstdint>

/// What `seam::exporting_calls` promises. Only where the library can export.
namespace tls::detail {

void mbedtls_prepare_export(seam::engine_core& core) noexcept;
[[nodiscard]] std::int32_t mbedtls_export(seam::engine_core& core, seam::export_request const& r) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/exporting.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/wolfssl/features.hpp>

/// What `seam::stapling_calls` promises. Only where the library can ask for a status.
namespace tls::detail {

[[nodiscard]] result<void> wolfssl_receive_status(void* library_configuration) noexcept;
[[nodiscard]] result<void> wolfssl_ask_for_status(seam::engine_core& core) noexcept;

[[nodiscard]] consteval seam::stapling_calls wolfssl_stapling() noexcept {
    if constexpr (wolfssl_supports(feature::stapled_status)) return {wolfssl_receive_status, wolfssl_ask_for_status};
    return {};
}

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/stapling.ipp>
#endif

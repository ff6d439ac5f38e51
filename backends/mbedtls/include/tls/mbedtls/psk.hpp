// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

namespace tls::detail {

/// Makes a client's configuration in the library offer the pre-shared key of its settings. Only where the library can
/// do that.
[[nodiscard]] result<void> mbedtls_use_psk(void* library_configuration, settings const& s) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/psk.ipp>
#endif

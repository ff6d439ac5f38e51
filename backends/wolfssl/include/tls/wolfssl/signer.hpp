// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

namespace tls::detail {

/// Makes a client's configuration in the library sign with the signer of an identity, and with none of its own keys.
/// Only where the library can do that.
[[nodiscard]] result<void> wolfssl_use_signer(void* library_configuration, seam::own_identity const& ours) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/signer.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

namespace tls::detail {

/// Makes a connection that has sent nothing yet report its secrets to the key log of its settings.
void wolfssl_start_key_log(seam::engine_core& core, settings const& s) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/key_log.ipp>
#endif

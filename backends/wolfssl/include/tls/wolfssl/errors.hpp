// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/detail/config.hpp>
#include <tls/errc.hpp>

#include <cstdint>

namespace tls::detail {

/// A wolfSSL error code in the shared taxonomy; `internal` if there is no name for it.
[[nodiscard]] errc wolfssl_classify(std::int32_t code) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/errors.ipp>
#endif

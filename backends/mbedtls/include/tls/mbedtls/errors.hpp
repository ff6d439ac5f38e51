// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/detail/config.hpp>
#include <tls/errc.hpp>

#include <cstdint>

namespace tls::detail {

/// An Mbed TLS error code in the shared taxonomy; `internal` if there is no name for it.
[[nodiscard]] errc mbedtls_classify(std::int32_t code) noexcept;

/// The one reason out of a set of Mbed TLS's verification flags, by the precedence all backends share.
[[nodiscard]] errc mbedtls_classify_flags(std::uint32_t flags) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/errors.ipp>
#endif

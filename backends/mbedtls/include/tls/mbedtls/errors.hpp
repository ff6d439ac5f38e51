// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/config.hpp>

#include <cstdint>
#include <span>

namespace tls::detail {

/// An Mbed TLS error code in the shared taxonomy; `internal` and no name if it is not known.
[[nodiscard]] native_code mbedtls_classify(std::int32_t code) noexcept;

/// Every Mbed TLS error code twintls knows.
[[nodiscard]] std::span<native_code const> mbedtls_codes() noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/errors.ipp>
#endif

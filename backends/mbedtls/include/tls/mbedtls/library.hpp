// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <string_view>

namespace tls::detail {

/// What the backend calls itself in errors and tickets.
inline constexpr char const* mbedtls_name = "Mbed TLS";

/// Initialises PSA crypto once per process and checks that the library linked is the one the headers describe.
///
/// Errors: library_mismatch (`native` is the library's version number, `about` the option that differs), internal.
/// Safe to call from many threads. PSA is never shut down: other code may use it, and a static destructor could still
/// hold a session.
[[nodiscard]] result<void> mbedtls_library() noexcept;

/// The version of the library linked.
[[nodiscard]] std::string_view mbedtls_version() noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/mbedtls/impl/library.ipp>
#endif

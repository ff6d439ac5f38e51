// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <string_view>

namespace tls::detail {

/// What the backend calls itself in errors and tickets.
inline constexpr char const* wolfssl_name = "wolfSSL";

/// Initialises wolfSSL once per process and checks that the library linked is the one the headers describe.
///
/// Errors: library_mismatch (`native` is the library's version number), internal, out_of_memory, and then the next call
/// tries again. Safe to call from many threads. wolfSSL is never cleaned up: other code may use it, and a static
/// destructor could still hold a session.
[[nodiscard]] result<void> wolfssl_library() noexcept;

/// The version of the library linked.
[[nodiscard]] std::string_view wolfssl_version() noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/library.ipp>
#endif

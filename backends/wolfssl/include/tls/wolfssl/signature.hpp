// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/signature/primitive.hpp>

namespace tls::detail {

/// Whether a signature is good, in the library's opinion. Safe from any thread; what is large is on the heap.
[[nodiscard]] signature::answer wolfssl_verify_signature(signature::checked_query const& query) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/wolfssl/impl/signature.ipp>
#endif

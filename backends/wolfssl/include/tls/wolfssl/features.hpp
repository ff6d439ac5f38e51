// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>

#if defined(TWINTLS_SEPARATE_COMPILATION) && __has_include(<twintls_wolfssl_features.hpp>)
// Listed by whoever chose the library's settings, so that its macros stay out of a program's files; the one file with
// the bodies compares the two (impl/native.hpp).
#    include <twintls_wolfssl_features.hpp>
#else
#    include <tls/wolfssl/impl/built_with.hpp>
#endif

namespace tls::detail {

/// What the wolfSSL compiled against can do.
[[nodiscard]] consteval bool wolfssl_supports(feature f) noexcept {
#if defined(TWINTLS_SEPARATE_COMPILATION) && __has_include(<twintls_wolfssl_features.hpp>)
    for (feature const told : wolfssl_features)
        if (told == f) return true;
    return false;
#else
    return wolfssl_built_with(f);
#endif
}

} // namespace tls::detail

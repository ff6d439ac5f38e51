// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/version.hpp>

/// How function bodies reach the program.
///
/// By default twintls is header-only. With TWINTLS_SEPARATE_COMPILATION defined for a whole program, headers only
/// declare, and exactly one source file includes <tls/src.hpp>, which has the bodies.
#if defined(TWINTLS_SEPARATE_COMPILATION)
#    define TWINTLS_DECL
#else
#    define TWINTLS_DECL inline
#endif

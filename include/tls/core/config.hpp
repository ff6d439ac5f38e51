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

/// How much of the stack is overwritten once a key was loaded and once a handshake is over: libraries leave parts of
/// keys there. TWINTLS_WIPED_STACK sets it, in bytes, the same for a whole program; both have just used more. 0
/// overwrites nothing.
#if !defined(TWINTLS_WIPED_STACK)
#    define TWINTLS_WIPED_STACK 16384
#endif

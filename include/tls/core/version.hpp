// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <string_view>

/// The version of twintls, for the preprocessor: `#if TWINTLS_VERSION >= 200` is 0.2.0 or newer. CMake reads it here.
// NOLINTBEGIN(modernize-macro-to-enum)
#define TWINTLS_VERSION_MAJOR 0
#define TWINTLS_VERSION_MINOR 1
#define TWINTLS_VERSION_PATCH 0
#define TWINTLS_VERSION_STRING "0.1.0"
#define TWINTLS_VERSION (TWINTLS_VERSION_MAJOR * 10000 + TWINTLS_VERSION_MINOR * 100 + TWINTLS_VERSION_PATCH)
// NOLINTEND(modernize-macro-to-enum)

#if !defined(__cplusplus) || (defined(_MSVC_LANG) ? _MSVC_LANG : __cplusplus) <= 202002L
#    error "twintls needs C++23: compile with -std=c++23, or in CMake target_compile_features(... cxx_std_23)"
#endif

namespace tls {

/// The version of the headers this program was compiled with, for example "0.1.0".
[[nodiscard]] constexpr std::string_view version() noexcept { return TWINTLS_VERSION_STRING; }

} // namespace tls

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tls {

/// The memory that holds any explanation whole, in bytes.
inline constexpr std::size_t longest_explanation = 4096;

/// What a person needs to know about an error, as a few lines of text.
///
/// The first line says what happened: the alert that decided it, and when it came. Then come the facts, each with its
/// source if it was not read on the wire; the likely causes, the likeliest first; what to try, and on whose side; and
/// the native code, on a last line that begins with "  native error: ". That line is the only one that may differ
/// between backends: no other depends on the backend, the native code or its name. Plain ASCII, no newline at the end.
///
/// Writes into the memory given and cuts off what does not fit (`longest_explanation` always does); never allocates.
/// The view returned is into that memory.
[[nodiscard]] std::string_view explain(error const& e, std::span<char> into) noexcept;

/// As above, as a string.
[[nodiscard]] std::string explain(error const& e);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/diagnosis/impl/explain.ipp>
#endif

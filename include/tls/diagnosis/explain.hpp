// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/vocabulary.hpp>

#include <array>
#include <concepts>
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
/// Writes into the memory given and cuts off what does not fit (`longest_explanation` always does, with the library's
/// own words); never allocates. The view returned is into that memory. `words` name what can be set, for people who do
/// not write C++.
[[nodiscard]] std::string_view
explain(error const& e, std::span<char> into, vocabulary const& words = library_words) noexcept;

/// As above, as a string.
[[nodiscard]] std::string explain(error const& e);

/// The same in other words. A template, so that `{}` as second argument is no vocabulary.
template <std::same_as<vocabulary> Vocabulary>
[[nodiscard]] std::string explain(error const& e, Vocabulary const& words) {
    std::array<char, longest_explanation> text;
    return std::string(explain(e, text, words));
}

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/diagnosis/impl/explain.ipp>
#endif

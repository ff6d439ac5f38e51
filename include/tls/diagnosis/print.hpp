// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>
#include <tls/diagnosis/explain.hpp>

#include <array>
#include <ostream>
#include <string>
#include <string_view>

/// Errors as text and in streams, for programs that have strings and streams; everything else of twintls has neither.
namespace tls {

namespace detail {

/// The first line of what `explain` says, and what the error is about if that line does not say it.
[[nodiscard]] inline std::string one_line(error const& e) {
    std::array<char, longest_explanation> text;
    std::string_view const all = explain(e, text);
    std::string line(all.substr(0, all.find('\n')));
    if (!e.about.empty() && !line.contains(e.about.view())) line.append(": ").append(e.about.view());
    return line;
}

} // namespace detail

/// An error in one line, as for a log; `explain` has the whole story.
[[nodiscard]] inline std::string to_string(error const& e) { return detail::one_line(e); }

/// What a code means, as `message` says.
[[nodiscard]] inline std::string to_string(errc code) { return std::string(message(code)); }

/// Prints `to_string`.
inline std::ostream& operator<<(std::ostream& out, error const& e) { return out << detail::one_line(e); }
inline std::ostream& operator<<(std::ostream& out, errc code) { return out << message(code); }

} // namespace tls

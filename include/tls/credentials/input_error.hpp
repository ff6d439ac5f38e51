// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/error.hpp>
#include <tls/core/text_writer.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <string_view>

namespace tls::detail {

/// The same error, saying which input it is about.
[[nodiscard]] inline std::unexpected<error> about(error e, std::string_view input) noexcept {
    if (e.about.empty()) e.about = input;
    return std::unexpected(e);
}

/// The same error, naming the input before the part of it that is at fault.
[[nodiscard]] inline std::unexpected<error> within(error e, std::string_view input) noexcept {
    constexpr std::string_view comma = ", ";
    if (e.about.empty()) return about(e, input);
    // Room for more than a `short_text` keeps, which is the end.
    std::array<char, 2 * short_text::capacity + comma.size() + 1> both;
    text_writer out(both);
    out << input.substr(input.size() - std::min(input.size(), short_text::capacity + 1)) << comma << e.about.view();
    e.about = out.view();
    return std::unexpected(e);
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/error.hpp>
#include <tls/x509/name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace tls::x509 {

/// A Name as errors and findings quote it. Of one that is too long, the beginning is kept, which is its most specific
/// part, followed by "..."; a short_text by itself would keep the end.
[[nodiscard]] inline short_text short_name(std::span<std::byte const> name) noexcept {
    constexpr std::string_view dots = "...";
    std::array<char, short_text::capacity> text;
    std::size_t const whole = format_name(name, text);
    if (whole > text.size()) std::ranges::copy(dots, text.end() - dots.size());
    return std::string_view(text.data(), std::min(whole, text.size()));
}

} // namespace tls::x509

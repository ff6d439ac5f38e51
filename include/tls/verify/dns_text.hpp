// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

/// What name matching and name constraints both need to know about DNS names found in certificates.
namespace tls::verify::detail {

[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

[[nodiscard]] constexpr std::string_view without_trailing_dot(std::string_view name) noexcept {
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

/// True for one or more labels of letters, digits, hyphens and underscores, each of 1 to 63 bytes, 253 bytes in all.
[[nodiscard]] constexpr bool is_dns_name(std::string_view name) noexcept {
    if (name.size() > 253) return false;
    std::size_t label = 0;
    for (char const c : name) {
        if (c == '.') {
            if (label == 0) return false;
            label = 0;
            continue;
        }
        char const l = lower(c);
        if (!((l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '_')) return false;
        if (++label > 63) return false;
    }
    return label != 0;
}

/// True if `name` is `domain`, or lies below it; an empty domain has everything below it.
[[nodiscard]] constexpr bool is_in_domain(std::string_view name, std::string_view domain) noexcept {
    if (domain.empty()) return true;
    if (name.size() < domain.size()) return false;
    std::size_t const extra = name.size() - domain.size();
    if (!equal_ignoring_case(name.substr(extra), domain)) return false;
    return extra == 0 || name[extra - 1] == '.';
}

} // namespace tls::verify::detail

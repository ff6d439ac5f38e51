// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/dns_name.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

/// What name matching and name constraints both need to know about DNS names found in certificates.
namespace tls::verify::detail {

using tls::detail::is_dns_name;

[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, tls::detail::to_lower, tls::detail::to_lower);
}

[[nodiscard]] constexpr std::string_view without_trailing_dot(std::string_view name) noexcept {
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
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

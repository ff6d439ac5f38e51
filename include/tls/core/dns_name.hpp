// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <cstddef>
#include <string_view>

namespace tls::detail {

/// The longest DNS name, in bytes without trailing dot (RFC 1035 section 3.1).
inline constexpr std::size_t longest_dns_name = 253;

/// ASCII only.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// True for the name of a host: the one rule for names we are given and for names in certificates, without a wildcard
/// or trailing dot.
///
/// One or more labels of 1 to 63 letters, digits and hyphens, no hyphen at either end of one (RFC 1034 section 3.5, RFC
/// 5890 section 2.3.1), 253 bytes in all. The last label is not a number: an IPv4 address is not a name (RFC 1123
/// section 2.1). Underscores count as letters, because hosts have them (RFC 2181 section 11).
[[nodiscard]] constexpr bool is_dns_name(std::string_view name) noexcept {
    constexpr std::size_t longest_label = 63;
    if (name.size() > longest_dns_name) return false;
    std::size_t label = 0;
    bool is_number = true;
    char last = '.';
    for (char const given : name) {
        char const c = to_lower(given);
        if (c == '.') {
            if (label == 0 || last == '-') return false;
            label = 0;
            is_number = true;
        } else {
            bool const digit = c >= '0' && c <= '9';
            bool const allowed = digit || (c >= 'a' && c <= 'z') || c == '_' || (c == '-' && label != 0);
            if (!allowed || ++label > longest_label) return false;
            is_number = is_number && digit;
        }
        last = c;
    }
    return label != 0 && last != '-' && !is_number;
}

} // namespace tls::detail

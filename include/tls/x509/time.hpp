// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/calendar.hpp>
#include <tls/x509/der.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::x509 {

/// Seconds from 1970-01-01 00:00:00 UTC to a date of the Gregorian calendar; nullopt if there is no such date.
[[nodiscard]] constexpr std::optional<std::int64_t>
to_unix_time(int year, int month, int day, int hour, int minute, int second) noexcept {
    if (!tls::detail::calendar::exists(year, month, day)) return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
    std::int32_t const second_of_day = (hour * 60 + minute) * 60 + second;
    return std::int64_t{tls::detail::calendar::days_since_1970(year, month, day)} * 86400 + second_of_day;
}

/// Reads a UTCTime or GeneralizedTime in the only form RFC 5280 section 4.1.2.5 allows: to the second, ending in Z.
///
/// Two-digit years are 1950 to 2049. nullopt for anything else, dates that do not exist included.
[[nodiscard]] constexpr std::optional<std::int64_t> to_unix_time(std::uint8_t tag, der::bytes content) noexcept {
    std::size_t const year_digits = tag == der::tag::utc_time ? 2 : 4;
    if (tag != der::tag::utc_time && tag != der::tag::generalized_time) return std::nullopt;
    if (content.size() != year_digits + 11 || content.back() != std::byte{'Z'}) return std::nullopt;
    for (std::byte const b : content.first(content.size() - 1))
        if (b < std::byte{'0'} || b > std::byte{'9'}) return std::nullopt;
    auto const two = [&](std::size_t at) {
        return (std::to_integer<int>(content[at]) - '0') * 10 + std::to_integer<int>(content[at + 1]) - '0';
    };
    int const short_year = two(0);
    int const year = year_digits == 4 ? short_year * 100 + two(2) : short_year + (short_year < 50 ? 2000 : 1900);
    std::size_t const at = year_digits;
    return to_unix_time(year, two(at), two(at + 2), two(at + 4), two(at + 6), two(at + 8));
}
[[nodiscard]] constexpr std::optional<std::int64_t> to_unix_time(der::element const& e) noexcept {
    return to_unix_time(e.tag, e.content);
}

} // namespace tls::x509

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/der.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::x509 {

/// Seconds from 1970-01-01 00:00:00 UTC to a date of the Gregorian calendar; nullopt if there is no such date.
[[nodiscard]] constexpr std::optional<std::int64_t>
to_unix_time(int year, int month, int day, int hour, int minute, int second) noexcept {
    constexpr int days_in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1) return std::nullopt;
    bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > days_in_month[month - 1] + (month == 2 && leap ? 1 : 0)) return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;

    // Counting years from March puts the leap day last, where it shifts no other month. Days fit 32 bits; seconds do
    // not.
    std::int32_t const y = month > 2 ? year : year - 1;
    std::int32_t const m = month > 2 ? month - 3 : month + 9;
    std::int32_t const leap_days = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
    std::int32_t const days_from_march_of_year_0 = y * 365 + leap_days + (153 * m + 2) / 5 + day - 1;
    constexpr std::int32_t march_of_year_0_to_1970 = 719468;
    std::int32_t const days = days_from_march_of_year_0 - march_of_year_0_to_1970;
    std::int32_t const second_of_day = (hour * 60 + minute) * 60 + second;
    return std::int64_t{days} * 86400 + second_of_day;
}

/// Reads a UTCTime or GeneralizedTime in the only form RFC 5280 section 4.1.2.5 allows: to the second, ending in Z.
///
/// Two-digit years are 1950 to 2049. nullopt for anything else, also for dates that do not exist.
[[nodiscard]] constexpr std::optional<std::int64_t> to_unix_time(std::uint8_t tag, der::bytes content) noexcept {
    std::size_t const year_digits = tag == der::tag::utc_time ? 2 : 4;
    if (tag != der::tag::utc_time && tag != der::tag::generalized_time) return std::nullopt;
    if (content.size() != year_digits + 11 || content.back() != std::byte{'Z'}) return std::nullopt;
    for (std::byte const b : content.first(content.size() - 1)) {
        if (b < std::byte{'0'} || b > std::byte{'9'}) return std::nullopt;
    }
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

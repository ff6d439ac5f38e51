// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <cstdint>

/// The Gregorian calendar, also for the time before it, where year 0 is the year before year 1.
///
/// Counting years from March puts the leap day last, where it shifts no other month.
namespace tls::detail::calendar {

inline constexpr std::int32_t march_of_year_0_to_1970 = 719468; ///< in days

/// A day by its name.
struct date {
    std::int64_t year = 1970;
    std::int32_t month = 1; ///< 1 to 12
    std::int32_t day = 1;   ///< 1 to 31
};

/// Days from the beginning of March to that of a month; months are counted from March, which is 0.
[[nodiscard]] constexpr std::int32_t days_before(std::int32_t month_from_march) noexcept {
    return (153 * month_from_march + 2) / 5;
}

/// True for a date that exists, in the years 0 to 9999.
[[nodiscard]] constexpr bool exists(std::int32_t year, std::int32_t month, std::int32_t day) noexcept {
    constexpr std::int8_t days_in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days_in_month[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Days from 1970-01-01 to a date that exists. They fit 32 bits; seconds do not.
[[nodiscard]] constexpr std::int32_t days_since_1970(std::int32_t year, std::int32_t month, std::int32_t day) noexcept {
    std::int32_t const y = month > 2 ? year : year - 1;
    std::int32_t const m = month > 2 ? month - 3 : month + 9;
    std::int32_t const leap_days = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
    return y * 365 + leap_days + days_before(m) + day - 1 - march_of_year_0_to_1970;
}

/// The date this many days after 1970-01-01, or before it if negative.
[[nodiscard]] constexpr date date_of(std::int64_t days_since_1970) noexcept {
    // 400 years make an era, and all eras are equally long.
    constexpr std::int64_t days_of_era = 146097;
    std::int64_t const days = days_since_1970 + march_of_year_0_to_1970;
    std::int64_t era = days / days_of_era;
    auto day_of_era = static_cast<std::int32_t>(days % days_of_era);
    if (day_of_era < 0) {
        day_of_era += static_cast<std::int32_t>(days_of_era);
        --era;
    }
    std::int32_t const year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    std::int32_t const day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    std::int32_t const month_from_march = (5 * day_of_year + 2) / 153;
    date d;
    d.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    d.year = era * 400 + year_of_era + (d.month <= 2 ? 1 : 0);
    d.day = day_of_year - days_before(month_from_march) + 1;
    return d;
}

} // namespace tls::detail::calendar

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tls::detail {

/// A moment as text: "2026-10-01 12:00:00 UTC".
///
/// Takes seconds since 1970-01-01 UTC of any value: years have at least four digits, as many as they need, and a minus
/// sign before year 0 (which is the year before year 1). Holds its text itself; never allocates.
class time_text {
public:
    explicit constexpr time_text(std::int64_t seconds_since_1970) noexcept {
        constexpr std::int64_t day = 86400;
        // Division rounds towards zero; days must be rounded down.
        std::int64_t days = seconds_since_1970 / day;
        std::int64_t rest = seconds_since_1970 % day;
        if (rest < 0) {
            rest += day;
            --days;
        }

        // Years counted from March have their leap day last; 400 of them are an era, and all eras are equally long.
        constexpr std::int64_t days_of_era = 146097;
        constexpr std::int64_t march_of_year_0_to_1970 = 719468;
        days += march_of_year_0_to_1970;
        std::int64_t era = days / days_of_era;
        std::int64_t day_of_era = days % days_of_era;
        if (day_of_era < 0) {
            day_of_era += days_of_era;
            --era;
        }
        std::int64_t const year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        std::int64_t const day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        std::int64_t const month_from_march = (5 * day_of_year + 2) / 153;
        std::int64_t const month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
        std::int64_t const year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);

        if (year < 0) put('-');
        digits(year < 0 ? -year : year, 4);
        put('-');
        digits(month, 2);
        put('-');
        digits(day_of_year - (153 * month_from_march + 2) / 5 + 1, 2);
        put(' ');
        digits(rest / 3600, 2);
        put(':');
        digits(rest / 60 % 60, 2);
        put(':');
        digits(rest % 60, 2);
        for (char const c : std::string_view(" UTC")) put(c);
    }

    /// The text; valid as long as this object.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    constexpr void put(char c) noexcept { text_[size_++] = c; }
    /// A number that is not negative, with zeros in front.
    constexpr void digits(std::int64_t value, std::size_t at_least) noexcept {
        if (value >= 10 || at_least > 1) digits(value / 10, at_least > 1 ? at_least - 1 : 1);
        put(static_cast<char>('0' + value % 10));
    }

    std::array<char, 40> text_{}; // the furthest moment has a year of 12 digits: 33 characters
    std::size_t size_ = 0;
};

} // namespace tls::detail

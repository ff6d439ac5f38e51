// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/calendar.hpp>

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

        auto const [year, month, day_of_month] = calendar::date_of(days);
        if (year < 0) put('-');
        digits(year < 0 ? -year : year, 4);
        put('-');
        digits(month, 2);
        put('-');
        digits(day_of_month, 2);
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
    /// A non-negative number, with leading zeros.
    constexpr void digits(std::int64_t value, std::size_t at_least) noexcept {
        if (value >= 10 || at_least > 1) digits(value / 10, at_least > 1 ? at_least - 1 : 1);
        put(static_cast<char>('0' + value % 10));
    }

    std::array<char, 40> text_{}; // the furthest moment has a year of 12 digits: 33 characters
    std::size_t size_ = 0;
};

} // namespace tls::detail

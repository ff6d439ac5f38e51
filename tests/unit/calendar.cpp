// SPDX-License-Identifier: Apache-2.0
#include <tls/core/calendar.hpp>

#include <cstdint>

#include <doctest/doctest.h>

namespace unit::calendar_cases {
namespace {

namespace calendar = tls::detail::calendar;

static_assert(calendar::days_since_1970(1970, 1, 1) == 0);
static_assert(calendar::days_since_1970(2000, 3, 1) == 11017);
static_assert(calendar::date_of(-1).year == 1969);

} // namespace

TEST_CASE("calendar: each day from year 0 to 9999 follows the one before, there and back") {
    std::int32_t expected = calendar::days_since_1970(0, 1, 1);
    std::int32_t wrong = 0;
    for (int year = 0; year <= 9999; ++year)
        for (int month = 1; month <= 12; ++month)
            for (int day = 1; day <= 31; ++day) {
                if (!calendar::exists(year, month, day)) continue;
                auto const back = calendar::date_of(expected);
                bool const right = calendar::days_since_1970(year, month, day) == expected && back.year == year &&
                                   back.month == month && back.day == day;
                wrong += right ? 0 : 1;
                ++expected;
            }
    CHECK(wrong == 0);
    CHECK(expected == calendar::days_since_1970(9999, 12, 31) + 1);
    CHECK(calendar::date_of(expected).year == 10000);
    CHECK(calendar::date_of(calendar::days_since_1970(0, 1, 1) - 1).year == -1);
}

TEST_CASE("calendar: dates that do not exist") {
    CHECK(calendar::exists(2000, 2, 29));
    CHECK(calendar::exists(2024, 2, 29));
    CHECK_FALSE(calendar::exists(1900, 2, 29));
    CHECK_FALSE(calendar::exists(2023, 2, 29));
    CHECK_FALSE(calendar::exists(2024, 2, 30));
    CHECK_FALSE(calendar::exists(2024, 4, 31));
    CHECK_FALSE(calendar::exists(2024, 0, 1));
    CHECK_FALSE(calendar::exists(2024, 13, 1));
    CHECK_FALSE(calendar::exists(2024, 1, 0));
    CHECK_FALSE(calendar::exists(-1, 1, 1));
    CHECK_FALSE(calendar::exists(10000, 1, 1));
}

} // namespace unit::calendar_cases

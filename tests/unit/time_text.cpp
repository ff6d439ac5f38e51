// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/time_text.hpp>
#include <tls/x509/time.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace unit::time_text_cases {
namespace {

using tls::detail::time_text;

static_assert(time_text(0).view() == "1970-01-01 00:00:00 UTC");

} // namespace

TEST_CASE("moments as text") {
    CHECK(time_text(-1).view() == "1969-12-31 23:59:59 UTC");
    CHECK(time_text(951782399).view() == "2000-02-28 23:59:59 UTC");
    CHECK(time_text(951782400).view() == "2000-02-29 00:00:00 UTC");
    CHECK(time_text(951868800).view() == "2000-03-01 00:00:00 UTC");
    CHECK(time_text(4107542400).view() == "2100-03-01 00:00:00 UTC");
    CHECK(time_text(1790856000).view() == "2026-10-01 12:00:00 UTC");
    CHECK(time_text(253402300799).view() == "9999-12-31 23:59:59 UTC");
    CHECK(time_text(253402300800).view() == "10000-01-01 00:00:00 UTC");
    CHECK(time_text(-62167219200).view() == "0000-01-01 00:00:00 UTC");
    CHECK(time_text(-62167219201).view() == "-0001-12-31 23:59:59 UTC");
    CHECK(time_text(std::numeric_limits<std::int64_t>::max()).view() == "292277026596-12-04 15:30:07 UTC");
    CHECK(time_text(std::numeric_limits<std::int64_t>::min()).view() == "-292277022657-01-27 08:29:52 UTC");
}

TEST_CASE("each day's text is the date it was made from") {
    for (int year : {0, 1600, 1899, 1900, 1970, 1999, 2000, 2023, 2024, 2100, 9999}) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= 31; ++day) {
                auto const moment = tls::x509::to_unix_time(year, month, day, 23, 5, 9);
                if (!moment) continue;
                time_text const text(*moment);
                auto const number = [&](std::size_t at, std::size_t size) {
                    int value = 0;
                    for (char const c : text.view().substr(at, size)) value = value * 10 + (c - '0');
                    return value;
                };
                CAPTURE(text.view());
                CHECK(number(0, 4) == year);
                CHECK(number(5, 2) == month);
                CHECK(number(8, 2) == day);
                CHECK(text.view().substr(10) == " 23:05:09 UTC");
            }
        }
    }
}

} // namespace unit::time_text_cases

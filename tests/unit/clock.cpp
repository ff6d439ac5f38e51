// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/configuration/preflight.hpp>
#include <tls/core/clock.hpp>
#include <tls/diagnosis/questions.hpp>

#include <ctime>

namespace unit::clock_cases {
namespace {

constexpr std::int64_t end_of_2023 = 1704067199;

/// Whether a preflight at this moment says that the clock is wrong.
bool preflight_doubts(std::int64_t now) {
    return tls::preflight({}, *tls::server_name::dns("localhost"), now).has(tls::finding_kind::clock_implausible);
}

/// Whether the explanation of an error that was made at this moment takes the clock for wrong.
bool explanation_doubts(std::int64_t now) {
    tls::error e;
    e.clock = now;
    return tls::detail::when::clock_is_unset(e);
}

} // namespace

TEST_CASE("clock: one that shows a time before 2024 was never set, whoever asks") {
    CHECK(tls::detail::is_time_of_unset_clock(0));
    for (std::int64_t const never : {std::int64_t{1}, end_of_2023}) {
        CHECK(tls::detail::is_time_of_unset_clock(never));
        CHECK(preflight_doubts(never));
        CHECK(explanation_doubts(never));
    }
    for (std::int64_t const set : {end_of_2023 + 1, std::int64_t{4'000'000'000}}) {
        CHECK_FALSE(tls::detail::is_time_of_unset_clock(set));
        CHECK_FALSE(preflight_doubts(set));
        CHECK_FALSE(explanation_doubts(set));
    }
    CHECK_FALSE(explanation_doubts(0)); // nobody asked
}

TEST_CASE("clock: the system's clock is what std::time says") {
    std::int64_t const before = std::time(nullptr);
    std::int64_t const now = tls::system_wall_clock();
    CHECK(before <= now);
    CHECK(now <= std::time(nullptr));
    CHECK_FALSE(tls::detail::is_time_of_unset_clock(now));
}

} // namespace unit::clock_cases

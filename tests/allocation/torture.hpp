// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "allocation/failing_memory.hpp"
#include <tls/core/errc.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

/// Every allocation of a piece of work fails, one at a time and with all that follow. It must answer out_of_memory, or
/// as it does with enough memory; nothing may be left behind; and afterwards, with memory, it works.
namespace allocation {

/// What a piece of work came to. `wrong` says what is missing in what it calls a success.
struct outcome {
    tls::errc code = tls::errc::ok;
    char const* wrong = nullptr;
};

/// Which allocations fail. All of them if TWINTLS_TORTURE=all; else of those with the same ten functions active the
/// first and the last: a loop over the words of a number is one place, however often it allocates.
inline std::vector<std::size_t> chosen(std::vector<std::uint64_t> const& places) {
    std::vector<std::size_t> numbers;
    char const* const how = std::getenv("TWINTLS_TORTURE");
    bool const all = how != nullptr && std::string_view(how) == "all";
    std::map<std::uint64_t, std::pair<std::size_t, std::size_t>> ends;
    for (std::size_t i = 0; i != places.size(); ++i) {
        if (all) numbers.push_back(i + 1);
        auto const [at, fresh] = ends.try_emplace(places[i], i + 1, i + 1);
        if (!fresh) at->second.second = i + 1;
    }
    if (all) return numbers;
    for (auto const& [place, numbers_of] : ends) {
        numbers.push_back(numbers_of.first);
        if (numbers_of.second != numbers_of.first) numbers.push_back(numbers_of.second);
    }
    std::ranges::sort(numbers);
    return numbers;
}

/// Does the work as described above. It must take the same way each time, and call nothing of doctest.
template <class Work> void torture(Work work, tls::errc with_memory = tls::errc::ok) {
    auto const whole = [&](char const* when) {
        outcome const o = work();
        CAPTURE(when);
        CHECK(o.code == with_memory);
        CHECK_MESSAGE(o.wrong == nullptr, o.wrong);
    };
    whole("before"); // also initialises what is initialised once
    start_noting();
    (void)work();
    auto const places = stop_noting();
    REQUIRE_FALSE(places.empty());
    auto const numbers = chosen(places);
    long const blocks = live();
    std::map<std::string, std::size_t> complaints;
    std::size_t done_without = 0;
    std::size_t missed = 0; // numbers that are drawn at random take a few allocations more or less
    for (auto* const start : {fail, fail_from})
        for (std::size_t const n : numbers) {
            start(n);
            outcome const o = work();
            bool const was_reached = failed();
            auto const complain = [&](std::string what) {
                ++complaints[(start == fail ? "one fails: " : "all fail: ") + what];
            };
            if (!was_reached) ++missed;
            bool const fine = o.code == tls::errc::out_of_memory || (o.code == with_memory && o.wrong == nullptr);
            if (!fine)
                complain(
                    std::string(name(o.code)) + " " + (o.wrong != nullptr ? o.wrong : "") + " at " + std::to_string(n));
            if (o.code == with_memory) ++done_without;
        }
    for (auto const& [what, times] : complaints) {
        CAPTURE(times);
        FAIL_CHECK(what);
    }
    CHECK(missed <= 1 + numbers.size() / 10);
    whole("after");
    CHECK(live() == blocks); // in between a key may have to draw numbers anew, which it keeps
    MESSAGE(places.size(), " allocations, ", numbers.size(), " made to fail, done without ", done_without, " times");
}

} // namespace allocation

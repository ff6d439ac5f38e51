// SPDX-License-Identifier: Apache-2.0
#include "builds.hpp"

#include "cases.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

namespace bench {
namespace {

double median(results const& r, handshake_case const& c, std::string const& contender, metric m) {
    auto const* const found = find(r, c.id, contender, m);
    if (found == nullptr) throw std::runtime_error("not measured");
    return found->value.median;
}

contender_kind const& usual() {
    auto const& all = contenders();
    auto const found = std::ranges::find(all, "twintls-wolfssl", &contender_kind::id);
    if (found == all.end()) throw std::runtime_error("there is no twintls-wolfssl");
    return *found;
}

} // namespace

TEST_CASE("making a client is counted for every contender, and more trust anchors take more") {
    auto const& cases = build_cases();
    REQUIRE(cases.size() == 2);
    results r;
    for (auto const& c : cases) measure_build(c, contenders(), 20, r);
    for (auto const& kind : contenders()) {
        CAPTURE(kind.id);
        auto const of = [&](std::size_t i, metric m) { return median(r, cases[i], kind.id, m); };
        for (std::size_t const i : {0u, 1u}) {
            CHECK(of(i, metric::build_allocations) > 0);
            CHECK(of(i, metric::client_heap) > 0);
            CHECK(of(i, metric::client_heap) <= of(i, metric::build_peak));
            CHECK(of(i, metric::build_peak) <= of(i, metric::build_bytes));
            CHECK(of(i, metric::in_flight_heap) > 4096); // keys and the transcript alone
        }
        // A contender that keeps less than name and key of 143 more anchors took several of them for one.
        if (!kind.id.starts_with("twintls")) // it keeps all in one block of memory, and gives the library none
            CHECK(of(1, metric::build_allocations) >= of(0, metric::build_allocations) + 143);
        CHECK(of(1, metric::client_heap) > of(0, metric::client_heap) + 143 * 100);
    }
}

TEST_CASE("a contender that makes its client twice is seen to allocate twice as much, and to keep as much as before") {
    auto const& c = build_cases().back();
    contender_kind twice = usual();
    twice.id = "twice";
    twice.configure = [](handshake_case const& scene, credentials const& with) {
        (void)usual().configure(scene, with);
        return usual().configure(scene, with);
    };
    results r;
    measure_build(c, {usual(), twice}, 20, r);
    auto const ratio = [&](metric m) { return median(r, c, "twice", m) / median(r, c, usual().id, m); };
    CHECK(std::abs(ratio(metric::build_allocations) - 2) < 0.01);
    CHECK(std::abs(ratio(metric::build_bytes) - 2) < 0.01);
    CHECK(std::abs(ratio(metric::client_heap) - 1) < 0.02);
}

} // namespace bench

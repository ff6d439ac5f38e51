// SPDX-License-Identifier: Apache-2.0
#include "bulk.hpp"

#include "cases.hpp"
#include "contender.hpp"

#include <doctest/doctest.h>

namespace bench {

TEST_CASE("every contender moves the data of every bulk case, and each is measured") {
    for (auto const& c : bulk_cases()) {
        CAPTURE(c.id);
        results r;
        // `measure_bulk` throws unless the suite is the case's and every byte arrives.
        CHECK_NOTHROW(measure_bulk(c, contenders(), 1, 1, r));
        for (auto const& kind : contenders()) {
            CAPTURE(kind.id);
            auto const* const found = find(r, c.id, kind.id, metric::throughput);
            REQUIRE(found != nullptr);
            CHECK(found->value.median > 0);
        }
    }
}

} // namespace bench

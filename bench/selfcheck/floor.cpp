// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"

#include "contender.hpp"
#include "environment.hpp"

#include <algorithm>
#include <stdexcept>

#include <doctest/doctest.h>

namespace bench {
namespace {

handshake_case case_named(char const* id) {
    auto const& all = handshake_cases();
    auto const found = std::ranges::find(all, id, &handshake_case::id);
    if (found == all.end()) throw std::runtime_error("no such case");
    return *found;
}

} // namespace

TEST_CASE("every library's operations work, take time, and the floor is their sum") {
    for (auto const& kind : contenders()) {
        CAPTURE(kind.library);
        primitives const p = measure_floor(operations_of(kind.library), 3);
        for (double const time : {p.x25519, p.p256, p.ecdsa_verify, p.ecdsa_sign, p.rsa_verify}) CHECK(time > 0);
    }
    CHECK_THROWS((void)operations_of("none"));
    primitives const p{1, 10, 100, 1000, 10000};
    CHECK(floor_of(case_named("tls12-p256-ecdsa"), p) == 310);
    CHECK(floor_of(case_named("tls12-p256-rsa-mutual"), p) == 31010);
    CHECK(floor_of(case_named("tls13-x25519-ecdsa-mutual"), p) == 1301);
    CHECK(floor_of(case_named("tls13-p256-ecdsa-resumed"), p) == 10);
    CHECK(floor_of(case_named("tls12-p256-ecdsa-resumed"), p) == 0);
}

TEST_CASE("the environment is described, and this build of wolfSSL leaves no dirty registers") {
    results r;
    describe_environment(r);
    CHECK_FALSE(r.started.empty());
    CHECK_FALSE(r.processor.empty());
    CHECK_FALSE(r.server.empty());
    CHECK(r.cores > 0);
    CHECK(r.contenders.size() == contenders().size());
    CHECK_FALSE(leaves_upper_halves_dirty().value_or(false));
}

} // namespace bench

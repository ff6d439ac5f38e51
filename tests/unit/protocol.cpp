// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/protocol.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace unit::protocol_cases {
namespace {

/// True if each 16-bit number is in the list once if its enumerator has a name, and otherwise never. That each
/// enumerator has a name is checked by the compiler, because `name` is a switch without default.
template <auto const& Known> bool is_complete(std::string_view unknown) {
    using value = typename tls::known_set<Known>::value_type;
    bool complete = true;
    for (std::uint32_t number = 0; number <= UINT16_MAX; ++number) {
        auto const v = static_cast<value>(number);
        auto const times = std::ranges::count(Known, v);
        bool const right = times == (tls::name(v) == unknown ? 0 : 1);
        CHECK_MESSAGE(right, tls::name(v), " (", number, ") is there ", times, " times");
        tls::known_set<Known> set;
        set.add(v);
        complete = complete && right && set.has(v) == (times == 1) && set.empty() == (times == 0);
    }
    return complete;
}

} // namespace

TEST_CASE("protocol: the lists of known suites and groups have every enumerator once") {
    CHECK(is_complete<tls::known_suites>("unknown suite"));
    CHECK(is_complete<tls::known_groups>("unknown group"));
}

TEST_CASE("protocol: a suite belongs to the version that its name says") {
    for (tls::cipher_suite const s : tls::known_suites) {
        CAPTURE(tls::name(s));
        bool const has_key_exchange = tls::name(s).starts_with("TLS_ECDHE_");
        CHECK(tls::is_tls_1_3(s) == !has_key_exchange);
        CHECK((tls::version_of(s) == tls::protocol_version::tls_1_3) == !has_key_exchange);
    }
}

} // namespace unit::protocol_cases

// SPDX-License-Identifier: Apache-2.0
#include "contender.hpp"
#include "handshakes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

namespace bench {
namespace {

contender_kind const& usual() {
    for (auto const& kind : contenders())
        if (kind.id == "raw-wolfssl") return kind;
    throw std::runtime_error("there is no raw-wolfssl");
}

/// Makes another complete client whenever it connects.
class slowed final : public client_contender {
public:
    slowed(handshake_case const& c, credentials const& with)
        : case_(c),
          with_(with),
          inner_(usual().configure(c, with)) {}

    std::unique_ptr<client_connection> connect() override {
        for (int i = 0; i < 20; ++i) (void)usual().configure(case_, with_);
        return inner_->connect();
    }
    void keep_session(client_connection& established) override { inner_->keep_session(established); }
    outcome outcome_of(client_connection& established) override { return inner_->outcome_of(established); }

private:
    handshake_case const& case_;
    credentials const& with_;
    std::unique_ptr<client_contender> inner_;
};

} // namespace

TEST_CASE("a contender that does more is seen to take longer, to allocate more, and by how much") {
    auto const& cases = handshake_cases();
    auto const c = std::ranges::find_if(cases, [](auto const& one) { return one.other_anchors != 0; });
    REQUIRE(c != cases.end());
    contender_kind slow = usual();
    slow.id = "twintls-wolfssl"; // so that the two are compared
    slow.configure = [](handshake_case const& scene, credentials const& with) -> std::unique_ptr<client_contender> {
        return std::make_unique<slowed>(scene, with);
    };
    results r;
    measure_handshakes(*c, {slow, usual()}, {3, 2}, r);
    auto const value = [&](char const* contender, metric m) {
        auto const* const found = find(r, c->id, contender, m);
        REQUIRE(found != nullptr);
        return found->value;
    };
    CHECK(value("twintls-wolfssl", metric::client_cpu).low > value("raw-wolfssl", metric::client_cpu).high);
    CHECK(value("twintls-wolfssl", metric::allocations).median > value("raw-wolfssl", metric::allocations).median);
    // The same connection underneath; the allocator's rounding depends on what was freed before.
    double const more =
        value("twintls-wolfssl", metric::session_heap).median - value("raw-wolfssl", metric::session_heap).median;
    CHECK(std::abs(more) < 512);
    REQUIRE(r.ratios.size() == 1);
    CHECK(r.ratios.front().value.low > 1);
}

} // namespace bench

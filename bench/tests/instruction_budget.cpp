// SPDX-License-Identifier: Apache-2.0
#include "report/instruction_budget.hpp"

#include "contains.hpp"
#include "synthetic.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

namespace {

bench::instruction_baseline baseline(std::uint64_t instructions) {
    return {"c", "p", {{"tls13", "twintls-wolfssl", instructions}, {"tls12", "twintls-wolfssl", 50}}};
}

std::string error_of(std::string_view text) {
    try {
        static_cast<void>(bench::instruction_baseline_from_json(text));
    } catch (std::runtime_error const& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("a count may exceed the baseline by the budget and no more") {
    auto const before = baseline(1'000'000);
    CHECK(check_instruction_budget(before, before, 0.01).empty());
    CHECK(check_instruction_budget(baseline(1'010'000), before, 0.01).empty());
    CHECK(check_instruction_budget(baseline(500'000), before, 0.01).empty());
    auto const violations = check_instruction_budget(baseline(1'010'001), before, 0.01);
    REQUIRE(violations.size() == 1);
    CHECK(violations[0] == "twintls-wolfssl, tls13: 1000000 -> 1010001 instructions, +1.00 %, allowed are 1.00 %");
    CHECK(check_instruction_budget(baseline(1), baseline(0), 0.01).size() == 1);
}

TEST_CASE("a count that is missing breaks the budget; one that is new does not") {
    auto now = baseline(1'000'000);
    now.counts.push_back({"new", "twintls-wolfssl", 1});
    CHECK(check_instruction_budget(now, baseline(1'000'000), 0.01).empty());
    now.counts.erase(now.counts.begin());
    auto const violations = check_instruction_budget(now, baseline(1'000'000), 0.01);
    REQUIRE(violations.size() == 1);
    CHECK(violations[0] == "twintls-wolfssl, tls13: not counted, was 1000000");
    now.counts[0].contender = "twintls-mbedtls";
    CHECK(check_instruction_budget(now, baseline(1'000'000), 0.01).size() == 2);
    CHECK(check_instruction_budget(now, {}, 0.01).size() == 1);
}

TEST_CASE("a run is within the baseline made of it, which survives the way through JSON") {
    auto r = synthetic::run();
    auto const made = instruction_baseline_of(r);
    auto const text = to_json(made);
    auto const back = bench::instruction_baseline_from_json(text);
    CHECK(to_json(back) == text);
    CHECK(back.compiler == r.compiler);
    REQUIRE(back.counts.size() == made.counts.size());
    CHECK(back.counts.size() == 15 * 6);
    CHECK(check_instruction_budget(r, back, 0).empty());
    for (auto& m : r.measurements)
        if (m.metric == bench::metric::instructions) m.value.median *= 1.02;
    CHECK(check_instruction_budget(r, back, 0.01).size() == back.counts.size());
}

TEST_CASE("a baseline that is damaged or of another kind is refused") {
    auto const text = to_json(baseline(7));
    CHECK(error_of(text).empty());
    CHECK(error_of(text.substr(0, text.size() / 2)) == contains("line "));
    CHECK(error_of(to_json(bench::instruction_baseline{})) == contains("counts must not be empty"));
    CHECK(error_of(R"({"schema": "other"})") == contains("schema is \"other\""));
    auto wrong = text;
    wrong.replace(wrong.find(": 7}"), 4, ": -7}");
    CHECK(error_of(wrong) == contains("counts[0].instructions must be a whole number"));
}

// SPDX-License-Identifier: Apache-2.0
#include "instructions/budget.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

namespace bench {

TEST_CASE("a budget of instructions is read as it was written, and nothing damaged is taken for one") {
    std::string const text =
        to_text({"a compiler", {{"tls13-x25519-ecdsa", "twintls-wolfssl", 3341750}, {"other", "raw-wolfssl", 1}}});
    CHECK(budget_of(text).counted_by == "a compiler");
    auto const read = budget_of(text).entries;
    REQUIRE(read.size() == 2);
    CHECK(read[0].case_id == "tls13-x25519-ecdsa");
    CHECK(read[0].contender == "twintls-wolfssl");
    CHECK(read[0].instructions == 3341750);
    CHECK(to_text(budget_of(text)) == text);
    for (std::size_t size = 0; size < text.rfind('}'); ++size)
        CHECK_THROWS_AS((void)budget_of(std::string_view(text).substr(0, size)), std::runtime_error);
    CHECK_THROWS((void)budget_of(to_text({"a compiler", {}})));
    CHECK_THROWS((void)budget_of(to_text({"a compiler", {{"case", "contender", 0}}})));
    CHECK_THROWS(
        (void)budget_of(R"({"schema": "another", "instructions": [{"case": "a", "contender": "b", "count": 1}]})"));
    CHECK_THROWS((void)budget_of(R"({"schema": "twintls-instruction-budget-1", "instructions": [{"case": "a"}]})"));
}

TEST_CASE("one percent more is within the budget, and no more than that; less always is") {
    budget_entry const entry{"case", "contender", 1'000'000};
    CHECK(judge(entry, 1'000'000).kept);
    CHECK(judge(entry, 1'009'999).kept);
    CHECK(judge(entry, 500'000).kept);
    auto const over = judge(entry, 1'010'001);
    CHECK_FALSE(over.kept);
    for (char const* const word : {"case", "contender", "1010001", "1000000", "OVER BUDGET"})
        CHECK(over.words.find(word) != std::string::npos);
    CHECK_THROWS((void)check_budget("no such file"));
}

} // namespace bench

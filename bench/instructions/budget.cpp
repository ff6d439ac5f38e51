// SPDX-License-Identifier: Apache-2.0
#include "budget.hpp"

#include "environment.hpp"
#include "files.hpp"
#include "instructions/count.hpp"
#include "report/json_reader.hpp"
#include "report/json_writer.hpp"

#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr std::string_view schema = "twintls-instruction-budget-1";

double count(budget_entry const& e) { return count_instructions(e.case_id, e.contender); }

void require_counting() {
    if (auto const why = why_not_countable()) throw std::runtime_error("cannot count instructions: " + *why);
}

} // namespace

instruction_budget budget_of(std::string_view text) {
    auto const document = json::parse(text);
    json::reader const from(document, "");
    from.require_schema(schema);
    instruction_budget budget{from.text("counted_by"), {}};
    from.each_object("instructions", [&](json::reader const& e) {
        budget.entries.push_back({e.text("case"), e.text("contender"), e.number("count")});
        if (!(budget.entries.back().instructions > 0)) e.wrong("count", "must be above zero");
    });
    if (budget.entries.empty()) throw std::runtime_error("a file of instruction budgets with no budget");
    return budget;
}

std::string to_text(instruction_budget const& budget) {
    auto text = "{\n  \"schema\": " + json::quoted(schema) + ",\n  \"counted_by\": " + json::quoted(budget.counted_by);
    json::write_array(text, "instructions", budget.entries, [](budget_entry const& e) {
        auto const count = std::to_string(std::llround(e.instructions));
        return json::line().text("case", e.case_id).text("contender", e.contender).raw("count", count).object();
    });
    return text += "\n}\n";
}

budget_verdict judge(budget_entry const& entry, double counted) {
    double const change = counted / entry.instructions - 1;
    bool const kept = change <= budget_tolerance;
    char text[256];
    std::snprintf(
        text, sizeof text, "%-36s %-16s %12.0f instructions, %12.0f before: %+.3f %%%s", entry.case_id.c_str(),
        entry.contender.c_str(), counted, entry.instructions, change * 100, kept ? "" : "  OVER BUDGET");
    return {kept, text};
}

bool check_budget(std::string const& file) {
    require_counting();
    bool kept = true;
    auto const budget = budget_of(read_file(file));
    for (auto const& entry : budget.entries) {
        auto const verdict = judge(entry, count(entry));
        std::printf("%s\n", verdict.words.c_str());
        kept = kept && verdict.kept;
    }
    if (kept) return true;
    std::printf(
        "A handshake takes more than %g %% more instructions than it did. If that is meant, renew the file: "
        "twintls-bench --renew-budget FILE\n",
        budget_tolerance * 100);
    if (auto const ours = compiler_and_build(); ours != budget.counted_by)
        std::printf(
            "Or the compiler makes the difference: counted by %s, this is %s.\n", budget.counted_by.c_str(),
            ours.c_str());
    return false;
}

void renew_budget(std::string const& file) {
    require_counting();
    auto budget = budget_of(read_file(file));
    budget.counted_by = compiler_and_build();
    for (auto& entry : budget.entries) {
        double const before = std::exchange(entry.instructions, count(entry));
        std::printf(
            "%-36s %-16s %12.0f instructions, %12.0f before\n", entry.case_id.c_str(), entry.contender.c_str(),
            entry.instructions, before);
    }
    write_file(file, to_text(budget));
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "instruction_budget.hpp"

#include "format.hpp"
#include "json_reader.hpp"
#include "json_writer.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

constexpr std::string_view schema = "twintls-bench-instructions/1";

std::string percent(double share) { return fixed(100 * share, 2) + " %"; }

} // namespace

instruction_baseline instruction_baseline_of(results const& r) {
    instruction_baseline b{r.compiler, r.processor, {}};
    for (auto const& m : r.measurements)
        if (m.metric == metric::instructions && std::isfinite(m.value.median) && m.value.median >= 0)
            b.counts.push_back({m.case_id, m.contender, static_cast<std::uint64_t>(m.value.median)});
    return b;
}

std::string to_json(instruction_baseline const& b) {
    using json::quoted;
    auto text = "{\n  \"schema\": " + quoted(schema) + ",\n  \"compiler\": " + quoted(b.compiler) +
                ",\n  \"processor\": " + quoted(b.processor);
    json::write_array(text, "counts", b.counts, [](instruction_count const& c) {
        auto line = json::line().text("case", c.case_id).text("contender", c.contender);
        return line.raw("instructions", std::to_string(c.instructions)).object();
    });
    return text += "\n}\n";
}

instruction_baseline instruction_baseline_from_json(std::string_view text) {
    auto const document = json::parse(text);
    json::reader const from(document, "");
    from.require_schema(schema);
    instruction_baseline b{from.text("compiler"), from.text("processor"), {}};
    from.each_object("counts", [&](json::reader const& c) {
        b.counts.push_back({c.text("case"), c.text("contender"), c.count("instructions")});
    });
    // Against nothing everything would pass.
    if (b.counts.empty()) from.wrong("counts", "must not be empty");
    return b;
}

std::vector<std::string>
check_instruction_budget(instruction_baseline const& now, instruction_baseline const& before, double budget) {
    std::vector<std::string> violations;
    for (auto const& old : before.counts) {
        auto const what = old.contender + ", " + old.case_id + ": ";
        auto const is_same = [&](instruction_count const& c) {
            return c.case_id == old.case_id && c.contender == old.contender;
        };
        auto const fresh = std::ranges::find_if(now.counts, is_same);
        if (fresh == now.counts.end()) {
            violations.push_back(what + "not counted, was " + std::to_string(old.instructions));
            continue;
        }
        auto const was = static_cast<double>(old.instructions), is = static_cast<double>(fresh->instructions);
        if (is <= was * (1 + budget)) continue;
        auto const more = was > 0 ? "+" + percent(is / was - 1) : std::string("from nothing");
        violations.push_back(
            what + std::to_string(old.instructions) + " -> " + std::to_string(fresh->instructions) + " instructions, " +
            more + ", allowed are " + percent(budget));
    }
    if (before.counts.empty()) violations.emplace_back("the baseline has no counts");
    return violations;
}

std::vector<std::string>
check_instruction_budget(results const& now, instruction_baseline const& before, double budget) {
    return check_instruction_budget(instruction_baseline_of(now), before, budget);
}

} // namespace bench

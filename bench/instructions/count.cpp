// SPDX-License-Identifier: Apache-2.0
#include "count.hpp"

#include "contender.hpp"
#include "handshakes.hpp"
#include "instructions/callgrind.hpp"
#include "instructions/repeatable.hpp"
#include "measure/statistics.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace bench {
namespace {

constexpr int counted_handshakes = 3;

handshake_case const& case_named(std::string const& id) {
    auto const& all = handshake_cases();
    auto const found = std::ranges::find(all, id, &handshake_case::id);
    if (found == all.end()) throw std::runtime_error("no such case: " + id);
    return *found;
}

contender_kind const& contender_named(std::string const& id) {
    auto const& all = contenders();
    auto const found = std::ranges::find(all, id, &contender_kind::id);
    if (found == all.end()) throw std::runtime_error("no such contender: " + id);
    return *found;
}

void one_handshake_uncounted(lane& l) {
    auto e = l.establish(plainly);
    if (l.scene().resumed) l.greet(e, plainly);
}

} // namespace

std::string to_text(counted_run const& r) {
    return r.case_id + "," + r.contender + "," + std::to_string(r.handshakes) + (r.plainly ? ",plainly" : "");
}

counted_run counted_run_of(std::string const& text) {
    std::vector<std::string> parts{""};
    for (char const c : text)
        if (c == ',')
            parts.emplace_back();
        else
            parts.back() += c;
    counted_run r;
    bool const sound = parts.size() >= 3 && parts.size() <= 4 && (parts.size() == 3 || parts[3] == "plainly");
    if (!sound) throw std::runtime_error("not a run to be counted: " + text);
    r.case_id = parts[0];
    r.contender = parts[1];
    r.plainly = parts.size() == 4;
    char const* const end = parts[2].data() + parts[2].size();
    auto const number = std::from_chars(parts[2].data(), end, r.handshakes);
    if (number.ec != std::errc() || number.ptr != end || r.handshakes < 0 || r.handshakes > 1000)
        throw std::runtime_error("not a number of handshakes: " + parts[2]);
    return r;
}

void run_to_be_counted(std::string const& text) {
    make_repeatable();
    counted_run const r = counted_run_of(text);
    lane l(contender_named(r.contender), case_named(r.case_id));
    one_handshake_uncounted(l); // so that what a process does once is not counted
    begin_callgrind();
    for (int i = 0; i < r.handshakes; ++i)
        if (r.plainly)
            one_handshake_uncounted(l);
        else
            (void)l.handshake();
}

std::optional<std::string> why_not_countable() {
    if (!stopwatch_speaks_to_callgrind()) return "built without valgrind's headers (package valgrind)";
    return why_no_callgrind();
}

double count_instructions(std::string const& case_id, std::string const& contender) {
    counted_run const r{case_id, contender, counted_handshakes, false};
    std::uint64_t const total =
        callgrind_total({"--instr-atstart=no", "--collect-atstart=no"}, {"--instructions", to_text(r)});
    if (total == 0) throw std::runtime_error("callgrind counted nothing: " + to_text(r));
    return static_cast<double>(total) / counted_handshakes;
}

double count_inside_functions(
    std::string const& case_id, std::string const& contender, std::vector<std::string> const& patterns) {
    std::vector<std::string> options{"--instr-atstart=no"};
    for (auto const& p : patterns) options.push_back("--toggle-collect=" + p);
    auto const total = [&](int handshakes) {
        return callgrind_total(options, {"--instructions", to_text({case_id, contender, handshakes, true})});
    };
    std::uint64_t const without = total(0);
    std::uint64_t const with = total(counted_handshakes);
    if (with <= without) throw std::runtime_error("callgrind found none of the functions in " + contender);
    return static_cast<double>(with - without) / counted_handshakes;
}

void measure_instructions(std::vector<handshake_case const*> const& cases, results& into) {
    if (auto const why = why_not_countable()) throw std::runtime_error("cannot count instructions: " + *why);
    for (auto const* c : cases) {
        std::fprintf(stderr, "counting %s ...\n", c->title.c_str());
        for (auto const& kind : contenders_for(*c))
            into.measurements.push_back(
                {c->id, kind.id, metric::instructions, exactly(count_instructions(c->id, kind.id))});
        into.cases.push_back({c->id, c->title});
    }
}

} // namespace bench

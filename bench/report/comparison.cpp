// SPDX-License-Identifier: Apache-2.0
#include "format.hpp"
#include "report.hpp"
#include "select.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <ostream>
#include <tuple>
#include <utility>

namespace bench {
namespace {

using key = std::tuple<metric, std::string, std::string>; // case and contender

struct change {
    measurement const* before = nullptr;
    measurement const* now = nullptr;
    double percent = 0;

    [[nodiscard]] double size() const { return std::abs(percent); }
    [[nodiscard]] bool is_better() const { return (percent < 0) == less_is_better(now->metric); }
};

double percent_between(double before, double now) {
    if (before == now) return 0;
    if (before == 0) return std::copysign(std::numeric_limits<double>::infinity(), now);
    return 100 * (now - before) / std::abs(before);
}

/// What differs from run to run without anything having changed.
struct noise {
    double percent = 0;
    double absolute = 0;
};

noise noise_of(metric m) {
    if (is_timed(m)) return {3, 0}; // beside the quartiles
    switch (m) {
    case metric::instructions: return {1, 0};
    case metric::allocations: return {0.5, 0}; // those of big numbers depend on their values
    case metric::bytes_allocated:
    case metric::peak_heap:
    case metric::session_heap: return {1, 0};
    case metric::stack: return {1, 64}; // it begins at a place of the system's choice
    case metric::bytes_sent:
    case metric::bytes_received: return {0, 16}; // an ECDSA signature has up to four bytes less
    default: return {};
    }
}

/// Beyond the noise of both runs.
bool is_real(change const& c) {
    auto const [low_before, high_before] = range_of(c.before->value);
    auto const [low_now, high_now] = range_of(c.now->value);
    auto const apart = high_before < low_now || high_now < low_before;
    auto const allowed = noise_of(c.now->metric);
    auto const difference = std::abs(c.now->value.median - c.before->value.median);
    return apart && c.size() > allowed.percent && difference > allowed.absolute;
}

std::string name_of(measurement const& m) {
    return std::string(name(m.metric)) + ", " + m.contender + (m.case_id.empty() ? "" : ", " + m.case_id);
}

std::map<key, measurement const*> by_key(results const& r) {
    std::map<key, measurement const*> found;
    for (auto const& m : r.measurements) found.emplace(key{m.metric, m.case_id, m.contender}, &m);
    return found;
}

std::string percent_text(double percent) {
    if (!std::isfinite(percent)) return "from 0";
    return (percent > 0 ? "+" : "") + fixed(percent, 1) + " %";
}

void print_line(std::ostream& to, std::string const& text) { to << wrapped(text, terminal_columns, 4) << '\n'; }

/// Says where the two runs were not made alike.
class surroundings {
public:
    surroundings(std::ostream& to, results const& now, results const& before) {
        std::string why;
        auto const differs = [&](std::string const& what, std::string const& was, std::string const& is) {
            if (was == is) return false;
            (why += why.empty() ? "" : "; ") += what + " was \"" + was + "\" and is \"" + is + "\"";
            return true;
        };
        all_ |= differs("the processor", before.processor, now.processor);
        all_ |= differs("the compiler", before.compiler, now.compiler);
        for (auto const& c : now.contenders)
            if (auto const* then = contender(before, c.id))
                if (differs("the build of " + c.id, then->build, c.build)) rebuilt_.push_back(c.id);
        if (!why.empty())
            print_line(
                to, std::string("Times ") + (all_ ? "" : "of the contenders built otherwise ") +
                        "are not comparable and are left out; counts may be: " + why + ".");
        for (auto const& c : now.contenders)
            if (auto const* then = contender(before, c.id); then != nullptr && then->title != c.title)
                print_line(to, c.id + " was \"" + then->title + "\" and is \"" + c.title + "\".");
        if (now.server != before.server)
            print_line(
                to, "The server was \"" + before.server + "\" and is \"" + now.server +
                        "\": bytes on the wire may differ.");
        if (now.quick != before.quick)
            print_line(
                to, std::string(now.quick ? "This run" : "The earlier run") + " was a quick one, with fewer samples.");
    }

    [[nodiscard]] bool comparable(measurement const& m) const {
        return !is_timed(m.metric) || (!all_ && std::ranges::find(rebuilt_, m.contender) == rebuilt_.end());
    }

private:
    bool all_ = false;
    std::vector<std::string> rebuilt_;
};

void print_changes(std::ostream& to, std::vector<change> changes) {
    std::ranges::sort(changes, {}, [](change const& c) { return std::pair(-c.size(), name_of(*c.now)); });
    for (auto const& c : changes)
        print_line(
            to, std::string("  ") + (c.is_better() ? "better  " : "worse   ") + percent_text(c.percent) + "  " +
                    name_of(*c.now) + ": " + with_unit(c.now->metric, c.before->value.median) + " -> " +
                    with_unit(c.now->metric, c.now->value.median));
}

void print_targets(std::ostream& to, results const& now, results const& before) {
    auto const verdict = [](target const& t) { return !t.value ? "not measured" : t.met() ? "met" : "MISSED"; };
    for (auto const& t : now.targets) {
        auto const then = std::ranges::find(before.targets, t.id, &target::id);
        if (then == before.targets.end() || std::string_view(verdict(*then)) == verdict(t)) continue;
        print_line(to, "  target " + t.id + ": was " + verdict(*then) + ", is " + verdict(t));
    }
}

/// One line for what has the same case and contender, so that a case that was left out is not a page.
void print_only(std::ostream& to, std::string const& where, std::vector<measurement const*> const& only) {
    std::vector<std::pair<std::string, std::string>> groups; // case and contender, and metrics
    for (auto const* m : only) {
        auto const group = m->contender + (m->case_id.empty() ? "" : ", " + m->case_id);
        auto at = std::ranges::find(groups, group, &std::pair<std::string, std::string>::first);
        if (at == groups.end()) at = groups.insert(at, {group, ""});
        (at->second += at->second.empty() ? "" : ", ") += name(m->metric);
    }
    for (auto const& [group, metrics] : groups) print_line(to, "  only " + where + ": " + group + ": " + metrics);
}

} // namespace

void print_comparison(std::ostream& to, results const& now, results const& before) {
    print_line(to, "Compared with the run of " + before.started + ":");
    surroundings const around(to, now, before);

    auto const old = by_key(before), fresh = by_key(now);
    std::vector<change> changes;
    std::vector<measurement const*> only_now, only_before;
    std::size_t compared = 0;
    for (auto const& [which, m] : fresh) {
        auto const then = old.find(which);
        if (then == old.end()) {
            only_now.push_back(m);
        } else if (around.comparable(*m)) {
            ++compared;
            change const c{then->second, m, percent_between(then->second->value.median, m->value.median)};
            if (is_real(c)) changes.push_back(c);
        }
    }
    for (auto const& [which, m] : old)
        if (!fresh.contains(which)) only_before.push_back(m);

    print_line(
        to, std::to_string(compared) + (compared == 1 ? " measurement" : " measurements") + " compared, " +
                (changes.empty() ? "none" : std::to_string(changes.size())) + " changed beyond noise" +
                (changes.empty() ? "." : ", largest change first:"));
    print_changes(to, std::move(changes));
    print_targets(to, now, before);
    print_only(to, "now", only_now);
    print_only(to, "before", only_before);
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "format.hpp"
#include "noise.hpp"
#include "report.hpp"
#include "select.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <tuple>
#include <utility>

namespace bench {
namespace {

using key = std::tuple<metric, std::string, std::string>; // case and contender

struct change {
    std::string name;
    bench::metric metric{};
    double percent = 0;
    std::string before, now;

    [[nodiscard]] double size() const { return std::abs(percent); }
    [[nodiscard]] bool is_better() const { return (percent < 0) == less_is_better(metric); }
};

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

/// Says in which conditions the two runs differ.
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

    [[nodiscard]] bool same_machine() const { return !all_; }
    [[nodiscard]] bool comparable(std::string const& contender, metric m) const {
        return !is_timed(m) || (!all_ && std::ranges::find(rebuilt_, contender) == rebuilt_.end());
    }

private:
    bool all_ = false;
    std::vector<std::string> rebuilt_;
};

void print_changes(std::ostream& to, std::size_t compared, std::string const& what, std::vector<change> changes) {
    print_line(
        to, std::to_string(compared) + " " + what + (compared == 1 ? "" : "s") + " compared, " +
                (changes.empty() ? "none" : std::to_string(changes.size())) + " changed beyond noise" +
                (changes.empty() ? "." : ", largest change first:"));
    std::ranges::sort(changes, {}, [](change const& c) { return std::pair(-c.size(), c.name); });
    for (auto const& c : changes)
        print_line(
            to, std::string("  ") + (c.is_better() ? "better  " : "worse   ") + percent_text(c.percent) + "  " +
                    c.name + ": " + c.before + " -> " + c.now);
}

/// Prints changed ratios, which hardly depend on how busy the machine was.
void print_ratios(std::ostream& to, results const& now, results const& before, surroundings const& around) {
    std::vector<change> changes;
    std::size_t compared = 0;
    for (auto const& q : now.ratios) {
        auto const then = std::ranges::find_if(before.ratios, [&](ratio const& old) {
            return old.metric == q.metric && old.case_id == q.case_id && old.over == q.over && old.under == q.under;
        });
        if (then == before.ratios.end() || !around.comparable(q.over, q.metric) ||
            !around.comparable(q.under, q.metric))
            continue;
        ++compared;
        if (!noise::is_exceeded_by_ratio(then->value, q.value)) continue;
        changes.push_back(
            {std::string(name(q.metric)) + ", " + q.over + " / " + q.under + ", " + q.case_id, q.metric,
             percent_between(then->value.median, q.value.median), times(then->value.median), times(q.value.median)});
    }
    if (compared != 0) print_changes(to, compared, "ratio", std::move(changes));
}

void print_yardstick(std::ostream& to, results const& now, noise const& n) {
    std::string text;
    for (auto const m : {metric::client_cpu, metric::throughput})
        if (n.percent(m) > 3 && std::ranges::find(now.measurements, m, &measurement::metric) != now.measurements.end())
            (text += text.empty() ? "" : ", ") += std::string(name(m)) + " by " + fixed(n.percent(m), 1) + " %";
    if (!text.empty())
        print_line(
            to, "What is the same in both runs, the raw libraries and OpenSSL, changed as well: " + text +
                    ". Times of others that changed less are taken for noise; their ratios within a run say more.");
}

void print_targets(std::ostream& to, results const& now, results const& before) {
    auto const verdict = [](target const& t) { return !t.value ? "not measured" : t.met() ? "met" : "MISSED"; };
    for (auto const& t : now.targets) {
        auto const then = std::ranges::find(before.targets, t.id, &target::id);
        if (then == before.targets.end() || std::string_view(verdict(*then)) == verdict(t)) continue;
        print_line(to, "  target " + t.id + ": was " + verdict(*then) + ", is " + verdict(t));
    }
}

/// One line for each case and contender, so that a case that was left out does not fill a page.
void print_only(std::ostream& to, std::string const& where, std::vector<measurement const*> const& only) {
    std::vector<std::pair<std::string, std::string>> groups; // case and contender, and metrics
    for (auto const* m : only) {
        auto const group = m->contender + (m->case_id.empty() ? "" : ", " + m->case_id);
        auto at = std::ranges::find(groups, group, &std::pair<std::string, std::string>::first);
        if (at == groups.end()) at = groups.insert(at, {group, ""});
        (at->second += at->second.empty() ? "" : ", ") += name(m->metric);
    }
    for (auto const& [group, what] : groups) print_line(to, "  only " + where + ": " + group + ": " + what);
}

} // namespace

void print_comparison(std::ostream& to, results const& now, results const& before) {
    print_line(to, "Compared with the run of " + before.started + ":");
    surroundings const around(to, now, before);

    noise const n(now, before);
    if (around.same_machine()) print_yardstick(to, now, n);
    print_ratios(to, now, before, around);

    auto const old = by_key(before), fresh = by_key(now);
    std::vector<change> changes;
    std::vector<measurement const*> only_now, only_before;
    std::size_t compared = 0;
    for (auto const& [which, m] : fresh) {
        auto const found = old.find(which);
        if (found == old.end()) {
            only_now.push_back(m);
            continue;
        }
        // Times of the yardstick are not compared: others are compared with them. The floor under twintls is that of
        // the raw library, which is listed already.
        auto const is_no_news =
            is_timed(m->metric) &&
            (n.is_yardstick(m->contender) || (m->metric == metric::floor && m->contender.starts_with("twintls-")));
        if (is_no_news || !around.comparable(m->contender, m->metric)) continue;
        ++compared;
        auto const& then = found->second->value;
        if (n.is_exceeded(m->metric, then, m->value))
            changes.push_back(
                {name_of(*m), m->metric, percent_between(then.median, m->value.median),
                 with_unit(m->metric, then.median), with_unit(m->metric, m->value.median)});
    }
    for (auto const& [which, m] : old)
        if (!fresh.contains(which)) only_before.push_back(m);

    print_changes(to, compared, "measurement", std::move(changes));
    print_targets(to, now, before);
    print_only(to, "now", only_now);
    print_only(to, "before", only_before);
}

} // namespace bench

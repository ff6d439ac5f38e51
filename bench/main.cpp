// SPDX-License-Identifier: Apache-2.0
// What TLS costs a client, measured side by side: see docs/benchmark.md.
#include "builds.hpp"
#include "bulk.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "floor/floor.hpp"
#include "handshakes.hpp"
#include "instructions/budget.hpp"
#include "instructions/count.hpp"
#include "options.hpp"
#include "report/report.hpp"
#include "size/size.hpp"
#include "targets.hpp"

#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace bench;

/// The cases that the command line asks for.
template <class Case> std::vector<Case const*> chosen(std::vector<Case> const& all, options const& o) {
    std::vector<Case const*> some;
    for (auto const& c : all)
        if ((!o.quick || c.quick) && c.id.find(o.filter) != std::string::npos) some.push_back(&c);
    return some;
}

void list() {
    std::printf("contenders:\n");
    for (auto const& c : contenders()) std::printf("  %-18s %s\n", c.id.c_str(), c.title.c_str());
    for (auto const& a : absent_contenders()) std::printf("  %-18s not here: %s\n", a.id.c_str(), a.why.c_str());
    std::printf("cases (* in --quick):\n");
    for (auto const& c : handshake_cases())
        std::printf("  %-36s %s %s\n", c.id.c_str(), c.quick ? "*" : " ", c.title.c_str());
    for (auto const& c : build_cases())
        std::printf("  %-36s %s %s\n", c.id.c_str(), c.quick ? "*" : " ", c.title.c_str());
    for (auto const& c : bulk_cases())
        std::printf("  %-36s %s %s\n", c.id.c_str(), c.quick ? "*" : " ", c.title.c_str());
}

/// What no handshake can avoid, measured case by case, so that the machine is about as fast as it was for the
/// handshakes.
class floors {
public:
    floors() {
        for (auto const& k : contenders())
            if (!libraries_.contains(k.library)) libraries_.emplace(k.library, operations_of(k.library));
    }

    /// Adds a case's floor for each library, and how far above it each contender is.
    void add(handshake_case const& c, int repetitions, results& r) const {
        std::map<std::string, double> least;
        for (auto const& [library, of] : libraries_) least[library] = floor_of(c, measure_floor(of, repetitions));
        for (auto const& k : contenders()) {
            auto const* const spent = find(r, c.id, k.id, metric::client_cpu);
            double const floor = least.at(k.library);
            if (spent == nullptr || floor <= 0) continue;
            auto const& v = spent->value;
            distribution const over{v.median / floor, v.low / floor, v.high / floor, v.samples};
            r.measurements.push_back({c.id, k.id, metric::floor, exactly(floor)});
            r.measurements.push_back({c.id, k.id, metric::over_floor, over});
        }
    }

private:
    std::map<std::string, operations> libraries_;
};

void measure(
    std::vector<handshake_case const*> const& handshakes, std::vector<handshake_case const*> const& builds,
    std::vector<bulk_case const*> const& bulk, bool quick, results& r) {
    effort const how_much = quick ? effort{7, 6} : effort{15, 16};
    auto const progress = [](std::string const& what) { std::fprintf(stderr, "measuring %s ...\n", what.c_str()); };
    std::optional<floors> least; // making the keys takes a while
    if (!handshakes.empty()) least.emplace();
    for (auto const* c : handshakes) {
        progress(c->title);
        measure_handshakes(*c, contenders_for(*c), how_much, r);
        least->add(*c, quick ? 5 : 15, r);
    }
    for (auto const* c : builds) {
        progress(c->title);
        measure_build(*c, contenders(), quick ? 100 : 1000, r);
    }
    for (auto const* c : bulk) {
        progress(c->title);
        std::size_t const bytes = quick ? 256 * 1024 : 1024 * 1024;
        measure_bulk(*c, contenders(), quick ? 5 : 9, bytes, r);
    }
}

int run(options const& o) {
    std::optional<results> before; // read first, so that a wrong file does not cost a run
    if (o.baseline) before = from_json(read_file(*o.baseline));
    auto const handshakes = chosen(handshake_cases(), o);
    auto const builds = o.count ? std::vector<handshake_case const*>() : chosen(build_cases(), o);
    auto const bulk = o.count ? std::vector<bulk_case const*>() : chosen(bulk_cases(), o);
    if (handshakes.empty() && builds.empty() && bulk.empty())
        throw std::runtime_error("no case has \"" + o.filter + "\" in its name; see --list");
    results r;
    describe_environment(r);
    r.quick = o.quick;
    if (o.count)
        measure_instructions(handshakes, r);
    else
        measure(handshakes, builds, bulk, o.quick, r);
    if (!o.count && !o.quick && o.filter.empty()) {
        std::fprintf(stderr, "measuring programs and headers ...\n");
        add_code_size(r);
        add_compile_time(r);
    }
    judge_targets(r);
    print_table(std::cout, r);
    if (before) print_comparison(std::cout, r, *before);
    if (o.json) write_file(*o.json, to_json(r));
    if (o.html) write_file(*o.html, to_html(r));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    options o;
    try {
        o = parse_options(argc, argv);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "twintls-bench: %s\n\n%s", e.what(), usage().c_str());
        return 2;
    }
    try {
        if (o.help) return std::printf("%s", usage().c_str()) < 0;
        if (o.list) return list(), 0;
        if (o.instructions) return run_to_be_counted(*o.instructions), 0;
        if (o.budget) return check_budget(*o.budget) ? 0 : 1;
        if (o.renew_budget) return renew_budget(*o.renew_budget), 0;
        return run(o);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "twintls-bench: %s\n", e.what());
        return 1;
    }
}

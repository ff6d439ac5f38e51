// SPDX-License-Identifier: Apache-2.0
#include "contains.hpp"
#include "report/report.hpp"
#include "synthetic.hpp"

#include <sstream>

#include <doctest/doctest.h>

namespace {

using bench::metric;

bench::results with(metric m, bench::distribution value, std::string const& contender = "twintls-wolfssl") {
    bench::results r;
    r.started = "then";
    r.processor = "p";
    r.compiler = "c";
    r.contenders = {{contender, "t", "wolfssl", "b"}};
    r.measurements = {{"tls13", contender, m, value}};
    return r;
}

std::string compare(bench::results const& now, bench::results const& before) {
    std::ostringstream text;
    bench::print_comparison(text, now, before);
    return text.str();
}

bool changed(metric m, bench::distribution before, bench::distribution now) {
    return !compare(with(m, now), with(m, before)).contains("none changed");
}

} // namespace

TEST_CASE("a change counts when the quartiles do not overlap and the medians differ enough") {
    // Times: more than 3 %.
    CHECK_FALSE(changed(metric::client_cpu, {100, 99.5, 100.5, 9}, {103, 102.5, 103.5, 9}));
    CHECK(changed(metric::client_cpu, {100, 99.5, 100.5, 9}, {103.01, 102.5, 103.5, 9}));
    CHECK(changed(metric::client_cpu, {100, 99.5, 100.5, 9}, {96.99, 96.5, 97.5, 9}));
    CHECK_FALSE(changed(metric::client_cpu, {100, 99.5, 100.5, 9}, {97, 96.5, 97.5, 9}));
    CHECK_FALSE(changed(metric::client_cpu, {100, 90, 105, 9}, {110, 105, 120, 9})); // they touch
    CHECK(changed(metric::client_cpu, {100, 90, 104.9, 9}, {110, 105, 120, 9}));
    CHECK_FALSE(changed(metric::throughput, {100, 100, 100, 9}, {103, 103, 103, 9}));
    // Counts: exactly, except for those that depend on chance.
    CHECK_FALSE(changed(metric::instructions, {1e6, 1e6, 1e6, 1}, {1.01e6, 1.01e6, 1.01e6, 1}));
    CHECK(changed(metric::instructions, {1e6, 1e6, 1e6, 1}, {1.011e6, 1.011e6, 1.011e6, 1}));
    CHECK(changed(metric::allocations, {57, 57, 57, 1}, {58, 58, 58, 1}));
    CHECK_FALSE(changed(metric::allocations, {7700, 7700, 7700, 1}, {7701, 7701, 7701, 1}));
    CHECK(changed(metric::round_trips, {1, 1, 1, 1}, {2, 2, 2, 1}));
    CHECK(changed(metric::code_size, {100000, 0, 0, 1}, {100008, 0, 0, 0})); // one sample has no quartiles
    CHECK_FALSE(changed(metric::bytes_sent, {100, 0, 0, 1}, {104, 0, 0, 1}));
    CHECK(changed(metric::bytes_sent, {1000, 0, 0, 1}, {1032, 0, 0, 1}));
    CHECK_FALSE(changed(metric::stack, {1000, 0, 0, 1}, {1064, 0, 0, 1}));
    CHECK(changed(metric::stack, {1000, 0, 0, 1}, {1065, 0, 0, 1}));
    // From nothing.
    CHECK(changed(metric::steady_allocations, {0, 0, 0, 1}, {1, 1, 1, 1}));
    CHECK(changed(metric::steady_allocations, {1, 1, 1, 1}, {0, 0, 0, 1}));
    CHECK_FALSE(changed(metric::steady_allocations, {0, 0, 0, 1}, {0, 0, 0, 1}));
}

TEST_CASE("a change says which way, and by how much") {
    CHECK(
        compare(with(metric::client_cpu, {50, 50, 50, 9}), with(metric::client_cpu, {100, 100, 100, 9})) ==
        contains("better  -50.0 %  client_cpu, twintls-wolfssl, tls13: 100 us -> 50.0 us"));
    CHECK(
        compare(with(metric::throughput, {50, 50, 50, 9}), with(metric::throughput, {100, 100, 100, 9})) ==
        contains("worse   -50.0 %"));
    CHECK(
        compare(with(metric::steady_allocations, {2, 2, 2, 1}), with(metric::steady_allocations, {0, 0, 0, 1})) ==
        contains("worse   from 0"));

    auto now = with(metric::client_cpu, {110, 110, 110, 9}), before = with(metric::client_cpu, {100, 100, 100, 9});
    now.measurements.push_back({"tls13", "twintls-wolfssl", metric::stack, {1000, 1000, 1000, 1}});
    before.measurements.push_back({"tls13", "twintls-wolfssl", metric::stack, {2000, 2000, 2000, 1}});
    auto const text = compare(now, before);
    CHECK(text == contains("2 measurements compared, 2 changed"));
    CHECK(text.find("stack") < text.find("client_cpu"));
}

TEST_CASE("a run is like itself") {
    auto const text = compare(synthetic::run(), synthetic::run());
    CHECK(text == contains("none changed beyond noise."));
    CHECK_FALSE(text.contains("only"));
    CHECK_FALSE(text.contains("not comparable"));
}

TEST_CASE("times of another machine, compiler or build are not compared; counts are") {
    auto now = with(metric::client_cpu, {110, 110, 110, 9}), before = with(metric::client_cpu, {100, 100, 100, 9});
    now.measurements.push_back({"tls13", "twintls-wolfssl", metric::stack, {1000, 1000, 1000, 1}});
    before.measurements.push_back({"tls13", "twintls-wolfssl", metric::stack, {2000, 2000, 2000, 1}});
    auto const check = [&](char const* what) {
        auto const text = compare(now, before);
        CHECK(text == contains("not comparable"));
        CHECK(text == contains(what));
        CHECK_FALSE(text.contains("client_cpu, twintls-wolfssl, tls13:"));
        CHECK(text == contains("stack, twintls-wolfssl, tls13"));
        now.processor = "p", now.compiler = "c", now.contenders[0].build = "b";
    };
    now.processor = "q";
    check("the processor was \"p\" and is \"q\"");
    now.compiler = "d";
    check("the compiler was \"c\" and is \"d\"");
    now.contenders[0].build = "a";
    check("the build of twintls-wolfssl was \"b\" and is \"a\"");

    // Others keep their times.
    now.contenders[0].build = "a";
    now.measurements.push_back({"tls13", "openssl", metric::client_cpu, {50, 50, 50, 9}});
    before.measurements.push_back({"tls13", "openssl", metric::client_cpu, {100, 100, 100, 9}});
    CHECK(compare(now, before) == contains("client_cpu, openssl, tls13:"));
}

TEST_CASE(
    "when what is the same in both runs is slower, so is the machine, and others must be slower than that to count") {
    auto const run = [](double openssl, double ours) {
        auto r = with(metric::client_cpu, {100, 99, 101, 9});
        r.measurements.clear();
        r.contenders.push_back({"openssl", "O", "openssl", "b"});
        for (auto const* id : {"a", "b", "c", "d"}) {
            r.measurements.push_back({id, "openssl", metric::client_cpu, {openssl, openssl, openssl, 9}});
            r.measurements.push_back({id, "twintls-wolfssl", metric::client_cpu, {ours, ours, ours, 9}});
            r.ratios.push_back(
                {id,
                 "twintls-wolfssl",
                 "openssl",
                 metric::client_cpu,
                 {ours / openssl, ours / openssl, ours / openssl, 9}});
        }
        return r;
    };
    auto const before = run(100, 50);
    auto const busier = compare(run(120, 60), before);
    CHECK(busier == contains("client_cpu by 20.0 %"));
    CHECK(busier == contains("4 ratios compared, none changed beyond noise."));
    CHECK(busier == contains("4 measurements compared, none changed beyond noise.")); // OpenSSL's are the yardstick
    auto const worse = compare(run(120, 75), before);
    CHECK(worse == contains("4 ratios compared, 4 changed beyond noise, largest change first:"));
    CHECK(worse == contains("worse +25.0 % client_cpu, twintls-wolfssl / openssl, a: 0.50x -> 0.62x"));
    CHECK(worse == contains("4 measurements compared, 4 changed beyond noise"));
    auto const quiet = compare(run(100, 52), before);
    CHECK(quiet == contains("4 measurements compared, 4 changed beyond noise"));
    CHECK_FALSE(quiet.contains("changed as well"));

    // Another version of OpenSSL is not a yardstick.
    auto other = run(120, 60);
    other.contenders.back().title = "P";
    CHECK(compare(other, before) == contains("8 measurements compared, 8 changed beyond noise"));
}

TEST_CASE("ratios that have changed are told, and which way") {
    auto now = with(metric::throughput, {1, 1, 1, 1}), before = now;
    now.ratios = {{"bulk", "twintls-wolfssl", "raw-wolfssl", metric::throughput, {0.9, 0.89, 0.91, 9}}};
    before.ratios = {{"bulk", "twintls-wolfssl", "raw-wolfssl", metric::throughput, {1, 0.99, 1.01, 9}}};
    CHECK(compare(now, before) == contains("1 ratio compared, 1 changed"));
    CHECK(
        compare(now, before) ==
        contains("worse -10.0 % throughput, twintls-wolfssl / raw-wolfssl, bulk: 1.000x -> 0.90x"));
    CHECK(compare(before, now) == contains("better"));
    now.ratios[0].value = {0.985, 0.98, 0.987, 9};
    CHECK(compare(now, before) == contains("1 ratio compared, none changed"));
    now.ratios[0].value = {0.95, 0.9, 0.99, 9};
    CHECK(compare(now, before) == contains("1 ratio compared, none changed"));
}

TEST_CASE("what only one run has is told, and targets that turned") {
    auto now = with(metric::client_cpu, {1, 1, 1, 9}), before = with(metric::client_cpu, {1, 1, 1, 9}, "raw-wolfssl");
    now.targets = {{"t", "text", 1, true, 2., "tls13"}, {"u", "text", 1, true, 1., "tls13"}};
    before.targets = {{"t", "text", 1, true, 1., "tls13"}, {"u", "text", 1, true, 1., "tls13"}};
    auto const text = compare(now, before);
    CHECK(text == contains("only now: twintls-wolfssl, tls13: client_cpu"));
    CHECK(text == contains("only before: raw-wolfssl, tls13: client_cpu"));
    CHECK(text == contains("target t: was met, is MISSED"));
    CHECK_FALSE(text.contains("target u"));
}

TEST_CASE("awkward runs are compared as well") {
    CHECK_FALSE(compare(synthetic::run(), synthetic::awkward_run()).empty());
    CHECK_FALSE(compare(synthetic::awkward_run(), synthetic::run()).empty());
    CHECK_FALSE(compare(synthetic::awkward_run(), synthetic::awkward_run()).empty());
}

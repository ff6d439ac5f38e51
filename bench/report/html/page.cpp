// SPDX-License-Identifier: Apache-2.0
#include "../format.hpp"
#include "../report.hpp"
#include "../select.hpp"
#include "markup.hpp"
#include "plots.hpp"
#include "tables.hpp"

#include <algorithm>
#include <vector>

namespace bench {
namespace {

using namespace html;

std::string legend(results const& r) {
    std::string items;
    for (auto const& c : r.contenders) items += "<li>" + contender_label(r, c.id) + "</li>";
    return "<ul class=\"legend\">" + items + "</ul>\n";
}

std::string tile(std::string const& name, std::string const& markup, std::string const& note) {
    return "<div class=\"tile\">" + escaped(name) + "<b>" + markup + "</b><small>" + escaped(note) + "</small></div>\n";
}

std::string target_tile(results const& r) {
    auto const measured = std::ranges::count_if(r.targets, [](target const& t) { return t.value.has_value(); });
    auto const met = std::ranges::count_if(r.targets, [](target const& t) { return t.met(); });
    auto const all = std::ssize(r.targets);
    auto const missed = measured - met;
    auto markup = "<span class=\"met\">" + std::to_string(met) + " met</span>";
    if (missed > 0) markup += ", <span class=\"missed\">" + std::to_string(missed) + " missed</span>";
    return tile(
        "Targets", markup, all == measured ? "all were measured" : std::to_string(all - measured) + " not measured");
}

/// The median of the cases' ratios, and their range.
std::string ratio_tile(results const& r, std::string const& over, std::string const& under, std::string const& name) {
    std::vector<double> ratios;
    for (auto const& c : handshake_cases_of(r))
        if (auto const ratio = median_ratio(r, c.id, over, under, metric::client_cpu)) ratios.push_back(*ratio);
    if (ratios.empty()) return {};
    std::ranges::sort(ratios);
    return tile(
        name, escaped(times(ratios[(ratios.size() - 1) / 2])),
        "client CPU, median of " + std::to_string(ratios.size()) + " handshakes; " + times(ratios.front()) + " to " +
            times(ratios.back()));
}

std::string headline(results const& r) {
    std::string tiles = r.targets.empty() ? "" : target_tile(r);
    for (auto const& c : r.contenders) {
        if (!c.id.starts_with("twintls-")) continue;
        if (auto const raw = raw_of(r, c.id); !raw.empty()) {
            auto const* described = contender(r, raw);
            tiles += ratio_tile(r, c.id, raw, c.title + " / " + described->title);
        }
        if (contender(r, "openssl") != nullptr) tiles += ratio_tile(r, c.id, "openssl", c.title + " / OpenSSL");
    }
    std::string page =
        "<header>\n<h1>What TLS costs a client</h1>\n<p class=\"dim\">twintls benchmark, " + escaped(r.started);
    page += r.quick ? ", quick: fewer cases and samples" : "";
    page += "<br>" + escaped(r.processor) + ", " + std::to_string(r.cores) + (r.cores == 1 ? " core" : " cores") +
            "; " + escaped(r.compiler) + "<br>Server: " + escaped(r.server) + ", not timed</p>\n";
    page += "<p>Each contender does the same handshakes in memory and in one thread; only its own steps are timed, in "
            "blocks that take turns. Times are those of this machine: compare the ratios within this run.</p>\n";
    if (!r.warnings.empty()) {
        page += "<div class=\"warning\" role=\"note\"><ul>";
        for (auto const& w : r.warnings) page += "<li>" + escaped(w) + "</li>";
        page += "</ul></div>\n";
    }
    return page + "<div class=\"tiles\">\n" + tiles + "</div>\n</header>\n";
}

/// The first of the cases that most contenders were measured in, for metrics that hardly depend on the case.
std::string typical_case(results const& r, metric m) {
    std::string best;
    std::size_t most = 0;
    for (auto const& c : handshake_cases_of(r))
        if (auto const n = contenders_in(r, c.id, m).size(); n > most) best = c.id, most = n;
    return best;
}

/// Bars of a metric in the typical case.
std::string typical_card(results const& r, metric m, std::string const& title) {
    auto const c = typical_case(r, m);
    return c.empty() ? std::string() : card(title, case_title(r, c), bars(r, c, m));
}

std::string handshakes(results const& r) {
    std::string cards;
    for (auto const& c : handshake_cases_of(r))
        if (auto const plot = bars(r, c.id, metric::client_cpu); !plot.empty()) cards += card(c.title, "", plot);
    cards += typical_card(r, metric::instructions, "Instructions per handshake");
    if (cards.empty()) return {};
    return section(
        "handshakes", "Client CPU per handshake",
        "<p>A new connection, the client's steps of its handshake, and its release: medians, with the quartiles as "
        "whiskers. Less is better. Each plot has its own scale, from zero.</p>\n" +
            legend(r) + grid(cards));
}

std::string floors_and_memory(results const& r) {
    std::string cards;
    if (auto const plot = floor_plot(r); !plot.empty())
        cards += card(
            "Handshake over floor", "how much more than its asymmetric operations alone, on the same library", plot,
            true);
    cards += typical_card(r, metric::peak_heap, "Peak heap per connection");
    cards += typical_card(r, metric::session_heap, "Heap of an idle session");
    cards += typical_card(r, metric::allocations, "Heap allocations per connection");
    cards += typical_card(r, metric::stack, "Stack, at most");
    if (cards.empty()) return {};
    return section(
        "memory", "Floor and memory",
        "<p>The floor is what no handshake can do without; the rest is protocol, certificates and wrapper. "
        "Memory is the client's alone. Less is better.</p>\n" +
            legend(r) + grid(cards));
}

std::string builds(results const& r) {
    std::string tables;
    for (auto const& c : build_cases_of(r)) tables += "<h3>" + escaped(c.title) + "</h3>\n" + case_table(r, c.id);
    if (tables.empty()) return {};
    return section(
        "builds", "Making a client",
        "<p>Heap, from PEM to a client that connections can be made from. Less is better.</p>\n" + tables);
}

std::string throughput(results const& r) {
    std::string cards;
    for (auto const& series : bulk_series_of(r))
        if (auto const plot = throughput_plot(r, series); !plot.empty()) cards += card(series.title, "", plot);
    auto const tables = bulk_table(r);
    if (tables.empty()) return {};
    return section(
        "throughput", "Throughput by the size of a write",
        "<p>MB/s of the client's processor time; more is better. Both axes are logarithmic.</p>\n" + legend(r) +
            grid(cards) + "<details><summary>The numbers</summary>" + tables + "</details>\n");
}

std::string program(results const& r) {
    std::string cards;
    auto const add = [&](metric m, std::string const& title, std::string const& note) {
        if (auto const plot = bars(r, "", m); !plot.empty()) cards += card(title, note, plot);
    };
    add(metric::code_size, "Code size", "a stripped program that makes one connection, -Os");
    add(metric::compile_time, "Compile time", "of that program's source");
    if (cards.empty() && contenders_in(r, "").empty()) return {};
    return section("program", "Code size and compile time", grid(cards) + case_table(r, ""));
}

std::string all_numbers(results const& r) {
    std::string content;
    for (auto const& c : handshake_cases_of(r))
        content += "<details><summary>" + escaped(c.title) + "<small>" + escaped(c.id) + "</small></summary>" +
                   case_table(r, c.id) + "</details>\n";
    return content.empty() ? "" : section("numbers", "All numbers of the handshakes", content);
}

} // namespace

std::string to_html(results const& r) {
    std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                       "<title>twintls benchmark, " +
                       escaped(r.started) + "</title>\n<style>";
    ((page += style()) += "</style>\n</head>\n<body>\n") += headline(r);
    page += "<main>\n";
    if (!r.targets.empty())
        page += section(
            "targets", "Targets",
            "<p>What twintls holds itself to, as ratios or differences in this run.</p>\n" + target_table(r));
    page += handshakes(r) + floors_and_memory(r) + builds(r) + throughput(r) + program(r) + all_numbers(r);
    page += section("contenders", "Contenders", contender_table(r));
    return page += "</main>\n</body>\n</html>\n";
}

} // namespace bench

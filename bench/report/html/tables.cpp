// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include "../format.hpp"
#include "../select.hpp"
#include "markup.hpp"

#include <algorithm>
#include <vector>

namespace bench::html {
namespace {

std::string boxed(std::string const& head, std::string const& rows) {
    // Focusable, so that it can be scrolled with the keyboard.
    return "<div class=\"box\" tabindex=\"0\"><table><thead><tr>" + head + "</tr></thead><tbody>\n" + rows +
           "</tbody></table></div>\n";
}

std::string header(std::string_view text) { return "<th>" + escaped(text) + "</th>"; }
std::string text_header(std::string_view text) { return "<th class=\"text\">" + escaped(text) + "</th>"; }
std::string row_header(std::string const& markup) { return "<tr><th>" + markup + "</th>"; }
std::string cell(std::string const& text) { return "<td>" + escaped(text) + "</td>"; }

/// The value, with its quartiles in smaller print.
std::string value_cell(results const& r, std::string const& case_id, std::string const& id, metric m) {
    auto const* found = find(r, case_id, id, m);
    if (found == nullptr) return "<td></td>";
    auto const spread = quartiles(found->value);
    return "<td>" + escaped(value_text(m, found->value.median)) +
           (spread.empty() ? "" : " <i>" + escaped(spread) + "</i>") + "</td>";
}

std::string
ratio_cell(results const& r, std::string const& case_id, std::string const& id, std::string const& under, metric m) {
    auto const ratio = under.empty() ? std::nullopt : median_ratio(r, case_id, id, under, m);
    return cell(ratio ? times(*ratio) : "");
}

/// The headings of the columns of metrics.
struct column {
    bench::metric metric;
    char const* title;
    bool to_raw = false; ///< followed by one with the ratio to raw C
};
constexpr column columns[] = {
    {metric::client_cpu, "client CPU", true},
    {metric::over_floor, "over floor"},
    {metric::floor, "floor"},
    {metric::instructions, "instructions", true},
    {metric::allocations, "allocations"},
    {metric::bytes_allocated, "allocated"},
    {metric::peak_heap, "peak heap"},
    {metric::session_heap, "idle session"},
    {metric::stack, "stack"},
    {metric::steady_allocations, "allocations in data"},
    {metric::bytes_sent, "bytes sent"},
    {metric::bytes_received, "bytes received"},
    {metric::records, "records"},
    {metric::round_trips, "round trips"},
    {metric::configure, "configure"},
    {metric::new_session, "new session"},
    {metric::build_allocations, "allocations"},
    {metric::build_bytes, "allocated", true},
    {metric::build_peak, "peak heap"},
    {metric::client_heap, "client keeps"},
    {metric::in_flight_heap, "handshake under way"},
    {metric::throughput, "throughput"},
    {metric::code_size, "code size", true},
    {metric::compile_time, "compile time", true},
};

} // namespace

std::string case_table(results const& r, std::string const& case_id) {
    auto const all = contenders_in(r, case_id);
    auto const has = [&](column const& c) { return !contenders_in(r, case_id, c.metric).empty(); };
    auto const openssl = std::string(contender(r, "openssl") == nullptr ? "" : "openssl");
    std::string head = header("contender"), rows;
    for (auto const& c : columns) {
        if (!has(c)) continue;
        head += header(c.title);
        if (c.to_raw) head += header("to raw");
        if (c.to_raw && !openssl.empty()) head += header("to OpenSSL");
    }
    for (auto const& id : all) {
        rows += row_header(contender_label(r, id));
        for (auto const& c : columns) {
            if (!has(c)) continue;
            rows += value_cell(r, case_id, id, c.metric);
            if (c.to_raw) rows += ratio_cell(r, case_id, id, raw_of(r, id), c.metric);
            if (c.to_raw && !openssl.empty())
                rows += ratio_cell(r, case_id, id, id == openssl ? "" : openssl, c.metric);
        }
        rows += "</tr>\n";
    }
    return all.empty() ? "<p>Nothing was measured.</p>\n" : boxed(head, rows);
}

std::string bulk_table(results const& r) {
    std::string tables;
    for (auto const& series : bulk_series_of(r)) {
        std::string head = header(series.title.empty() ? "bulk data" : series.title), rows;
        std::vector<std::string> all;
        for (auto const& point : series.points) {
            head += header(point.size == 0 ? "MB/s" : size_text(point.size)) + header("to raw");
            for (auto const& id : contenders_in(r, point.case_id, metric::throughput))
                if (std::ranges::find(all, id) == all.end()) all.push_back(id);
        }
        for (auto const& id : all) {
            rows += row_header(contender_label(r, id));
            for (auto const& point : series.points) {
                rows += value_cell(r, point.case_id, id, metric::throughput);
                rows += ratio_cell(r, point.case_id, id, raw_of(r, id), metric::throughput);
            }
            rows += "</tr>\n";
        }
        tables += boxed(head, rows);
    }
    return tables;
}

std::string target_table(results const& r) {
    std::string rows;
    for (auto const& t : r.targets) {
        auto const* const css = !t.value ? "none" : t.met() ? "met" : "missed";
        auto const* const verdict = !t.value ? "not measured" : t.met() ? "\xe2\x9c\x93 met" : "\xe2\x9c\x97 missed";
        rows += "<tr><td class=\"" + std::string(css) + "\">" + verdict + "</td><td class=\"text\">" + escaped(t.text) +
                (t.value && !t.where.empty() ? "<small>" + escaped(case_title(r, t.where)) + "</small>" : "") + "</td>";
        rows += cell(t.value ? decimal(*t.value) : "") +
                cell((t.at_most ? "at most " : "at least ") + decimal(t.limit)) + "</tr>\n";
    }
    return boxed(
        text_header("verdict") + text_header("Target, and the case that decided it") + header("value") +
            header("limit"),
        rows);
}

std::string contender_table(results const& r) {
    std::string rows;
    for (auto const& c : r.contenders)
        rows += row_header(contender_label(r, c.id)) + "<td class=\"text\">" + escaped(c.title) +
                "</td><td class=\"text\">" + escaped(c.build) + "</td></tr>\n";
    for (auto const& [id, why] : r.absent)
        rows += row_header("<span class=\"key\"></span>" + escaped(shortened(id, 28))) +
                "<td class=\"text\">not in this run</td><td class=\"text\">" + escaped(why) + "</td></tr>\n";
    return boxed(
        text_header("contender") + text_header("what it is") + text_header("its build, or why it is absent"), rows);
}

} // namespace bench::html

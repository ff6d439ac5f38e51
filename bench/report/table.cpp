// SPDX-License-Identifier: Apache-2.0
#include "format.hpp"
#include "report.hpp"
#include "select.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <ostream>

namespace bench {
namespace {

void heading(std::ostream& to, std::string_view text) { to << '\n' << wrapped(text, terminal_columns, 2) << "\n\n"; }

void write_line(std::ostream& to, std::string const& text) { to << wrapped(text, terminal_columns, 4) << '\n'; }

/// Prints "title: build" for each contender, what is absent, and warnings.
void print_header(std::ostream& to, results const& r) {
    write_line(to, "twintls benchmark, " + r.started + (r.quick ? ", quick: fewer cases and samples" : ""));
    write_line(to, "  machine   " + r.processor + ", " + std::to_string(r.cores) + (r.cores == 1 ? " core" : " cores"));
    write_line(to, "  compiler  " + r.compiler);
    write_line(to, "  server    " + r.server + ", not timed");
    heading(to, "Contenders");
    std::size_t widest = 0;
    for (auto const& c : r.contenders) widest = std::max(widest, width(c.id));
    for (auto const& c : r.contenders)
        write_line(
            to, "  " + c.id + std::string(widest - width(c.id) + 2, ' ') + c.title +
                    (c.build.empty() ? "" : "; " + c.build));
    for (auto const& [id, why] : r.absent) write_line(to, "  absent: " + id + ": " + why);
    if (!r.warnings.empty()) to << '\n';
    for (auto const& warning : r.warnings) write_line(to, "  WARNING: " + warning);
}

std::string title_of(results const& r, std::string const& id) {
    if (id == "openssl") return "OpenSSL";
    auto const* described = contender(r, id);
    return described == nullptr || width(described->title) > 20 ? id : described->title;
}

/// The cells of one case.
class case_row {
public:
    case_row(results const& r, std::string const& case_id, std::string const& contender)
        : r_(r),
          case_(case_id),
          contender_(contender) {}

    [[nodiscard]] std::string value(metric m) const {
        auto const median = median_of(r_, case_, contender_, m);
        return median ? with_unit(m, *median) : "";
    }
    [[nodiscard]] std::string spread(metric m) const {
        auto const* found = find(r_, case_, contender_, m);
        return found == nullptr ? "" : quartiles(found->value);
    }
    [[nodiscard]] std::string ratio_to(std::string const& under, metric m) const {
        auto const ratio = under.empty() ? std::nullopt : median_ratio(r_, case_, contender_, under, m);
        return ratio ? times(*ratio) : "";
    }
    [[nodiscard]] std::string to_raw(metric m) const { return ratio_to(raw_of(r_, contender_), m); }
    [[nodiscard]] std::string to_reference(metric m) const { return ratio_to(reference_of(r_, case_, m), m); }
    [[nodiscard]] std::string wire() const {
        auto const sent = value(metric::bytes_sent), received = value(metric::bytes_received);
        auto const number = [&](metric m) { return count(*median_of(r_, case_, contender_, m)); };
        return sent.empty() || received.empty() ? ""
                                                : number(metric::bytes_sent) + "+" + number(metric::bytes_received);
    }

private:
    results const& r_;
    std::string case_, contender_;
};

void print_handshake(std::ostream& to, results const& r, results::described_case const& c) {
    heading(to, c.id == c.title ? c.title : c.title + "  [" + c.id + "]");
    auto const all = contenders_in(r, c.id);
    if (all.empty()) {
        to << "  nothing was measured\n";
        return;
    }
    auto const reference = title_of(r, reference_of(r, c.id, metric::client_cpu));
    text_table table({
        "",
        "client\nCPU",
        "\nquartiles",
        "to\nraw",
        "to\n" + reference,
        "over\nfloor",
        "alloca-\ntions",
        "peak\nheap",
        "idle\nsession",
        "\nstack",
        "instruc-\ntions",
        "to\nraw",
        "bytes\nallocated",
        "allocs\nin data",
        "bytes out\n+ in",
        "\nrecords",
        "round\ntrips",
        "con-\nfigure",
        "new\nsession",
    });
    for (auto const& id : all) {
        case_row const row(r, c.id, id);
        table.row({
            id,
            row.value(metric::client_cpu),
            row.spread(metric::client_cpu),
            row.to_raw(metric::client_cpu),
            row.to_reference(metric::client_cpu),
            row.value(metric::over_floor),
            row.value(metric::allocations),
            row.value(metric::peak_heap),
            row.value(metric::session_heap),
            row.value(metric::stack),
            row.value(metric::instructions),
            row.to_raw(metric::instructions),
            row.value(metric::bytes_allocated),
            row.value(metric::steady_allocations),
            row.wire(),
            row.value(metric::records),
            row.value(metric::round_trips),
            row.value(metric::configure),
            row.value(metric::new_session),
        });
    }
    table.print(to);
}

void print_build(std::ostream& to, results const& r, results::described_case const& c) {
    heading(to, c.title + ": heap, from PEM to the client  [" + c.id + "]");
    text_table table(
        {"", "alloca-\ntions", "to\nraw", "bytes\nallocated", "to\nraw", "peak\nheap", "client\nkeeps",
         "handshake\nunder way"});
    for (auto const& id : contenders_in(r, c.id)) {
        case_row const row(r, c.id, id);
        table.row(
            {id, row.value(metric::build_allocations), row.to_raw(metric::build_allocations),
             row.value(metric::build_bytes), row.to_raw(metric::build_bytes), row.value(metric::build_peak),
             row.value(metric::client_heap), row.value(metric::in_flight_heap)});
    }
    table.print(to);
}

void print_series(std::ostream& to, results const& r, bulk_series const& series) {
    std::vector<std::string> headers{series.title.empty() ? "bulk data" : series.title};
    std::vector<std::string> all;
    for (auto const& point : series.points) {
        headers.push_back(point.size == 0 ? "MB/s" : size_text(point.size));
        for (auto const& id : contenders_in(r, point.case_id, metric::throughput))
            if (std::ranges::find(all, id) == all.end()) all.push_back(id);
    }
    text_table table(headers);
    for (auto const& id : all) {
        std::vector<std::string> cells{"  " + id};
        std::vector<std::string> raw{"    of " + raw_of(r, id)};
        for (auto const& point : series.points) {
            case_row const row(r, point.case_id, id);
            auto const median = median_of(r, point.case_id, id, metric::throughput);
            auto const ratio = row.to_reference(metric::throughput);
            cells.push_back(!median ? "" : short_number(*median) + (ratio.empty() ? "" : " " + ratio));
            raw.push_back(row.to_raw(metric::throughput));
        }
        table.row(cells);
        if (!raw_of(r, id).empty()) table.row(raw);
    }
    table.print(to);
}

void print_bulk(std::ostream& to, results const& r) {
    auto const all = bulk_series_of(r);
    if (all.empty()) return;
    heading(
        to, "Bulk data by the size of a write: MB/s of client CPU time, and beside it the ratio to OpenSSL (or to the "
            "best); more is better");
    for (auto const& series : all) {
        if (&series != &all.front()) to << '\n';
        print_series(to, r, series);
    }
}

/// Prints a metric of the program, not of a handshake.
void print_of_program(std::ostream& to, results const& r, metric m, std::string const& title) {
    auto const all = contenders_in(r, "", m);
    if (all.empty()) return;
    heading(to, title);
    text_table table({"", "\nvalue", "\nquartiles", "to\nraw", "to\n" + title_of(r, reference_of(r, "", m))});
    for (auto const& id : all) {
        case_row const row(r, "", id);
        table.row({id, row.value(m), row.spread(m), row.to_raw(m), row.to_reference(m)});
    }
    table.print(to);
}

std::string limit_of(target const& t) { return (t.at_most ? "at most " : "at least ") + decimal(t.limit); }

void print_targets(std::ostream& to, results const& r) {
    if (r.targets.empty()) return;
    heading(to, "Targets");
    for (auto const& t : r.targets) {
        auto const verdict = !t.value ? "not measured" : t.met() ? "met" : "MISSED";
        std::string text =
            std::string("  ") + verdict + std::string(14 - std::string_view(verdict).size(), ' ') + t.text + ": ";
        text += t.value ? decimal(*t.value) + ", " + limit_of(t) : limit_of(t);
        if (t.value && !t.where.empty()) text += " (" + case_title(r, t.where) + ")";
        to << wrapped(text, terminal_columns, 16) << '\n';
    }
}

} // namespace

void print_table(std::ostream& to, results const& r) {
    print_header(to, r);
    auto const cases = handshake_cases_of(r);
    for (auto const& c : cases) print_handshake(to, r, c);
    if (!cases.empty())
        to << '\n'
           << wrapped(
                  "  Times are the client's processor time, medians. To raw: divided by that of the bare library. "
                  "Floor: the asymmetric operations the handshake cannot do without, on the same library. Configure: a "
                  "client, cold; new session: a connection from it. Allocs in data: in reads and writes afterwards.",
                  terminal_columns, 2)
           << '\n';
    for (auto const& c : build_cases_of(r)) print_build(to, r, c);
    print_bulk(to, r);
    print_of_program(to, r, metric::code_size, "Code size: a stripped program that makes one connection, -Os");
    print_of_program(to, r, metric::compile_time, "Compile time of that program's source");
    print_targets(to, r);
}

} // namespace bench

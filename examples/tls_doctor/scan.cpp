// SPDX-License-Identifier: Apache-2.0
#include "scan.hpp"

#include "../demo_table.hpp"

#include <iostream>

namespace doctor {
namespace {

std::string_view in_words(answer a) {
    switch (a) {
    case answer::accepted: return "accepted";
    case answer::not_alone: return "not preferred";
    case answer::refused: return "refused";
    case answer::not_supported: return "not supported";
    case answer::none: return "no answer";
    }
    return "unknown";
}

/// Whose order decides; empty if there is nothing to choose from.
template <class Value> std::string order(answers<Value> const& a) {
    if (a.accepted().size() < 2) return {};
    if (a.order_is_the_clients) return "the client's";
    if (a.order.empty()) return "cannot be told";
    std::string text = "the server's own";
    for (Value const v : a.order) text += "\n    " + std::string(name(v));
    return text;
}

template <class Value> void add_rows(demo::table& table, answers<Value> const& a, answers<Value> const& b) {
    for (std::size_t i = 0; i < a.each.size() && i < b.each.size(); ++i)
        table.row(
            name(a.each[i].first), {std::string(in_words(a.each[i].second)), std::string(in_words(b.each[i].second))});
}

template <class Value>
void print_order(
    std::string_view what, std::span<scan_result const, 2> found, answers<Value> const& a, answers<Value> const& b) {
    std::string const first = order(a);
    std::string const second = order(b);
    if (first == second && !first.empty()) std::cout << "  Order of " << what << ": " << first << '\n';
    if (first == second) return;
    for (auto const& [who, text] : {std::pair(&found[0], &first), std::pair(&found[1], &second)})
        if (!text->empty())
            std::cout << "  Order of " << what << ", asked by " << who->library() << ": " << *text << '\n';
}

/// Explains the answers that do not explain themselves.
void print_legend(std::span<scan_result const, 2> found) {
    bool not_alone = false;
    bool none = false;
    auto const look = [&](auto const& asked) {
        for (auto const& [value, said] : asked.each) {
            not_alone = not_alone || said == answer::not_alone;
            none = none || said == answer::none;
        }
    };
    for (scan_result const& r : found)
        for (scanned_version const& v : r.versions) {
            look(v.suites);
            look(v.groups);
        }
    if (not_alone)
        std::cout << "\nnot preferred: refused when offered alone; offered with others, the server chose another\n";
    if (none) std::cout << "\nno answer: the server hung up without a reason, or was silent until the deadline\n";
}

} // namespace

void print(std::span<scan_result const, 2> found) {
    for (std::size_t i = 0; i < found[0].versions.size() && i < found[1].versions.size(); ++i) {
        scanned_version const& a = found[0].versions[i];
        scanned_version const& b = found[1].versions[i];
        demo::table table(45, 15);
        table.head(name(a.version), {found[0].library(), found[1].library()});
        add_rows(table, a.suites, b.suites);
        add_rows(table, a.groups, b.groups);
        std::cout << '\n';
        table.print(std::cout);
        print_order("suites", found, a.suites, b.suites);
        print_order("groups", found, a.groups, b.groups);
    }
    print_legend(found);
}

} // namespace doctor

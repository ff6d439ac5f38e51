// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "explanation.hpp"
#include "options.hpp"
#include <tls/compare/text.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/server_name.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/x509/name.hpp>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <span>
#include <system_error>
#include <vector>

namespace doctor {
namespace {

constexpr std::size_t columns = 100;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// "label  item, item, item", broken before column 100.
std::string listed(std::string_view label, std::vector<std::string> const& items) {
    constexpr std::size_t indent = 17;
    std::string out = "  " + std::string(label);
    out.resize(indent, ' ');
    std::size_t at = indent;
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::string const item = items[i] + (i + 1 < items.size() ? "," : "");
        if (i != 0 && at + 1 + item.size() > columns) {
            out += '\n' + std::string(indent, ' ');
            at = indent;
        } else if (i != 0) {
            out += ' ';
            ++at;
        }
        // One that is longer than a line is cut off: nothing from the network may spoil the page.
        std::string const shown = item.size() <= columns - at ? item : item.substr(0, columns - at - 3) + "...";
        out += shown;
        at += shown.size();
    }
    return out + '\n';
}

std::string text_of(tls::x509::general_name const& name) {
    using enum tls::x509::general_name_kind;
    switch (name.kind) {
    case ip: {
        auto const address = tls::server_name::address(name.bytes);
        return address ? std::string(address->text()) : "a damaged address";
    }
    case directory: return printable(tls::x509::to_text(name.bytes));
    case dns:
    case email:
    case uri: return printable(name.text());
    case other: break;
    }
    return "a name of another kind";
}

/// Seconds since 1970-01-01 UTC as "2026-10-01 12:00:00 UTC".
std::string date(std::int64_t seconds) {
    auto const moment = static_cast<std::time_t>(seconds);
    std::tm utc{};
    std::array<char, 64> text{};
    if (::gmtime_r(&moment, &utc) == nullptr) return "a time out of reach";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc)};
}

std::string validity(tls::x509::certificate_view const& c) {
    constexpr std::int64_t day = 86400;
    // Read once, so that both backends' certificates give the same text even if a second passes between them.
    static auto const now = tls::system_wall_clock();
    std::string out = date(c.not_before()) + " to " + date(c.not_after());
    if (now < c.not_before()) return out + ", NOT YET VALID";
    if (now > c.not_after()) return out + ", EXPIRED";
    return out + ", " + std::to_string((c.not_after() - now) / day) + " days left";
}

std::string certificate_lines(tls::x509::certificate_view const& c) {
    std::vector<std::string> names;
    constexpr std::size_t most = 20;
    std::size_t more = 0;
    for (auto const& name : c.subject_alternative_names())
        if (names.size() < most)
            names.push_back(text_of(name));
        else
            ++more;
    if (more != 0) names.push_back("and " + std::to_string(more) + " more");
    if (names.empty()) names.emplace_back("none");
    std::string const subject = c.has_empty_subject() ? "none" : printable(tls::x509::to_text(c.subject_name()));
    return listed("subject", {subject}) + listed("issuer", {printable(tls::x509::to_text(c.issuer_name()))}) +
           listed("names", names) + listed("valid", {validity(c)});
}

std::string accepts_lines(tls::accepted_credentials const& a) {
    std::vector<std::string> authorities;
    if (a.issuer_count == 0) authorities.emplace_back("of any authority (it names none)");
    if (a.issuer_count != 0) authorities.push_back(printable(a.first_issuer.view()));
    if (a.issuer_count > 1) authorities.push_back("and " + std::to_string(a.issuer_count - 1) + " more");
    if (a.names_our_issuer) authorities.emplace_back("ours is among them");
    std::vector<std::string> schemes;
    for (std::size_t i = 0; i < std::min<std::size_t>(a.scheme_count, a.schemes.size()); ++i)
        schemes.emplace_back(name(a.schemes[i]));
    if (a.scheme_count > a.schemes.size())
        schemes.push_back("and " + std::to_string(a.scheme_count - a.schemes.size()) + " more");
    if (schemes.empty()) schemes.emplace_back("not known");
    return listed("authorities", authorities) + listed("signatures", schemes);
}

/// Prints a block under a title, only once if both backends have the same.
void print_block(std::string_view title, examination const& e, std::string details::* what) {
    std::string const& a = e.more[0].*what;
    std::string const& b = e.more[1].*what;
    if (a == b && !a.empty()) std::cout << '\n' << title << ":\n" << a;
    if (a == b) return;
    for (std::size_t i = 0; i != e.more.size(); ++i)
        if (!(e.more[i].*what).empty())
            std::cout << '\n' << title << ", " << library(e.found[i]) << ":\n" << e.more[i].*what;
}

void print_table(comparison const& found) {
    if (found[0].failure && found[1].failure) return;
    std::cout << '\n';
    tls::table_to_text(found, [](std::string_view part) { std::cout << part; });
    std::string differs;
    for (tls::compared_field const* f : found.differences())
        differs += (differs.empty() ? "" : ", ") + std::string(f->label);
    if (found.all_good()) std::cout << '\n';
    if (found.all_good()) print_indented(differs.empty() ? "Nothing differs." : "What differs: " + differs);
}

} // namespace

std::string printable(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

void print_indented(std::string_view text) {
    constexpr std::size_t width = columns - 2;
    for (std::string line : lines_of(text)) {
        std::size_t const indent = std::min(line.find_first_not_of(' '), line.size());
        std::string const start(std::min<std::size_t>(indent + 4, width / 2), ' ');
        while (line.size() > width) {
            std::size_t const space = line.rfind(' ', width);
            bool const breakable = space != line.npos && space > start.size();
            std::size_t const end = breakable ? space : width;
            std::cout << "  " << line.substr(0, end) << '\n';
            line.replace(0, breakable ? end + 1 : end, start);
        }
        std::cout << "  " << line << '\n';
    }
}

void describe(details& into, tls::facts const& facts) {
    if (facts.peer_certificate) into.certificate = certificate_lines(*facts.peer_certificate);
    if (facts.authenticated_by == tls::authentication::pre_shared_key)
        into.certificate = "  none: it has proved that it has the pre-shared key\n";
    if (facts.server_accepts) into.accepts = accepts_lines(*facts.server_accepts);
}

void describe(details& into, tls::connect_report const& attempts) {
    std::size_t const told = std::min(attempts.tried, attempts.attempts.size());
    std::size_t widest = 0;
    for (auto const& a : std::span(attempts.attempts).first(told)) widest = std::max(widest, a.address.view().size());
    for (auto const& a : std::span(attempts.attempts).first(told)) {
        std::string address(a.address.view());
        address.resize(widest, ' ');
        std::string const became = a.system == 0           ? "connected"
                                   : a.system == ETIMEDOUT ? "no answer"
                                                           : std::generic_category().message(a.system);
        into.addresses.append("  ").append(address).append("  ").append(became).append("\n");
    }
    if (attempts.tried > told) into.addresses += "  and " + std::to_string(attempts.tried - told) + " more\n";
}

std::string library(tls::compared_connection const& c) { return std::string(c.backend) + ' ' + std::string(c.version); }

void print_failures(comparison const& found) {
    bool const both = found[0].failure && found[1].failure;
    std::string const a = library(found[0]);
    std::string const b = library(found[1]);
    if (both && found[0].failure->code == found[1].failure->code) {
        std::cout << "\nFAILED with both: " << a << " and " << b << '\n';
        print_indented(explain_both({failure{a, &*found[0].failure}, failure{b, &*found[1].failure}}));
        return;
    }
    if (both)
        std::cout << "\nThe libraries fail for different reasons: " << a << " says that " << found[0].failure->message()
                  << ",\n"
                  << b << " that " << found[1].failure->message() << ".\n";
    for (tls::compared_connection const& c : found) {
        if (!c.failure) continue;
        std::cout << "\nFAILED with " << library(c) << (both ? ":\n" : ", and not with the other library:\n");
        print_indented(tls::explain(*c.failure, option_words));
    }
}

void print(examination const& e) {
    print_table(e.found);
    print_block("Addresses tried", e, &details::addresses);
    print_block("The server's certificate", e, &details::certificate);
    print_block("The server accepts client certificates", e, &details::accepts);
    print_failures(e.found);
    for (std::size_t i = 0; i != e.more.size(); ++i)
        if (!e.more[i].trace.empty()) std::cout << "\nRecords, " << library(e.found[i]) << ":\n" << e.more[i].trace;
}

} // namespace doctor

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/compare/text.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <array>

namespace tls {
namespace detail::comparing {

inline constexpr std::size_t page_width = 100;
inline constexpr std::string_view margin = "  ";

inline void write_spaces(text_sink to, std::size_t n) {
    constexpr std::string_view some = "                                        ";
    for (; n > some.size(); n -= some.size()) to(some);
    to(some.substr(0, n));
}

/// Takes the next line of at most this width off the front of a text: up to a space or before an underscore, if there
/// is one behind `least`.
[[nodiscard]] inline std::string_view
take_line(std::string_view& text, std::size_t width, std::size_t least = 0) noexcept {
    std::string_view const whole = text;
    if (whole.size() <= width) {
        text = {};
        return whole;
    }
    std::size_t cut = whole.rfind(' ', width);
    bool const at_space = cut != std::string_view::npos && cut > least;
    if (!at_space) cut = whole.rfind('_', width);
    if (cut == std::string_view::npos || cut <= least) cut = width;
    text.remove_prefix(at_space ? cut + 1 : cut);
    return whole.substr(0, cut);
}

/// What stands above a column.
[[nodiscard]] inline std::string_view write_heading(compared_connection const& c, std::span<char> into) noexcept {
    text_writer out(into);
    out << c.backend;
    if (!c.version.empty()) out << " " << c.version;
    return out.view();
}

/// The rows of a table, and how wide it is.
class side_by_side {
public:
    explicit side_by_side(std::span<compared_connection const> connections) noexcept : connections_(connections) {
        field_list const different = differences(connections);
        for (compared_field const& f : compared_fields()) {
            if (f.is_detail && !different.has(f.name)) continue;
            bool const known = std::ranges::any_of(connections, [&](auto const& c) { return !cell(&f, c).empty(); });
            if (!known) continue;
            rows_.add(f);
            label_ = std::max(label_, f.label.size());
        }
        std::size_t const gaps = margin.size() * (connections.size() + 1);
        std::size_t const taken = std::min(page_width, gaps + label_);
        std::size_t const widest =
            std::max(least_width, (page_width - taken) / std::max<std::size_t>(1, connections.size()));
        for (auto const& c : connections) {
            column_ = std::max(column_, cell(nullptr, c).size());
            for (compared_field const* f : rows_) column_ = std::max(column_, cell(f, c).size());
        }
        column_ = std::min(column_, widest);
    }

    void print(text_sink to) {
        print_row(to, nullptr);
        to(margin);
        for (std::size_t n = label_ + connections_.size() * (margin.size() + column_); n != 0; --n) to("-");
        to("\n");
        for (compared_field const* f : rows_) print_row(to, f);
    }

private:
    static constexpr std::size_t least_width = 15;

    /// The text of a cell, or the heading; valid until the next one.
    [[nodiscard]] std::string_view cell(compared_field const* f, compared_connection const& c) noexcept {
        return f == nullptr ? write_heading(c, text_) : f->write(c, text_);
    }

    void print_row(text_sink to, compared_field const* f) {
        bool more = true;
        for (std::size_t line = 0; more; ++line) {
            more = false;
            std::string_view const label = f == nullptr || line != 0 ? std::string_view() : f->label;
            to(margin);
            to(label);
            std::size_t missing = label_ - label.size(); // spaces are written only before something
            for (auto const& c : connections_) {
                std::string_view rest = cell(f, c);
                if (rest.empty() && f != nullptr) rest = "-";
                std::string_view part;
                for (std::size_t i = 0; i <= line; ++i) part = take_line(rest, column_);
                more = more || !rest.empty();
                missing += margin.size();
                if (!part.empty()) {
                    write_spaces(to, missing);
                    to(part);
                    missing = 0;
                }
                missing += column_ - part.size();
            }
            to("\n");
        }
    }

    std::span<compared_connection const> connections_;
    field_list rows_;
    std::size_t label_ = 0;
    std::size_t column_ = 0;
    std::array<char, longest_value> text_{};
};

/// Lines, each indented and broken between words.
inline void write_lines(std::string_view text, text_sink to) {
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        std::size_t const indent = std::min(line.find_first_not_of(' '), line.size());
        std::size_t const deeper = std::min<std::size_t>(indent + 4, page_width / 2);
        std::size_t before = 0;
        do {
            to(margin);
            write_spaces(to, before);
            to(take_line(line, page_width - margin.size() - before, before == 0 ? indent : 0));
            to("\n");
            before = deeper;
        } while (!line.empty());
    }
}

/// An explanation, of which only the last line may depend on the library.
struct explained {
    explained(error const& e, vocabulary const& words) noexcept {
        std::string_view const whole = explain(e, memory, words);
        std::size_t const end = std::min(whole.rfind("\n  native error: "), whole.size());
        text = whole.substr(0, end);
        if (end != whole.size()) native = whole.substr(end + 1);
    }
    explained(explained const&) = delete; // the texts are in its memory
    explained& operator=(explained const&) = delete;
    ~explained() = default;

    std::array<char, longest_explanation> memory;
    std::string_view text;
    std::string_view native{};
};

/// What failed; with several libraries for the same reason, only once.
inline void write_failures(std::span<compared_connection const> connections, text_sink to, vocabulary const& words) {
    auto const same = [&](compared_connection const& a, compared_connection const& b) {
        return a.failure && b.failure && explained(*a.failure, words).text == explained(*b.failure, words).text;
    };
    std::array<char, 100> heading;
    for (std::size_t i = 0; i != connections.size(); ++i) {
        compared_connection const& first = connections[i];
        bool const told = std::ranges::any_of(connections.first(i), [&](auto const& c) { return same(c, first); });
        if (!first.failure || told) continue;
        to("\n  FAILED with ");
        to(write_heading(first, heading));
        auto const later = connections.subspan(i + 1);
        for (compared_connection const& c : later) {
            if (!same(first, c)) continue;
            to(" and ");
            to(write_heading(c, heading));
        }
        to(":\n");
        write_lines(explained(*first.failure, words).text, to);
        write_lines(explained(*first.failure, words).native, to);
        for (compared_connection const& c : later)
            if (same(first, c)) write_lines(explained(*c.failure, words).native, to);
    }
}

/// "What differs: cipher suite, bytes sent", or that nothing does.
inline void write_differences(std::span<compared_connection const> connections, text_sink to) {
    field_list const different = differences(connections);
    std::array<char, 2048> memory;
    text_writer out(memory);
    out << (different.empty() ? "Nothing differs." : "What differs: ");
    bool first = true;
    for (compared_field const* f : different) {
        out << (first ? "" : ", ") << f->label;
        first = false;
    }
    std::string_view text = out.view();
    while (!text.empty()) {
        to(margin);
        to(take_line(text, page_width - margin.size()));
        to("\n");
    }
}

/// "B needs 4.0 times the processor time of A."
inline void write_ratio(compared_connection const& a, compared_connection const& b, text_sink to) {
    if (a.rounds == 0 || b.rounds == 0 || !a.cost->processor_time || !b.cost->processor_time) return;
    auto const less = std::max<std::int64_t>(1, a.cost->processor_time->count());
    long long const tenths = (10 * b.cost->processor_time->count() + less / 2) / less;
    std::array<char, 200> memory;
    text_writer out(memory);
    out << "  " << b.backend << " needs " << tenths / 10 << "." << tenths % 10 << " times the processor time of "
        << a.backend << ".\n";
    to(out.view());
}

/// Where the numbers come from.
inline void write_remarks(std::span<compared_connection const> connections, text_sink to) {
    std::size_t most = 0;
    bool steady = true;
    for (auto const& c : connections) {
        most = std::max(most, c.rounds);
        steady = steady && c.steady;
    }
    if (most == 0) return;
    std::array<char, 200> memory;
    text_writer out(memory);
    out << "  Processor time is that of this thread on this machine";
    if (most > 1) out << "; times are medians of " << static_cast<long long>(most) << " connections";
    to((out << ".\n").view());
    for (std::size_t i = 1; most > 1 && i < connections.size(); ++i) write_ratio(connections[0], connections[i], to);
    if (!steady) to("  Not every connection negotiated the same: what is shown is the first one.\n");
}

} // namespace detail::comparing

TWINTLS_DECL void table_to_text(std::span<compared_connection const> connections, text_sink to) {
    detail::comparing::side_by_side(connections).print(to);
}

TWINTLS_DECL void to_text(std::span<compared_connection const> connections, text_sink to, vocabulary const& words) {
    using namespace detail::comparing;
    table_to_text(connections, to);
    to("\n");
    if (connections.size() > 1) write_differences(connections, to);
    write_remarks(connections, to);
    write_failures(connections, to, words);
}

TWINTLS_DECL std::string to_text(std::span<compared_connection const> connections, vocabulary const& words) {
    std::string text;
    to_text(connections, [&](std::string_view part) { text += part; }, words);
    return text;
}

} // namespace tls

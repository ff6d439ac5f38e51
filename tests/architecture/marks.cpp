// SPDX-License-Identifier: Apache-2.0
#include "marks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace architecture {

namespace {

constexpr std::array marks = {
    std::pair{audience::applications, std::string_view("// Public: applications include this.")},
    std::pair{audience::backends, std::string_view("// Seam: for those who write a backend.")},
    std::pair{audience::twintls, std::string_view("// Internal: included by twintls itself.")},
};

constexpr std::string_view licence = "// SPDX-License-Identifier: Apache-2.0";

source const* find(std::span<source const> sources, std::string_view path) {
    auto const s = std::ranges::find(sources, path, &source::path);
    return s == sources.end() ? nullptr : &*s;
}

bool is_for_applications(source const& s) { return audience_of(s.text) == audience::applications; }

std::string at(source const& from, include const& what) {
    return from.path + ":" + std::to_string(what.line) + " includes " + what.target + ", which is ";
}

void check_mark(source const& s, std::vector<std::string>& found) {
    auto const lines = lines_of(s.text);
    if (lines.empty() || lines[0] != licence) found.push_back(s.path + " does not begin with its licence");
    auto const marked = std::ranges::count_if(lines, [](auto line) {
        return std::ranges::find(marks, line, &decltype(marks)::value_type::second) != marks.end();
    });
    auto const who = audience_of(s.text);
    if (!s.path.ends_with(".hpp")) {
        if (marked != 0) found.push_back(s.path + " is marked, and only headers are");
    } else if (!who) {
        found.push_back(s.path + " does not say in its second line for whom it is");
    } else if (marked != 1) {
        found.push_back(s.path + " is marked more than once");
    } else if (s.path.contains("/impl/") && who != audience::twintls) {
        found.push_back(s.path + " is in impl/ and not marked as internal");
    }
}

} // namespace

std::string_view mark(audience a) { return std::ranges::find(marks, a, &decltype(marks)::value_type::first)->second; }

std::optional<audience> audience_of(std::string_view header) {
    auto const lines = lines_of(header);
    for (auto const& [who, line] : marks)
        if (lines.size() > 1 && lines[1] == line) return who;
    return std::nullopt;
}

std::vector<std::string> wrong_marks(std::span<source const> sources) {
    std::vector<std::string> found;
    for (source const& s : sources) {
        check_mark(s, found);
        for (include const& what : s.includes) {
            source const* const to = find(sources, what.target);
            if (to == nullptr) continue; // reported by the rules of floors
            if (s.path == "tls/tls.hpp" && !is_for_applications(*to))
                found.push_back(at(s, what) + "not for applications");
            if (!s.backend.empty() && to->backend.empty() && audience_of(to->text) == audience::twintls)
                found.push_back(at(s, what) + "not for backends");
        }
    }
    return found;
}

std::vector<std::string> not_for_users(source const& program, std::span<source const> sources) {
    std::vector<std::string> found;
    for (include const& what : program.includes) {
        if (!what.target.starts_with("tls/")) continue; // the program's own header
        source const* const to = find(sources, what.target);
        if (to == nullptr)
            found.push_back(at(program, what) + "not there");
        else if (!is_for_applications(*to))
            found.push_back(at(program, what) + "not for applications");
    }
    for (std::string_view const name : {"tls::detail", "tls::seam"})
        if (program.text.contains(name)) found.push_back(program.path + " names " + std::string(name));
    return found;
}

std::vector<std::string> missing_headers(source const& page, std::span<source const> sources) {
    constexpr std::string_view path_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.";
    std::vector<std::string> found;
    std::string_view const text = page.text;
    for (std::string_view const before : {"<tls/", "include/tls/"}) {
        for (auto start = text.find(before); start != text.npos; start = text.find(before, start + 1)) {
            auto const path = text.substr(start + before.find("tls/"));
            std::string const named(path.substr(0, path.find_first_not_of(path_letters)));
            bool const is_file = named.ends_with(".hpp") || named.ends_with(".ipp");
            bool const is_pattern = std::ranges::any_of(named, [](char c) { return c >= 'A' && c <= 'Z'; });
            if (is_file && !is_pattern && find(sources, named) == nullptr)
                found.push_back(page.path + " mentions " + named + ", which is not there");
        }
    }
    return found;
}

} // namespace architecture

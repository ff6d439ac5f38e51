// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

namespace architecture {

namespace {

std::string_view without_spaces_before(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

/// What a line includes, with its brackets or quotes; empty if the line is no `#include`.
std::string_view included_by(std::string_view line) {
    line = without_spaces_before(line);
    if (!line.starts_with('#')) return {};
    line = without_spaces_before(line.substr(1));
    if (!line.starts_with("include")) return {};
    return without_spaces_before(line.substr(7));
}

void read_folder(std::string const& folder, std::string const& backend, std::vector<source>& into) {
    namespace fs = std::filesystem;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        auto const path = fs::relative(entry.path(), folder).generic_string();
        into.push_back(make_source(path, backend, read_file(entry.path().string())));
    }
}

} // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

source make_source(std::string path, std::string backend, std::string text) {
    source made{std::move(path), std::move(backend), std::move(text), {}};
    std::size_t number = 0;
    for (auto const line : lines_of(made.text)) {
        ++number;
        auto const what = included_by(line);
        if (what.empty()) continue;
        if (what.starts_with("<tls/"))
            made.includes.push_back({number, std::string(what.substr(1, what.find('>') - 1))});
        else if (!what.starts_with('<'))
            made.includes.push_back({number, std::string(what)});
    }
    return made;
}

std::string read_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::cerr << "cannot read " << path << '\n';
        std::exit(1);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<source> read_sources(std::string const& root) {
    namespace fs = std::filesystem;
    std::vector<source> sources;
    read_folder(root + "/include", "", sources);
    for (auto const& entry : fs::directory_iterator(root + "/backends"))
        if (fs::is_directory(entry.path() / "include"))
            read_folder((entry.path() / "include").string(), entry.path().filename().string(), sources);
    std::ranges::sort(sources, {}, &source::path);
    return sources;
}

} // namespace architecture

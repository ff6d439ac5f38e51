// SPDX-License-Identifier: Apache-2.0
// verification_rules <docs/verification.md> <tests>
//
// Fails unless every rule of the page names a test, as `program: title of the case`, and every test named exists.
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string text_of(std::filesystem::path const& file) {
    std::ostringstream all;
    all << std::ifstream(file).rdbuf();
    return all.str();
}

int problems = 0;

void complain(std::string_view what, std::string_view about) {
    ++problems;
    std::cerr << what << ": " << about << '\n';
}

/// All sources of a test program as one text, with every title on one line after the same word.
std::string sources_of(std::filesystem::path const& folder) {
    std::string all;
    for (auto const& file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".cpp") all += text_of(file.path());
    all = std::regex_replace(all, std::regex("\"\\s*\n\\s*\""), "");
    return std::regex_replace(all, std::regex("CASE\\w*\\(\\s*\""), "CASE(\"");
}

/// The rows of tables, points of lists and paragraphs of a page, each on one line.
std::vector<std::string> blocks_of(std::string const& page) {
    std::vector<std::string> all;
    std::istringstream lines(page);
    bool goes_on = false;
    for (std::string line; std::getline(lines, line);) {
        bool const begins = line.empty() || line.starts_with("| ") || line.starts_with("- ") || line.starts_with("#");
        if (!begins && goes_on)
            all.back() += ' ' + line.substr(line.find_first_not_of(' '));
        else if (!line.empty())
            all.push_back(line);
        goes_on = !line.empty() && !line.starts_with("#");
    }
    return all;
}

/// True for rows below the heading of a table, and for the points of these two sections.
bool is_rule(std::string const& block, std::string const& section) {
    if (section == "## The rules")
        return block.starts_with("| ") && !block.starts_with("| rule") && !block.starts_with("| **");
    return (section == "### The name" || section == "### Name constraints") && block.starts_with("- ");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::filesystem::path const tests = argv[2];
    std::map<std::string, std::string> const programs = {
        {"unit", sources_of(tests / "unit")},
        {"parity", sources_of(tests / "parity")},
        {"corpus", sources_of(tests / "corpus")}};
    std::regex const citation("`(unit|parity|corpus): ([^`]+)`");
    std::string section;
    bool section_has_test = true;
    std::size_t rules = 0;
    auto const leave = [&] {
        if (!section_has_test) complain("no test in the section", section);
    };
    for (std::string const& block : blocks_of(text_of(argv[1]))) {
        if (block.starts_with("#")) {
            leave();
            section = block;
            section_has_test = block.starts_with("# ");
            continue;
        }
        std::sregex_iterator const first(block.begin(), block.end(), citation), end;
        section_has_test = section_has_test || first != end;
        if (is_rule(block, section)) {
            ++rules;
            if (first == end) complain("no test for the rule", block);
        }
        for (auto at = first; at != end; ++at) {
            std::string const title = (*at)[2];
            std::string const& where = programs.at((*at)[1]);
            if (where.find("CASE(\"" + title + '"') == std::string::npos) complain("no such test case", at->str());
        }
    }
    leave();
    if (rules < 20) complain("the page is not read as it should be", std::to_string(rules) + " rules found");
    return problems == 0 ? 0 : 1;
}

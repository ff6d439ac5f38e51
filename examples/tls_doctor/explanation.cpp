// SPDX-License-Identifier: Apache-2.0
#include "explanation.hpp"

#include "options.hpp"
#include <tls/diagnosis/explain.hpp>

#include <algorithm>
#include <vector>

namespace doctor {
namespace {

using text_lines = std::vector<std::string>;

/// An explanation taken apart; each part without its indentation and label.
struct parts {
    std::string headline{};
    text_lines facts{};
    text_lines causes{};
    text_lines advice{};
    text_lines verdict{}; ///< on whose side to fix it
    text_lines native{};
};

/// True if the text begins with this, which is taken off.
bool take(std::string_view& text, std::string_view start) {
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

parts taken_apart(std::string const& text) {
    parts out;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (out.headline.empty())
            out.headline = line;
        else if (take(line, "    "))
            out.causes.emplace_back(line.substr(line.find(' ') + 1)); // behind its number
        else if (take(line, "  likely cause: "))
            out.causes.emplace_back(line);
        else if (take(line, "  try: "))
            out.advice.emplace_back(line);
        else if (line.starts_with("  native error: "))
            out.native.emplace_back(line.substr(2));
        else if (line.starts_with("  to be fixed "))
            out.verdict.emplace_back(line.substr(2));
        else if (!line.starts_with("  likely causes"))
            out.facts.emplace_back(line.substr(std::min<std::size_t>(2, line.size())));
    }
    return out;
}

/// The fact without how it was learnt.
std::string_view bare(std::string_view fact) {
    for (std::string_view const source : {" (told by the TLS library)", " (by our settings)", " (deduced)"})
        if (fact.ends_with(source)) fact.remove_suffix(source.size());
    return fact;
}

/// The lines of both: those they share first, each once; the others with the library they are from.
text_lines merged(text_lines const& a, text_lines const& b, std::array<failure, 2> const& failures) {
    auto const same_as = [](std::string const& line) {
        return [&line](std::string const& other) { return bare(line) == bare(other); };
    };
    text_lines out;
    for (std::string const& line : a) {
        auto const twin = std::ranges::find_if(b, same_as(line));
        if (twin != b.end()) out.emplace_back(*twin == line ? line : std::string(bare(line)));
    }
    auto const add_others = [&](text_lines const& from, text_lines const& other, failure const& whose) {
        for (std::string const& line : from)
            if (std::ranges::none_of(other, same_as(line)))
                out.push_back("with " + std::string(whose.library) + ": " + line);
    };
    add_others(a, b, failures[0]);
    add_others(b, a, failures[1]);
    return out;
}

/// The lines of both, each once, in the order they come in.
text_lines united(text_lines all, text_lines const& more) {
    for (std::string const& line : more)
        if (std::ranges::find(all, line) == all.end()) all.push_back(line);
    return all;
}

void write(std::string& out, std::string_view label, text_lines const& from) {
    for (std::string const& line : from) out.append("  ").append(label).append(line).append("\n");
}

} // namespace

std::string explain_both(std::array<failure, 2> const& failures) {
    parts const a = taken_apart(tls::explain(*failures[0].error, option_words));
    parts const b = taken_apart(tls::explain(*failures[1].error, option_words));
    std::string out = a.headline + '\n';
    if (b.headline != a.headline) write(out, "", {"with " + std::string(failures[1].library) + ": " + b.headline});
    write(out, "", merged(a.facts, b.facts, failures));
    text_lines const causes = merged(a.causes, b.causes, failures);
    if (causes.size() == 1) {
        write(out, "likely cause: ", causes);
    } else if (!causes.empty()) {
        out += "  likely causes, the likeliest first:\n";
        for (std::size_t i = 0; i != causes.size(); ++i)
            out.append("    ").append(std::to_string(i + 1)).append(". ").append(causes[i]).append("\n");
    }
    write(out, "try: ", united(a.advice, b.advice));
    write(out, "", merged(a.verdict, b.verdict, failures));
    write(out, "", united(a.native, b.native));
    return out;
}

} // namespace doctor

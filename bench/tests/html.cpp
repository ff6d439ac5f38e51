// SPDX-License-Identifier: Apache-2.0
#include "contains.hpp"
#include "report/format.hpp"
#include "report/html/markup.hpp"
#include "report/report.hpp"
#include "synthetic.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace {

/// Names of the elements in order, with "/" before end tags; what is not a tag of the expected form is "?".
std::vector<std::string> tags_of(std::string_view page) {
    std::vector<std::string> tags;
    for (auto at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
        auto const end = page.find('>', at);
        if (end == std::string_view::npos) {
            tags.emplace_back("?");
            break;
        }
        auto const inside = page.substr(at + 1, end - at - 1);
        if (inside.starts_with('!') || inside.ends_with('/')) continue;
        auto const quotes = std::ranges::count(inside, '"');
        tags.emplace_back(quotes % 2 != 0 || inside.contains('<') ? "?" : inside.substr(0, inside.find(' ')));
    }
    return tags;
}

/// Empty if every element is closed by its own end tag; else what is wrong.
std::string nesting_error(std::string_view page) {
    std::vector<std::string> open;
    for (auto const& tag : tags_of(page)) {
        if (tag == "?") return "no tag";
        if (tag == "meta" || tag == "br") continue;
        if (!tag.starts_with('/')) {
            open.push_back(tag);
        } else {
            if (open.empty() || "/" + open.back() != tag)
                return tag + " ends " + (open.empty() ? "nothing" : open.back());
            open.pop_back();
        }
    }
    return open.empty() ? "" : open.back() + " is not ended";
}

void check_harmless(std::string const& page) {
    for (auto const* word :
         {"<script", "http:", "https:", "url(", "@import", "src=", "onload", "onerror", "javascript:", "<b>\"",
          "=\"nan", "nan ", "-nan", "inf\"", "inf "}) {
        INFO(word);
        CHECK_FALSE(page.contains(word));
    }
    CHECK(nesting_error(page) == "");
    for (char const c : page)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n') FAIL("a control character");
    CHECK(page.starts_with("<!DOCTYPE html>"));
    CHECK(page.ends_with("</html>\n"));
}

} // namespace

TEST_CASE("the page is small, well-formed, and needs nothing else") {
    auto const page = bench::to_html(synthetic::run());
    check_harmless(page);
    CHECK(page.size() < 160'000);
    CHECK(page.contains("prefers-color-scheme:dark"));
    CHECK(page.contains("name=\"viewport\""));
}

TEST_CASE("text in the results is shown and not obeyed") {
    auto const page = bench::to_html(synthetic::awkward_run());
    check_harmless(page);
    CHECK(page.contains("&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;"));
    CHECK_FALSE(page.contains("</script>"));
    CHECK(page.find("<style>") == page.rfind("<style>"));
    check_harmless(bench::to_html({}));
    CHECK(
        bench::html::escaped("<a href=\"x\" b='&'>\n\xff") ==
        "&lt;a href=&quot;x&quot; b=&#39;&amp;&#39;&gt;?\xef\xbf\xbd");
}

TEST_CASE("every number that was measured is on the page") {
    auto const r = synthetic::run();
    auto const page = bench::to_html(r);
    for (auto const& m : r.measurements) {
        auto const text = bench::html::escaped(bench::html::value_text(m.metric, m.value.median));
        INFO(bench::name(m.metric) << ", " << m.contender << ", " << m.case_id << ": " << text);
        CHECK(page.contains("<td>" + text));
        if (auto const spread = bench::quartiles(m.value); !spread.empty()) CHECK(page.contains(spread));
    }
    for (auto const& q : r.ratios) CHECK(page.contains(bench::times(q.value.median)));
    for (auto const& t : r.targets) {
        CHECK(page.contains(bench::html::escaped(t.text)));
        if (t.value) CHECK(page.contains("<td>" + bench::decimal(*t.value) + "</td>"));
        CHECK(page.contains((t.at_most ? "at most " : "at least ") + bench::decimal(t.limit)));
    }
    for (auto const& c : r.cases)
        if (!c.id.starts_with("bulk-")) CHECK(page.contains(bench::html::escaped(c.title)));
    for (auto const& c : r.contenders) CHECK(page.contains(bench::html::escaped(c.build)));
    CHECK(page.contains(bench::html::escaped(r.absent[0].second)));
    CHECK(page.contains(bench::html::escaped(r.warnings[0])));
    CHECK(page.contains(r.processor));
    CHECK(page.contains(r.compiler));
    CHECK(page.contains(r.server));
}

TEST_CASE("the headline counts the targets") {
    auto r = synthetic::run();
    CHECK(bench::to_html(r).contains("3 met</span>, <span class=\"missed\">1 missed</span></b><small>1 not measured"));
    r.targets.resize(1);
    auto const page = bench::to_html(r);
    CHECK(page.contains("1 met</span></b><small>all were measured"));
    CHECK_FALSE(page.contains("class=\"missed\""));
}

TEST_CASE("a bar is as long as its value") {
    bench::results r;
    r.contenders = {{"twintls-wolfssl", "", "wolfssl", ""}, {"openssl", "", "openssl", ""}};
    r.measurements = {
        {"c", "twintls-wolfssl", bench::metric::client_cpu, {50, 50, 50, 1}},
        {"c", "openssl", bench::metric::client_cpu, {200, 200, 200, 1}}};
    auto const page = bench::to_html(r);
    CHECK(page.contains("<rect class=\"wolfssl\" y=\"17\" width=\"90\""));
    CHECK(page.contains("<rect class=\"openssl\" y=\"17\" width=\"360\""));
    CHECK(page.contains("0.25x OpenSSL"));
}

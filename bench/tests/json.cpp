// SPDX-License-Identifier: Apache-2.0
#include "contains.hpp"
#include "report/json_parser.hpp"
#include "report/report.hpp"
#include "synthetic.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

namespace {

std::string error_of(std::string_view text) {
    try {
        static_cast<void>(bench::json::parse(text));
    } catch (std::runtime_error const& e) {
        return e.what();
    }
    return {};
}

std::string reading_error(std::string const& text) {
    try {
        static_cast<void>(bench::from_json(text));
    } catch (std::runtime_error const& e) {
        return e.what();
    }
    return {};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    auto const at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

} // namespace

TEST_CASE("results survive the way through JSON") {
    for (auto const& r : {synthetic::run(), synthetic::awkward_run(), bench::results{}}) {
        auto const text = bench::to_json(r);
        auto const back = bench::from_json(text);
        CHECK(bench::to_json(back) == text);
        CHECK(back.started == r.started);
        CHECK(back.processor == r.processor);
        CHECK(back.cores == r.cores);
        CHECK(back.quick == r.quick);
        CHECK(back.contenders.size() == r.contenders.size());
        CHECK(back.absent == r.absent);
        CHECK(back.cases.size() == r.cases.size());
        CHECK(back.warnings == r.warnings);
        REQUIRE(back.measurements.size() == r.measurements.size());
        for (std::size_t i = 0; i != r.measurements.size(); ++i) {
            auto const &was = r.measurements[i], &is = back.measurements[i];
            CHECK(is.case_id == was.case_id);
            CHECK(is.contender == was.contender);
            CHECK(is.metric == was.metric);
            CHECK(
                (is.value.median == was.value.median || (std::isnan(is.value.median) && std::isnan(was.value.median))));
            CHECK(is.value.samples == was.value.samples);
        }
        REQUIRE(back.ratios.size() == r.ratios.size());
        REQUIRE(back.targets.size() == r.targets.size());
        for (std::size_t i = 0; i != r.targets.size(); ++i) {
            CHECK(back.targets[i].value == r.targets[i].value);
            CHECK(back.targets[i].met() == r.targets[i].met());
            CHECK(back.targets[i].where == r.targets[i].where);
        }
    }
}

TEST_CASE("one measurement is one line, and the same results are the same text") {
    auto const r = synthetic::run();
    auto const text = bench::to_json(r);
    CHECK(text == bench::to_json(r));
    CHECK(text.starts_with("{\n  \"schema\": \"twintls-bench/1\",\n"));
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = text.find("\n    {\"case\": ", at)) != std::string::npos; ++at) ++lines;
    CHECK(lines == r.measurements.size() + r.ratios.size());
}

TEST_CASE("every metric has a name of its own") {
    for (int i = 0; i <= static_cast<int>(bench::metric::compile_time); ++i) {
        auto const m = static_cast<bench::metric>(i);
        CHECK(bench::metric_named(bench::name(m)) == m);
    }
    CHECK_FALSE(bench::metric_named(""));
    CHECK_FALSE(bench::metric_named("client_cpu "));
}

TEST_CASE("a text cut off anywhere is an error") {
    auto const text = bench::to_json(synthetic::awkward_run());
    auto const end = text.size() - 1; // the last line break may be missing
    // Everywhere at the beginning, and often enough in the rest: everywhere would take as long as all other tests
    // together.
    for (std::size_t length = 0; length < end; length += length < 2000 ? 1 : 211)
        if (auto const error = error_of(std::string_view(text).substr(0, length)); error.empty())
            FAIL("no error at " << length);
    CHECK(error_of(text).empty());
}

TEST_CASE("a byte changed anywhere is an error or another text, and never a crash") {
    auto const text = bench::to_json(synthetic::awkward_run()).substr(0, 4000);
    constexpr std::array characters = {'\0', '"', '\\', '[', '}', '9', '\xff'};
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto changed = text;
        changed[i] = characters[i % characters.size()];
        static_cast<void>(error_of(changed));
        static_cast<void>(reading_error(changed));
    }
}

TEST_CASE("hostile JSON is refused, with the place") {
    CHECK(error_of("") == contains("line 1, column 1: the text ends here too early"));
    CHECK(error_of(std::string(100000, '[')) == contains("nested deeper than 32"));
    std::string objects;
    for (int i = 0; i != 50000; ++i) objects += "{\"\":";
    CHECK(error_of(objects) == contains("nested deeper than 32"));
    CHECK(error_of(std::string(32, '[') + std::string(32, ']')).empty());
    CHECK(error_of("{\n  \"a\": 1,\n  b\n}") == contains("line 3, column 3"));
    CHECK(error_of("[1,\n \"\xc3(\"]") == contains("line 2, column 3: not UTF-8"));
    for (auto const* bytes : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xff", "\xf0\x9f\x94"})
        CHECK_FALSE(error_of(std::string("\"") + bytes + "\"").empty());
    CHECK(error_of(std::string((16 << 20) + 1, ' ')) == contains("longer than"));
    CHECK(error_of("[1] 2") == contains("line 1, column 5: nothing may follow"));
    CHECK(error_of(std::string("[1]\0 2", 6)) == contains("line 1, column 4: nothing may follow"));
    CHECK(error_of("\"\\u12") == contains("line 1, column 6: the text ends here too early"));
    CHECK(error_of("\"\\u12g4\"") == contains("line 1, column 6: expected four hexadecimal digits"));
    for (auto const* number : {"1e999", "-1e999", "1e-9999", "1e99999999999999999999"})
        CHECK(error_of(number) == contains("too large or too small"));
    CHECK(error_of(std::string(5000, '9')) == contains("too large"));
    for (auto const* text :
         {"\"\\x\"",
          "\"\\u12g4\"",
          "\"\\u12\"",
          "\"\\ud800\"",
          "\"\\ud800\\u0041\"",
          "\"\\ud800x\"",
          "\"\\udc00\"",
          "\"\n\"",
          "\"",
          "\"\\",
          "\"\\u\x10"
          "000\"",
          "tru",
          "nul",
          "falsy",
          "01",
          "-",
          "-a",
          "1.",
          ".5",
          "1e",
          "1e+",
          "+1",
          "[1,]",
          "[,1]",
          "[1 2]",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{a:1}",
          "{1:1}",
          "'a'",
          "NaN",
          "Infinity",
          "0x10",
          "[1}",
          "//",
          "\xef\xbb\xbf{}"}) {
        INFO(text);
        CHECK_FALSE(error_of(text).empty());
    }
}

TEST_CASE("JSON is understood") {
    auto const v =
        bench::json::parse(" {\"a\\u00e9\\ud83d\\udd12\\/\\n\" : [ -1.5e2 , true,false,null, \"\", {}, [] ] } ");
    auto const* member = v.member("a\xc3\xa9\xf0\x9f\x94\x92/\n");
    REQUIRE(member != nullptr);
    auto const& elements = std::get<bench::json::array>(member->content);
    REQUIRE(elements.size() == 7);
    CHECK(std::get<double>(elements[0].content) == -150);
    CHECK(std::get<bool>(elements[1].content));
    CHECK(elements[6].line == 1);
    CHECK(elements[2].column == 47);
    CHECK(v.member("b") == nullptr);
    CHECK(elements[0].member("b") == nullptr);
    CHECK(std::get<double>(bench::json::parse("-0").content) == 0);
    auto const twice = bench::json::parse("{\"a\": 1, \"a\": 2}");
    CHECK(std::get<double>(twice.member("a")->content) == 1);
    auto const edges = bench::json::parse(R"("\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff")");
    CHECK(
        std::get<std::string>(edges.content) ==
        "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST_CASE("what is missing or wrong is named; what is unknown is ignored") {
    auto const text = bench::to_json(synthetic::run());
    CHECK(reading_error("[]") == contains("the text must be an object"));
    CHECK(reading_error("{}") == contains("schema is missing"));
    CHECK(
        reading_error(replaced(text, "twintls-bench/1", "twintls-bench/2")) ==
        contains("schema is \"twintls-bench/2\""));
    CHECK(reading_error(replaced(text, "\"compiler\"", "\"kompiler\"")) == contains("compiler is missing"));
    CHECK(reading_error(replaced(text, "\"median\"", "\"mean\"")) == contains("measurements[0].median is missing"));
    CHECK(reading_error(replaced(text, "\"samples\": 200", "\"samples\": 1.5")) == contains("must be a whole number"));
    CHECK(reading_error(replaced(text, "\"samples\": 200", "\"samples\": -1")) == contains("must be a whole number"));
    CHECK(
        reading_error(replaced(text, "\"samples\": 200", "\"samples\": 1e300")) == contains("must be a whole number"));
    CHECK(reading_error(replaced(text, "\"samples\": 200", "\"samples\": \"1\"")) == contains("must be a number"));
    CHECK(
        reading_error(replaced(text, "\"metric\": \"client_cpu\"", "\"metric\": \"beauty\"")) ==
        contains("measurements[0].metric is not known: \"beauty\""));
    CHECK(reading_error(replaced(text, "\"quick\": false", "\"quick\": 0")) == contains("quick must be true or false"));
    CHECK(
        reading_error(replaced(text, "\"cores\": 2", "\"cores\": 99999999")) ==
        contains("cores must be a whole number"));
    CHECK(reading_error(replaced(text, "\"quick\": false", "\"quick\": false, \"mood\": {\"a\": [1]}")).empty());
    CHECK(reading_error(replaced(text, "\"median\"", "\"mean\": 1, \"median\"")).empty());
}

// SPDX-License-Identifier: Apache-2.0
#include "contains.hpp"
#include "report/format.hpp"
#include "report/report.hpp"
#include "report/utf8.hpp"
#include "synthetic.hpp"

#include <limits>
#include <sstream>

#include <doctest/doctest.h>

namespace {

void check_fits(std::string const& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(bench::width(line) <= 100);
        CHECK_FALSE(line.ends_with(' '));
        for (char const c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    }
}

std::string table_of(bench::results const& r) {
    std::ostringstream text;
    bench::print_table(text, r);
    return text.str();
}

} // namespace

TEST_CASE("the table fits a terminal of 100 columns, whatever is in it") {
    check_fits(table_of(synthetic::run()));
    check_fits(table_of(synthetic::awkward_run()));
    check_fits(table_of({}));
    std::ostringstream comparison;
    bench::print_comparison(comparison, synthetic::run(), synthetic::awkward_run());
    check_fits(comparison.str());
}

TEST_CASE("the table says who, how much, and compared with whom") {
    auto const r = synthetic::run();
    auto const text = table_of(r);
    for (auto const& c : r.contenders) CHECK(text == contains(c.title));
    for (auto const& c : r.cases)
        if (!c.id.starts_with("bulk-")) CHECK(text == contains(c.id));
    CHECK(text == contains("absent: gnutls: synthetic: nobody looked for it"));
    CHECK(text == contains("WARNING: these numbers are synthetic"));
    CHECK(text == contains("OpenSSL"));
    CHECK(text == contains("MISSED"));
    CHECK(text == contains("not measured"));
    CHECK(text == contains("0.985, at least 0.99 (AES-128-GCM, writes of 16384"));
}

TEST_CASE("without OpenSSL, the others are compared with the best") {
    auto r = synthetic::run();
    std::erase_if(r.measurements, [](auto const& m) { return m.contender == "openssl"; });
    std::erase_if(r.contenders, [](auto const& c) { return c.id == "openssl"; });
    CHECK(table_of(r) == contains("wolfSSL 0.0.0"));
}

TEST_CASE("numbers are short and say what they are") {
    using namespace bench;
    CHECK(short_number(3224) == "3224");
    CHECK(short_number(99.96) == "100");
    CHECK(short_number(9.996) == "10.0");
    CHECK(short_number(0.01234) == "0.0123");
    CHECK(short_number(0) == "0");
    CHECK(count(7700) == "7700");
    CHECK(count(2912345) == "2.91 M");
    CHECK(bytes(851) == "851");
    CHECK(bytes(14541) == "14.2 K");
    CHECK(times(1.0042) == "1.004x");
    CHECK(times(0.3123) == "0.31x");
    CHECK(times(12.84) == "12.8x");
    CHECK(decimal(1.005) == "1.005");
    CHECK(decimal(65536) == "65536");
    CHECK(decimal(0) == "0");
    CHECK(with_unit(metric::client_cpu, 239.4) == "239 us");
    CHECK(with_unit(metric::peak_heap, 851) == "851 B");
    CHECK(with_unit(metric::peak_heap, 14541) == "14.2 KiB");
    CHECK(with_unit(metric::floor, std::numeric_limits<double>::quiet_NaN()) == "-");
    CHECK(quartiles({239, 236, 244, 9}) == "236-244");
    CHECK(quartiles({239, 239, 239, 9}).empty());
}

TEST_CASE("text is broken at spaces, and anywhere if it must be") {
    CHECK(bench::wrapped("aaa bbb ccc", 7, 2) == "aaa bbb\n  ccc");
    CHECK(bench::wrapped("aaaaaaaaaa", 4, 1) == "aaaa\n aaa\n aaa");
    CHECK(bench::wrapped("", 4, 1).empty());
    CHECK(bench::wrapped("a\x1b[2Jb", 80, 0) == "a?[2Jb");
}

TEST_CASE("a text is cut between characters, and not one too late") {
    CHECK(bench::first_characters("h\xc3\xa9llo", 2) == "h\xc3\xa9");
    CHECK(bench::first_characters("h\xc3\xa9", 2) == "h\xc3\xa9");
    CHECK(bench::first_characters("h\xc3\xa9", 0).empty());
    CHECK(bench::first_characters("", 3).empty());
}

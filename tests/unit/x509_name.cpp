// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/x509/name.hpp>
#include <tls/x509/name_comparison.hpp>
#include <tls/x509/short_name.hpp>

#include <array>
#include <string>

namespace unit::x509_name_cases {
namespace {

using fake::bytes;
using fake::name;
using fake::of;
using fake::sequence;
using fake::tlv;
using tls::x509::compare_names;
using tls::x509::compare_subtree;
using tls::x509::comparison;
using tls::x509::to_text;

std::string cn_text(std::string_view value, std::uint8_t tag = 0x0c) {
    return to_text(name({{"CN", std::string(value)}}, tag));
}

} // namespace

TEST_CASE("name: the most specific part comes first") {
    CHECK(to_text(name({{"O", "Example"}, {"CN", "device 1"}})) == "CN=device 1,O=Example");
    CHECK(to_text(name({{"C", "NZ"}, {"emailAddress", "a@b.example"}})) == "emailAddress=a@b.example,C=NZ");
    CHECK(to_text(name({})).empty());
}

TEST_CASE("name: if it is too long for an error, the beginning is kept, which is the most specific part") {
    auto const shortened = [](std::size_t length) {
        auto const text = tls::x509::short_name(name({{"O", std::string(length - 5, 'o')}, {"CN", "x"}}));
        return std::string(text.view());
    };
    auto const whole = [](std::size_t length) { return "CN=x,O=" + std::string(length - 5, 'o'); };
    CHECK(shortened(61) == whole(61)); // 63 bytes
    CHECK(shortened(62) == whole(62).substr(0, 60) + "...");
    CHECK(shortened(200) == whole(200).substr(0, 60) + "...");
    CHECK(tls::x509::short_name(name({})).empty());
}

TEST_CASE("name: special characters are escaped, and nothing can write to a terminal") {
    CHECK(cn_text("a,b+c\"d\\e<f>g;h") == "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h");
    CHECK(cn_text(" a ") == "CN=\\ a\\ ");
    CHECK(cn_text(" ") == "CN=\\ ");
    CHECK(cn_text("a b") == "CN=a b");
    CHECK(cn_text("#1#") == "CN=\\#1#");
    CHECK(cn_text(std::string_view("a\0b", 3)) == "CN=a\\00b");
    CHECK(cn_text("a\x1b[2Jb\n") == "CN=a\\1b[2Jb\\0a");
    CHECK(cn_text("\x7f") == "CN=\\7f");
    CHECK(cn_text("M\xc3\xbcller") == "CN=M\xc3\xbcller");
    CHECK(cn_text("\xe2\x82\xac\xf0\x9f\x98\x80") == "CN=\xe2\x82\xac\xf0\x9f\x98\x80");
    CHECK(cn_text("\xc2\x9b") == "CN=\\c2\\9b");                 // a terminal's control sequence introducer
    CHECK(cn_text("a\xe2\x80\xae") == "CN=a\\e2\\80\\ae");       // right-to-left override
    CHECK(cn_text("\xc0\x80") == "CN=\\c0\\80");                 // overlong
    CHECK(cn_text("\xed\xa0\x80") == "CN=\\ed\\a0\\80");         // surrogate
    CHECK(cn_text("\xf4\x90\x80\x80") == "CN=\\f4\\90\\80\\80"); // above U+10FFFF
    CHECK(cn_text("\xff\xe2\x82") == "CN=\\ff\\e2\\82");
    CHECK(cn_text("caf\xe9", 0x14) == "CN=caf\\e9");
    CHECK(cn_text(std::string_view("\0A\x20\xac\xd8\0", 6), 0x1e) == "CN=A\xe2\x82\xac\\d8\\00");
}

TEST_CASE("name: unknown types and values appear as numbers") {
    bytes const odd = tlv(0x30, tlv(0x31, sequence({fake::oid(of({0x2a, 0x03, 0x81, 0x00})), tlv(0x0c, "x")})));
    CHECK(to_text(odd) == "1.2.3.128=x");
    bytes const high = tlv(0x30, tlv(0x31, sequence({fake::oid(of({0x88, 0x37})), tlv(0x0c, "x")})));
    CHECK(to_text(high) == "2.999=x");
    bytes const number = tlv(0x30, tlv(0x31, sequence({fake::oid(of({0x55, 4, 3})), of({2, 1, 5})})));
    CHECK(to_text(number) == "CN=#020105");
    bytes const two =
        tlv(0x30, tlv(0x31, fake::join(
                                {sequence({fake::oid(of({0x55, 4, 3})), tlv(0x0c, "x")}),
                                 sequence({fake::oid(of({0x55, 4, 10})), tlv(0x0c, "y")})})));
    CHECK(to_text(two) == "CN=x+O=y");
}

TEST_CASE("name: writes what fits and says how long the whole is") {
    bytes const n = name({{"O", "Example"}, {"CN", "device 1"}});
    std::array<char, 6> out{'.', '.', '.', '.', '.', '.'};
    CHECK(tls::x509::format_name(n, std::span(out).first(5)) == 21);
    CHECK(std::string(out.data(), out.size()) == "CN=de.");
    CHECK(tls::x509::format_name({}, out) == 0);
    CHECK(tls::x509::format_name(of({0x30, 5, 1}), out) == 0);
}

TEST_CASE("name: comparison ignores case, spaces and the kind of string") {
    auto const cn = [](std::string_view value, std::uint8_t tag = 0x0c) {
        return name({{"CN", std::string(value)}}, tag);
    };
    CHECK(compare_names(cn("Example"), cn("Example")) == comparison::equal);
    CHECK(compare_names(cn("Example"), cn("eXAMPLE", 0x13)) == comparison::equal);
    CHECK(compare_names(cn("a  b"), cn(" a b ")) == comparison::equal);
    CHECK(compare_names(cn("ab"), cn("a b")) == comparison::different);
    CHECK(compare_names(cn("a"), cn("b")) == comparison::different);
    CHECK(compare_names(cn("a"), name({{"O", "a"}})) == comparison::different);
    CHECK(compare_names(cn("\xc3\xa9"), cn("\xc3\xa9")) == comparison::equal);
    CHECK(compare_names(cn("\xc3\xa9"), cn("\xc3\x89")) == comparison::unknown);
    CHECK(compare_names(cn("a"), cn("a", 0x14)) == comparison::unknown);
    CHECK(compare_names(cn("a"), of({0x30, 1})) == comparison::unknown);

    bytes const common = sequence({fake::oid(of({0x55, 4, 3})), tlv(0x0c, "a")});
    bytes const organisation = sequence({fake::oid(of({0x55, 4, 10})), tlv(0x0c, "b")});
    bytes const both = tlv(0x30, tlv(0x31, fake::join({common, organisation})));
    CHECK(compare_names(both, both) == comparison::equal);
    CHECK(compare_names(both, cn("a")) == comparison::unknown);
    CHECK(compare_names(cn("a"), both) == comparison::unknown);
}

TEST_CASE("name: fingerprints agree with the comparison") {
    using tls::x509::name_fingerprint;
    auto const of_cn = [](std::string_view value, std::uint8_t tag = 0x0c) {
        return name_fingerprint(name({{"CN", std::string(value)}}, tag));
    };
    REQUIRE(of_cn("Example"));
    CHECK(of_cn("Example") == of_cn(" eXAMPLE", 0x13));
    CHECK(of_cn("Example") != of_cn("Examples"));
    CHECK(of_cn("Example") != name_fingerprint(name({{"O", "Example"}})));
    CHECK(of_cn("a") != name_fingerprint(name({{"CN", "a"}, {"CN", ""}})));
    CHECK(name_fingerprint(name({})));
    CHECK_FALSE(of_cn("\xc3\xa9"));
    CHECK_FALSE(of_cn("a", 0x14));
    CHECK_FALSE(name_fingerprint(of({0x30, 1})));
    bytes const part = sequence({fake::oid(of({0x55, 4, 3})), tlv(0x0c, "x")});
    CHECK(name_fingerprint(tlv(0x30, tlv(0x31, part))));
    CHECK_FALSE(name_fingerprint(tlv(0x30, tlv(0x31, fake::join({part, part})))));
}

TEST_CASE("name: a subtree holds what begins like its base") {
    bytes const base = name({{"C", "NZ"}, {"O", "Example"}});
    CHECK(compare_subtree(base, base) == comparison::equal);
    CHECK(compare_subtree(name({{"C", "nz"}, {"O", "Example"}, {"CN", "x"}}), base) == comparison::equal);
    CHECK(compare_subtree(name({{"C", "NZ"}}), base) == comparison::different);
    CHECK(compare_subtree(name({{"C", "NZ"}, {"O", "Other"}, {"CN", "x"}}), base) == comparison::different);
    CHECK(compare_subtree(base, name({})) == comparison::equal);
    CHECK(compare_names(base, name({{"C", "NZ"}})) == comparison::different);
    CHECK(compare_names(name({{"C", "NZ"}}), base) == comparison::different);
}

} // namespace unit::x509_name_cases

// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "fake_certificate.hpp"
#include <tls/x509/der.hpp>
#include <tls/x509/oid.hpp>
#include <tls/x509/time.hpp>

namespace unit::x509_der_cases {
namespace {

using fake::bytes;
using fake::of;
using fake::tlv;
namespace der = tls::x509::der;

std::optional<std::int64_t> utc(std::string_view text) {
    bytes const encoded = tlv(0x17, text);
    return tls::x509::to_unix_time(*der::only(encoded, 0x17));
}
std::optional<std::int64_t> generalized(std::string_view text) {
    bytes const encoded = tlv(0x18, text);
    return tls::x509::to_unix_time(*der::only(encoded, 0x18));
}

bool reads(bytes const& input) { return der::reader(input).next().has_value(); }

} // namespace

TEST_CASE("der: lengths are definite, minimal and within the input") {
    CHECK(reads(of({4, 0})));
    CHECK(reads(of({4, 1, 9})));
    CHECK_FALSE(reads(of({})));
    CHECK_FALSE(reads(of({4})));
    CHECK_FALSE(reads(of({4, 1})));
    CHECK_FALSE(reads(of({4, 0x80, 0, 0})));
    CHECK_FALSE(reads(of({4, 0x81, 1, 9})));
    CHECK_FALSE(reads(of({4, 0x81})));
    CHECK_FALSE(reads(of({4, 0x85, 0, 0, 0, 0, 0})));
    CHECK_FALSE(reads(of({4, 0x84, 0xff, 0xff, 0xff, 0xff, 0})));
    CHECK_FALSE(reads(of({4, 0xff})));
    CHECK_FALSE(reads(of({0x1f, 1, 0})));

    CHECK(reads(tlv(4, bytes(127))));
    CHECK(reads(tlv(4, bytes(128))));
    CHECK(reads(tlv(4, bytes(255))));
    CHECK(reads(tlv(4, bytes(256))));
    CHECK(reads(tlv(4, bytes(65535))));
    CHECK(reads(tlv(4, bytes(65536))));

    bytes padded = of({4, 0x82, 0x00, 0xff});
    padded.resize(4 + 255);
    CHECK_FALSE(reads(padded));
    bytes short_form_needed = of({4, 0x81, 0x7f});
    short_form_needed.resize(3 + 127);
    CHECK_FALSE(reads(short_form_needed));
}

TEST_CASE("der: a reader takes one value after the other and stays where it fails") {
    bytes const input = of({2, 1, 5, 4, 2, 7, 8, 9});
    der::reader r(input);
    CHECK(r.next_is(2));
    CHECK_FALSE(r.next(4));
    auto const first = r.next(2);
    REQUIRE(first);
    CHECK(first->content.size() == 1);
    CHECK(first->whole.size() == 3);
    auto const second = r.next();
    REQUIRE(second);
    CHECK(second->tag == 4);
    CHECK(der::equal(second->content, of({7, 8})));
    CHECK_FALSE(r.next());
    CHECK_FALSE(r.at_end());
}

TEST_CASE("der: a cursor steps into values and out of them") {
    bytes const input = fake::sequence({of({2, 1, 5}), fake::sequence({of({1, 1, 0xff})}), of({4, 2, 7, 8})});
    der::cursor c(input);
    auto const outer = c.enter(0x30);
    CHECK(c.next_is(2));
    CHECK(der::equal(c.at(c.take(2)), of({5})));
    auto const before = c.position();
    auto const inner = c.enter(0x30);
    CHECK(c.next_tag() == 1);
    c.to_end();
    CHECK(c.at_end());
    CHECK(c.next_tag() == 0);
    c.leave(inner);
    CHECK(der::equal(c.at(c.since(before)), fake::sequence({of({1, 1, 0xff})})));
    CHECK(der::equal(c.at(c.take_whole(4)), of({4, 2, 7, 8})));
    CHECK(c.at_end());
    c.leave(outer);
    CHECK(c.at_end());
    CHECK_FALSE(c.failed());
}

TEST_CASE("der: a cursor that failed has nothing more to give") {
    bytes const input = fake::sequence({fake::sequence({of({2, 1, 5}), of({2, 1, 6})}), of({4, 1, 7})});
    auto const fails = [&](auto const& step) {
        der::cursor c(input);
        auto const outer = c.enter(0x30);
        auto const inner = c.enter(0x30);
        step(c, inner);
        CHECK(c.failed());
        CHECK(c.at_end());
        CHECK(c.at(c.take_any()).empty());
        CHECK(c.at(c.take(2)).empty());
        CHECK(c.at(c.take_whole(0x30)).empty());
        CHECK(c.at(c.since(0)).empty());
        auto const again = c.enter(0x30);
        CHECK(c.at_end());
        c.leave(again);
        c.leave(inner);
        c.leave(outer);
        CHECK(c.failed());
        CHECK(c.at_end());
    };
    fails([](der::cursor& c, std::uint32_t) { static_cast<void>(c.take(4)); });
    fails([](der::cursor& c, std::uint32_t) { static_cast<void>(c.take_whole(4)); });
    fails([](der::cursor& c, std::uint32_t) { static_cast<void>(c.enter(0x30)); });
    fails([](der::cursor& c, std::uint32_t inner) { c.leave(inner); }); // something is left
    fails([](der::cursor& c, std::uint32_t) {
        c.to_end();
        static_cast<void>(c.take_any());
    });
    fails([](der::cursor& c, std::uint32_t) { c.fail(); });
}

TEST_CASE("der: a cursor stays inside the value it stepped into") {
    bytes const input = of({0x30, 2, 4, 3, 1, 2, 3}); // the inner length reaches beyond the outer value
    der::cursor c(input);
    static_cast<void>(c.enter(0x30));
    CHECK(c.at(c.take(4)).empty());
    CHECK(c.failed());
}

TEST_CASE("der: 'only' refuses what follows") {
    CHECK(der::only(of({4, 1, 9}), 4));
    CHECK_FALSE(der::only(of({4, 1, 9, 0}), 4));
    CHECK_FALSE(der::only(of({4, 1, 9}), 2));
    CHECK_FALSE(der::only({}, 4));
}

TEST_CASE("der: booleans, integers and bit strings have one encoding") {
    CHECK(der::boolean(of({0})) == false);
    CHECK(der::boolean(of({0xff})) == true);
    CHECK_FALSE(der::boolean(of({1})));
    CHECK_FALSE(der::boolean(of({})));
    CHECK_FALSE(der::boolean(of({0xff, 0xff})));

    CHECK(der::small_unsigned(of({0})) == 0U);
    CHECK(der::small_unsigned(of({0x7f})) == 127U);
    CHECK(der::small_unsigned(of({0, 0x80})) == 128U);
    CHECK(der::small_unsigned(of({0, 0xff, 0xff, 0xff, 0xff})) == 0xffffffffU);
    CHECK_FALSE(der::small_unsigned(of({1, 0, 0, 0, 0})));
    CHECK_FALSE(der::small_unsigned(of({0x80})));
    CHECK_FALSE(der::small_unsigned(of({0, 0x7f})));
    CHECK_FALSE(der::small_unsigned(of({0xff, 0x80})));
    CHECK_FALSE(der::small_unsigned(of({})));

    CHECK(der::bit_length(of({1})) == 1U);
    CHECK(der::bit_length(of({0, 0x80})) == 8U);
    CHECK(der::bit_length(of({1, 0})) == 9U);
    CHECK_FALSE(der::bit_length(of({0})));
    CHECK_FALSE(der::bit_length(of({0x80})));

    CHECK(der::equal(*der::magnitude(of({0, 0x80})), of({0x80})));
    CHECK(der::equal(*der::magnitude(of({1, 0})), of({1, 0})));
    CHECK_FALSE(der::magnitude(of({0})));
    CHECK_FALSE(der::magnitude(of({0, 1})));
    CHECK_FALSE(der::magnitude(of({0x80})));
    CHECK_FALSE(der::magnitude(of({})));
    CHECK(der::bits_of(of({0x80, 0})) == 16);
    CHECK(der::bits_of(of({})) == 0);

    CHECK(der::whole_octets(of({0, 1, 2}))->size() == 2);
    CHECK_FALSE(der::whole_octets(of({1, 2})));
    CHECK_FALSE(der::whole_octets(of({})));
}

TEST_CASE("oid: numbers become the octets of X.690") {
    CHECK(der::equal(tls::x509::oid<2, 5, 29, 19>, of({0x55, 0x1d, 0x13})));
    CHECK(der::equal(
        tls::x509::oid<1, 2, 840, 113549, 1, 1, 11>, of({0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b})));
    CHECK(der::equal(tls::x509::oid<1, 3, 101, 112>, of({0x2b, 0x65, 0x70})));
}

TEST_CASE("time: dates become seconds since 1970") {
    CHECK(utc("700101000000Z") == 0);
    CHECK(utc("700101000001Z") == 1);
    CHECK(utc("691231235959Z") == -1);
    CHECK(utc("500101000000Z") == -631152000);
    CHECK(utc("491231235959Z") == 2524607999);
    CHECK(utc("000229120000Z") == 951825600);
    CHECK(utc("240229000000Z") == 1709164800);
    CHECK(generalized("20500101000000Z") == 2524608000);
    CHECK(generalized("20380119031408Z") == 2147483648);
    CHECK(generalized("99991231235959Z") == 253402300799);
    CHECK(generalized("00000101000000Z") == -62167219200);
    CHECK(generalized("00000301000000Z") == -62162035200);
    CHECK(generalized("19000301000000Z") == -2203891200);
}

TEST_CASE("time: anything but YYMMDDHHMMSSZ is refused") {
    std::string_view const bad[] = {
        "",
        "Z",
        "7001010000Z",
        "700101000000",
        "700101000000+0000",
        "7001010000000Z",
        "700101000000z",
        "701301000000Z",
        "700001000000Z",
        "700100000000Z",
        "700132000000Z",
        "230229000000Z",
        "210431000000Z",
        "700101240000Z",
        "700101006000Z",
        "700101000060Z",
        "70010100000 Z",
        "70-101000000Z",
        "19700101000000Z",
    };
    for (auto const text : bad) {
        CAPTURE(text);
        CHECK_FALSE(utc(text));
    }
    CHECK_FALSE(generalized("19000229000000Z"));
    CHECK_FALSE(generalized("20200101000000.5Z"));
    CHECK_FALSE(generalized("200101000000Z"));
    bytes const octets = tlv(4, "700101000000Z");
    CHECK_FALSE(tls::x509::to_unix_time(*der::only(octets, 4)));
}

} // namespace unit::x509_der_cases

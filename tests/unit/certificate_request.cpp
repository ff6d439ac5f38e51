// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include <tls/record/certificate_request.hpp>

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace unit::certificate_request_cases {
namespace {

using testbed::append;
using testbed::byte_view;
using testbed::bytes;
using testbed::octets;
using testbed::pattern;
using tls::accepted_credentials;
using tls::signature_scheme;
using reader = tls::detail::certificate_request_reader;
using version = tls::protocol_version;

bytes with_length(unsigned octet_count, byte_view body) {
    bytes out;
    while (octet_count-- != 0) out.push_back(static_cast<std::byte>(body.size() >> (8 * octet_count)));
    append(out, body);
    return out;
}

bytes joined(std::initializer_list<bytes> parts) {
    bytes out;
    for (bytes const& part : parts) append(out, part);
    return out;
}

bytes der(unsigned tag, byte_view content) { return joined({octets({tag}), with_length(1, content)}); }

/// A Name with one common name, at most about 100 bytes.
bytes name(std::string_view text) {
    return der(0x30, der(0x31, der(0x30, joined({octets({6, 3, 0x55, 4, 3}), der(0x0c, testbed::to_bytes(text))}))));
}

bytes names(std::vector<bytes> const& all) {
    bytes list;
    for (bytes const& one : all) append(list, with_length(2, one));
    return with_length(2, list);
}

bytes schemes(std::vector<unsigned> const& all) {
    bytes list;
    for (unsigned const one : all) append(list, octets({one >> 8, one & 0xff}));
    return with_length(2, list);
}

bytes extension(unsigned type, byte_view value) { return joined({octets({0, type}), with_length(2, value)}); }

bytes request12(bytes const& schemes, bytes const& authorities) {
    return joined({octets({2, 1, 64}), schemes, authorities});
}
bytes request13(std::initializer_list<bytes> extensions) {
    return joined({octets({0}), with_length(2, joined(extensions))});
}

std::optional<accepted_credentials>
read(version v, byte_view body, std::vector<byte_view> const& ours = {}, std::size_t at_a_time = SIZE_MAX) {
    reader r;
    tls::detail::issuer_names const of_one(ours);
    r.begin(v, {&of_one, 1});
    while (!body.empty()) {
        std::size_t const n = std::min(at_a_time, body.size());
        r.feed(body.first(n));
        body = body.subspan(n);
    }
    if (auto const* const found = r.result()) return *found;
    return std::nullopt;
}

bytes const two_schemes = schemes({0x0403, 0x0804});
bytes const three_names = names({name("root one"), name("root two"), name("root three")});
bytes const good12 = request12(two_schemes, three_names);
bytes const good13 =
    request13({extension(5, pattern(4)), extension(13, two_schemes), extension(47, three_names), extension(99, {})});

} // namespace

TEST_CASE("certificate request: schemes and authorities are read, in both versions and any pieces") {
    for (version const v : {version::tls_1_2, version::tls_1_3}) {
        bytes const& body = v == version::tls_1_2 ? good12 : good13;
        auto const whole = read(v, body);
        REQUIRE(whole);
        CHECK(whole->scheme_count == 2);
        CHECK(whole->schemes[0] == signature_scheme::ecdsa_secp256r1_sha256);
        CHECK(whole->schemes[1] == signature_scheme::rsa_pss_rsae_sha256);
        CHECK(whole->issuer_count == 3);
        CHECK(whole->first_issuer.view() == "CN=root one");
        CHECK_FALSE(whole->names_our_issuer);
        for (std::size_t size = 1; size < body.size(); ++size) CHECK(read(v, body, {}, size) == whole);
    }
}

TEST_CASE("certificate request: a message cut short or too long has no result") {
    for (version const v : {version::tls_1_2, version::tls_1_3}) {
        bytes const& body = v == version::tls_1_2 ? good12 : good13;
        for (std::size_t size = 0; size < body.size(); ++size) {
            CAPTURE(size);
            CHECK_FALSE(read(v, byte_view(body).first(size)));
            CHECK_FALSE(read(v, byte_view(body).first(size), {}, 1));
        }
        CHECK_FALSE(read(v, joined({body, octets({0})})));
        CHECK_FALSE(read(v == version::tls_1_2 ? version::tls_1_3 : version::tls_1_2, body));
    }
    CHECK_FALSE(read(static_cast<version>(0x0302), good12));
    CHECK(reader().result() == nullptr);
}

TEST_CASE("certificate request: one of our issuers is found byte for byte, wherever it stands") {
    bytes const two = name("root two");
    bytes const three = name("root three");
    bytes const other_case = name("Root two");
    bytes const beginning(two.begin(), two.end() - 1);
    bytes const foreign = name("root six");
    for (version const v : {version::tls_1_2, version::tls_1_3}) {
        bytes const& body = v == version::tls_1_2 ? good12 : good13;
        for (std::size_t const size : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
            auto const named = [&](std::vector<byte_view> const& ours) {
                return read(v, body, ours, size)->names_our_issuer;
            };
            CHECK(named({two}));
            CHECK(named({foreign, three}));
            CHECK(named({three, two, foreign}));
            CHECK_FALSE(named({foreign}));
            CHECK_FALSE(named({other_case}));
            CHECK_FALSE(named({beginning}));
            CHECK_FALSE(named({byte_view{}}));
            CHECK(named({foreign, foreign, foreign, foreign, foreign, foreign, foreign, two}));
            CHECK_FALSE(named({foreign, foreign, foreign, foreign, foreign, foreign, foreign, foreign, two}));
        }
    }
}

TEST_CASE("certificate request: which of several identities has an issuer among them is a bit each") {
    bytes const two = name("root two");
    bytes const three = name("root three");
    bytes const foreign = name("root six");
    std::vector<byte_view> const of_two{two};
    std::vector<byte_view> const of_none{foreign, foreign};
    std::vector<byte_view> const late{foreign, foreign, foreign, foreign, foreign, foreign, foreign, three};
    std::vector<byte_view> const too_late{foreign, foreign, foreign, foreign, foreign,
                                          foreign, foreign, foreign, three};
    using names_of = tls::detail::issuer_names;
    names_of const all[] = {names_of(of_none),  names_of(of_two),  names_of(late),
                            names_of(too_late), names_of(of_none), names_of(),
                            names_of(of_none),  names_of(of_two),  names_of(of_two)};
    for (version const v : {version::tls_1_2, version::tls_1_3})
        for (std::size_t const size : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
            byte_view body = v == version::tls_1_2 ? good12 : good13;
            reader r;
            r.begin(v, all);
            while (!body.empty()) {
                std::size_t const n = std::min(size, body.size());
                r.feed(body.first(n));
                body = body.subspan(n);
            }
            REQUIRE(r.result() != nullptr);
            CHECK(r.identities_named() == 0b1000'0110);
            CHECK(r.result()->names_our_issuer);
            r.begin(v, std::span(all).first(1));
            r.feed(v == version::tls_1_2 ? good12 : good13);
            CHECK(r.identities_named() == 0);
        }
}

TEST_CASE("certificate request: kinds of keys, and all known schemes however long the list") {
    std::vector<unsigned> long_list;
    for (unsigned i = 0; i != 60; ++i) long_list.push_back(0x0a00 + i);
    long_list.push_back(0x0806);
    for (auto const& [types, expected] :
         {std::pair(octets({1, 1}), accepted_credentials::wants_rsa),
          std::pair(octets({1, 64}), accepted_credentials::wants_ecdsa),
          std::pair(octets({3, 9, 64, 1}), std::uint8_t{3}), std::pair(octets({2, 2, 65}), std::uint8_t{0})}) {
        auto const found = read(version::tls_1_2, joined({types, schemes(long_list), octets({0, 0})}));
        REQUIRE(found);
        CHECK(found->key_types == expected);
        CHECK(found->scheme_count == 61);
        CHECK(found->known == tls::scheme_set{signature_scheme::rsa_pss_rsae_sha512});
    }
    auto const tls_1_3 = read(version::tls_1_3, good13);
    CHECK(tls_1_3->key_types == 0);
    CHECK(tls_1_3->known.has(signature_scheme::ecdsa_secp256r1_sha256));
}

TEST_CASE("certificate request: long lists are counted, and the first entries kept") {
    std::vector<unsigned> many;
    for (unsigned i = 0; i < 300; ++i) many.push_back(0x0403 + i);
    auto const accepted = read(version::tls_1_2, request12(schemes(many), names({})));
    REQUIRE(accepted);
    CHECK(accepted->scheme_count == 255);
    CHECK(accepted->schemes[11] == static_cast<signature_scheme>(0x0403 + 11));
    CHECK(accepted->issuer_count == 0);
    CHECK(accepted->first_issuer.empty());

    std::vector<bytes> const tiny(21845, octets({0x30}));
    auto const crowded = read(version::tls_1_2, request12(two_schemes, names(tiny)), {}, 1000);
    REQUIRE(crowded);
    CHECK(crowded->issuer_count == 21845);
}

TEST_CASE("certificate request: of a long name the beginning is shown, a huge one is not") {
    auto const first = [](bytes const& one) {
        return std::string(read(version::tls_1_2, request12(two_schemes, names({one})))->first_issuer.view());
    };
    std::string const text(80, 'x');
    CHECK(first(name(text)) == "CN=" + text.substr(0, 57) + "...");
    CHECK(first(name(text.substr(0, 60))) == "CN=" + text.substr(0, 60));
    CHECK(first(pattern(256)).empty());
    CHECK(first(pattern(257)).empty());
    CHECK(first(pattern(60000)).empty());
    CHECK(first(name("\x1b[31m")).find('\x1b') == std::string::npos);
}

TEST_CASE("certificate request: lengths that lie have no result") {
    auto const bad12 = [](bytes const& body) { return !read(version::tls_1_2, body); };
    CHECK(bad12(joined({octets({0}), two_schemes, three_names})));
    CHECK(bad12(request12(schemes({}), three_names)));
    CHECK(bad12(request12(octets({0, 3, 4, 3, 8}), three_names)));
    CHECK(bad12(request12(two_schemes, octets({0, 1, 9}))));
    CHECK(bad12(request12(two_schemes, octets({0, 2, 0, 0}))));
    CHECK(bad12(request12(two_schemes, octets({0, 3, 0, 2, 9}))));
    CHECK(bad12(request12(two_schemes, octets({0, 5, 0, 1, 9, 0, 1}))));

    auto const bad13 = [](bytes const& body) { return !read(version::tls_1_3, body); };
    bytes const algorithms = extension(13, two_schemes);
    CHECK_FALSE(bad13(request13({algorithms})));
    CHECK_FALSE(bad13(joined({octets({2, 7, 7}), with_length(2, algorithms)})));
    CHECK(bad13(request13({})));
    CHECK(bad13(request13({extension(47, three_names)})));
    CHECK(bad13(request13({algorithms, algorithms})));
    CHECK(bad13(request13({algorithms, extension(47, three_names), extension(47, three_names)})));
    CHECK(bad13(request13({algorithms, extension(47, names({}))})));
    CHECK(bad13(request13({extension(13, joined({two_schemes, octets({0})}))})));
    CHECK(bad13(request13({extension(13, octets({0, 4, 4, 3}))})));
    CHECK(bad13(request13({algorithms, octets({0, 9, 0})})));
    CHECK(bad13(request13({algorithms, octets({0, 9, 0, 1})})));
}

TEST_CASE("certificate request: a reader can be used again") {
    reader r;
    r.begin(version::tls_1_3, {});
    r.feed(octets({9, 9, 9}));
    r.begin(version::tls_1_2, {});
    r.feed(good12);
    REQUIRE(r.result() != nullptr);
    CHECK(r.result()->issuer_count == 3);
    r.begin(version::tls_1_2, {});
    CHECK(r.result() == nullptr);
    r.feed(request12(two_schemes, names({})));
    REQUIRE(r.result() != nullptr);
    CHECK(r.result()->issuer_count == 0);
    CHECK(r.result()->first_issuer.empty());
}

} // namespace unit::certificate_request_cases

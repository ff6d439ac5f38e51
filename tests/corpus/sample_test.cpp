// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "corpus/comparison.hpp"
#include "testbed/certificate_parts.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/process.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The program with a corpus of its own: a few cases, written as limbo.json is.
namespace corpus {
namespace {

using testbed::certificate;
using testbed::issuer;
using testbed::octets;

constexpr tls::protocol_version versions[] = {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3};

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
    return out + "\"";
}

/// A chain of root, intermediate and leaf, and what is to be said of it.
struct sample {
    std::string id;
    std::string expected = "SUCCESS";
    std::string more{}; ///< further members
    testbed::certificate_spec leaf = testbed::server_spec();
    bool has_key = true;
    std::optional<bool> is_revoked{}; ///< what a list of its issuer says; unset: there is none

    [[nodiscard]] std::string json() const {
        using testbed::key_kind;
        auto const& top_key = testbed::pooled_key(key_kind::p256, 0);
        auto const& middle_key = testbed::pooled_key(key_kind::p256, 1);
        auto const& leaf_key = testbed::pooled_key(key_kind::p256, 2);
        issuer const top{testbed::issue(testbed::root_spec(), top_key), &top_key};
        issuer const middle{testbed::issue(testbed::server_intermediate_spec(), middle_key, &top), &middle_key};
        auto const end = testbed::issue(leaf, leaf_key, &middle);
        std::string lists;
        if (is_revoked) {
            testbed::crl_spec list;
            if (*is_revoked) list.revoked.push_back({.serial = testbed::serial_of(end)});
            lists = R"(, "crls": [)" + json_string(testbed::crl_pem(testbed::issue_crl(list, middle))) + "]";
        }
        return R"({"id": ")" + id + R"(", "features": [], "expected_result": ")" + expected +
               R"(", "validation_kind": "SERVER", "expected_peer_name": {"kind": "DNS", "value": "localhost"},)" +
               R"("trusted_certs": [)" + json_string(top.certificate.pem()) + R"(], "untrusted_intermediates": [)" +
               json_string(middle.certificate.pem()) + R"(], "peer_certificate": )" + json_string(end.pem()) +
               R"(, "peer_certificate_key": )" + (has_key ? json_string(leaf_key.traditional_pem()) : "null") + lists +
               more + "}";
    }
};

/// A leaf that wolfSSL cannot read and Mbed TLS can.
testbed::certificate_spec odd_leaf() {
    auto spec = testbed::server_spec();
    spec.extra_extensions.push_back(testbed::extension("1.3.6.1.5.5.7.1.1", false, octets({0x30, 9, 1})));
    return spec;
}

std::string sample_corpus() {
    std::vector<sample> const samples = {
        {.id = "good"},
        {.id = "good-without-key", .has_key = false},
        {.id = "in-2040", .expected = "FAILURE", .more = R"(, "validation_time": "2040-01-01T00:00:00+00:00")"},
        {.id = "in-2040-without-key",
         .expected = "FAILURE",
         .more = R"(, "validation_time": "2040-01-01T00:00:00.123+00:00")",
         .has_key = false},
        {.id = "one-intermediate", .more = R"(, "max_chain_depth": 1)"},
        {.id = "no-intermediate", .expected = "FAILURE", .more = R"(, "max_chain_depth": 0)"},
        {.id = "not-as-expected", .expected = "FAILURE"},
        {.id = "odd", .expected = "FAILURE", .leaf = odd_leaf()},
        {.id = "revoked", .expected = "FAILURE", .is_revoked = true},
        {.id = "not-revoked", .is_revoked = false},
    };
    std::string cases = R"({"id": "a-server", "validation_kind": "CLIENT"})";
    for (auto const& s : samples) cases += ", " + s.json();
    return R"({"version": 1, "testcases": [)" + cases + "]}";
}

constexpr std::string_view declared = "# a comment\n\nodd malformed_certificate accepted why\n";

} // namespace

TEST_CASE("what the backends make of it") {
    auto const cases = read(sample_corpus());
    REQUIRE(cases.size() == 11);
    CHECK(std::ranges::count_if(cases, [](test_case const& c) { return !c.skipped.empty(); }) == 1);
    for (tls::protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const judged = judge(cases, v);
        REQUIRE(judged.size() == 10);
        for (auto const& j : judged) {
            CAPTURE(j.subject->id);
            auto const expected = [&](std::string_view id, std::string_view code) {
                if (j.subject->id != id) return;
                CHECK(j.wolfssl.text() == code);
                CHECK(j.mbedtls.text() == code);
            };
            expected("good", "accepted");
            expected("good-without-key", "accepted");
            expected("in-2040", "expired");
            expected("in-2040-without-key", "expired");
            expected("one-intermediate", "accepted");
            expected("no-intermediate", "path_too_long");
            expected("revoked", "revoked");
            expected("not-revoked", "accepted");
            CHECK(j.both_differ_from_the_corpus() == (j.subject->id == "not-as-expected"));
            CHECK(j.verdicts_differ() == (j.subject->id == "odd"));
            CHECK_FALSE(j.reasons_differ());
        }
        CHECK(findings(judged, read_exceptions(declared)).empty());
        CHECK(findings(judged, {}).size() == 1);
        CHECK(findings(judged, read_exceptions("odd accepted accepted why")).size() == 1);
        CHECK(findings(judged, read_exceptions(std::string(declared) + "good expired accepted why")).size() == 1);
    }
}

TEST_CASE("lists of exceptions are read strictly") {
    CHECK(read_exceptions(declared).at("odd").reason == "why");
    CHECK_THROWS_AS((void)read_exceptions("odd accepted untrusted"), std::runtime_error);
    CHECK_THROWS_AS((void)read_exceptions("odd a b why\nodd a b why"), std::runtime_error);
}

TEST_CASE("the program fails for what is not declared, and for what is and does not occur") {
    testbed::temporary_directory const folder;
    auto const status = [&](std::string_view json, std::string_view allowed) {
        auto const data = folder.write_file("corpus.json", json);
        auto const list = folder.write_file("exceptions.txt", allowed);
        testbed::process program({TWINTLS_CORPUS, data.string(), list.string()});
        auto const code = program.wait(std::chrono::minutes(2));
        CAPTURE(program.output());
        REQUIRE(code);
        return *code;
    };
    auto const json = sample_corpus();
    CHECK(status(json, declared) == 0);
    CHECK(status(json, "") == 1);
    CHECK(status(json, std::string(declared) + "good untrusted accepted why") == 1);
    CHECK(status(json.substr(1), declared) == 2);
    CHECK(status(R"({"version": 1, "testcases": []})", "") == 2);
}

} // namespace corpus

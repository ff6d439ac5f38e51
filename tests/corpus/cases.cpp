// SPDX-License-Identifier: Apache-2.0
#include "corpus/cases.hpp"

#include "report/json_parser.hpp"
#include <tls/x509/pem.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <variant>

namespace corpus {
namespace {

using bench::json::array;
using bench::json::value;

value const& member(value const& of, std::string_view name) {
    auto const* found = of.member(name);
    if (found == nullptr) bench::json::fail(of.line, of.column, "no \"" + std::string(name) + "\"");
    return *found;
}

template <class T> T const& as(value const& v, char const* what) {
    auto const* found = std::get_if<T>(&v.content);
    if (found == nullptr) bench::json::fail(v.line, v.column, std::string("not ") + what);
    return *found;
}

std::string const& text(value const& of, std::string_view name) { return as<std::string>(member(of, name), "a text"); }

/// The member, unless there is none or it is null.
value const* optional(value const& of, std::string_view name) {
    auto const* found = of.member(name);
    return found == nullptr || std::holds_alternative<std::nullptr_t>(found->content) ? nullptr : found;
}

std::vector<std::string> texts(value const& of, std::string_view name) {
    std::vector<std::string> all;
    if (auto const* list = optional(of, name))
        for (auto const& one : as<array>(*list, "a list")) all.push_back(as<std::string>(one, "a text"));
    return all;
}

/// The bytes of the first block of a PEM text.
testbed::bytes der_of(std::string const& pem) {
    tls::x509::pem_reader blocks(pem);
    auto const block = blocks.next();
    if (!block || !*block) throw std::runtime_error("no PEM: " + pem);
    auto const der = tls::x509::decode_pem(**block);
    if (!der) throw std::runtime_error("damaged PEM: " + pem);
    return {der->span().begin(), der->span().end()};
}

/// "2024-03-13T00:00:00+00:00", perhaps with milliseconds; always UTC.
std::int64_t seconds_of(std::string_view time) {
    auto const number = [time](std::size_t at, std::size_t size) {
        int n = 0;
        if (time.size() < at + size || std::from_chars(time.data() + at, time.data() + at + size, n).ec != std::errc{})
            throw std::runtime_error("not a time: " + std::string(time));
        return n;
    };
    if (!time.ends_with("+00:00") && !time.ends_with("Z")) throw std::runtime_error("not UTC: " + std::string(time));
    using namespace std::chrono;
    auto const day = year(number(0, 4)) / month(static_cast<unsigned>(number(5, 2))) /
                     std::chrono::day(static_cast<unsigned>(number(8, 2)));
    auto const then = sys_days(day) + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2));
    return duration_cast<seconds>(then.time_since_epoch()).count();
}

std::string why_skipped(value const& v) {
    if (text(v, "validation_kind") != "SERVER") return "a server that verifies its client";
    auto const* const name = optional(v, "expected_peer_name");
    if (name == nullptr) return "no name of the server";
    if (text(*name, "kind") == "RFC822") return "a mail address for the server's name";
    return {};
}

test_case case_of(value const& v) {
    test_case one{.id = text(v, "id"), .skipped = why_skipped(v), .features = texts(v, "features")};
    if (!one.skipped.empty()) return one;
    one.accepts = text(v, "expected_result") == "SUCCESS";
    one.chain.push_back({.der = der_of(text(v, "peer_certificate"))});
    for (auto const& pem : texts(v, "untrusted_intermediates")) one.chain.push_back({.der = der_of(pem)});
    if (auto const* key = optional(v, "peer_certificate_key")) one.key = der_of(as<std::string>(*key, "a text"));
    for (auto const& pem : texts(v, "trusted_certs")) one.anchors += pem + "\n";
    for (auto const& pem : texts(v, "crls")) one.revocation_lists += pem + "\n";
    one.server_name = text(member(v, "expected_peer_name"), "value");
    if (auto const* time = optional(v, "validation_time")) one.time = seconds_of(as<std::string>(*time, "a text"));
    if (auto const* depth = optional(v, "max_chain_depth"))
        one.max_path_length = static_cast<std::size_t>(as<double>(*depth, "a number"));
    one.strict_extended_key_usage = std::ranges::count(one.features, "pedantic-webpki-eku") != 0;
    return one;
}

} // namespace

std::vector<test_case> read(std::string_view json) {
    constexpr std::size_t longest = 256U << 20U;
    auto const whole = bench::json::parse(json, longest);
    if (as<double>(member(whole, "version"), "a number") != 1) throw std::runtime_error("not version 1 of the format");
    std::vector<test_case> all;
    for (auto const& v : as<array>(member(whole, "testcases"), "a list")) all.push_back(case_of(v));
    return all;
}

} // namespace corpus

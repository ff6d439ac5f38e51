// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/error.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace unit::errc_cases {
namespace {

using tls::errc;
using tls::fault;

constexpr int last_code = static_cast<int>(tls::detail::errc_count) - 1;

/// How the compiler spells a code: the enumerator, or nothing for an unknown number.
template <errc Code> consteval std::string_view spelled() {
    std::string_view text =
        __PRETTY_FUNCTION__; // "... [with tls::errc Code = tls::errc::ok; ...", or "Code = (tls::errc)99"
    constexpr std::string_view before = "Code = tls::errc::";
    auto const at = text.find(before);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + before.size());
    return text.substr(0, text.find_first_of(";]"));
}

/// Every number a code can have, as the compiler spells it.
constexpr auto spellings = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array{spelled<static_cast<errc>(I)>()...};
}(std::make_index_sequence<256>());

/// The code of a name, or -1.
int number_of(std::string_view name) {
    for (int code = 0; code <= last_code; ++code)
        if (tls::name(static_cast<errc>(code)) == name) return code;
    return -1;
}

} // namespace

TEST_CASE("errc: every enumerator is in the table, under its own name") {
    for (std::size_t i = 0; i != spellings.size(); ++i) {
        CAPTURE(i);
        bool const exists = i < tls::detail::errc_count;
        CHECK(spellings[i] == (exists ? tls::name(static_cast<errc>(i)) : ""));
    }
}

TEST_CASE("errc: the numbers of released codes never change") {
    // One of each chapter, the first and the last of the first release.
    CHECK(static_cast<int>(errc::ok) == 0);
    CHECK(static_cast<int>(errc::peer_closed) == 5);
    CHECK(static_cast<int>(errc::file_not_found) == 10);
    CHECK(static_cast<int>(errc::untrusted) == 34);
    CHECK(static_cast<int>(errc::no_peer_certificate) == 52);
    CHECK(static_cast<int>(errc::peer_rejected_certificate) == 53);
    CHECK(static_cast<int>(errc::bad_record_mac) == 61);
    CHECK(static_cast<int>(errc::spent) == 70);
    CHECK(static_cast<int>(errc::internal) == 74);
}

TEST_CASE(
    "errc: a set of problems holds every code that is about the server's certificate, each by itself, and no other") {
    int counted = 0;
    for (int code = 0; code <= 255; ++code) {
        auto const c = static_cast<errc>(code);
        tls::problem_set only;
        only.add(c);
        CHECK(only.has(c) == tls::is_about_server_certificate(c));
        CHECK(only.empty() != tls::is_about_server_certificate(c));
        for (int other = 0; other <= 255; ++other)
            if (other != code) CHECK_FALSE(only.has(static_cast<errc>(other)));
        counted += tls::is_about_server_certificate(c) ? 1 : 0;
    }
    CHECK(counted >= 19);
    CHECK(tls::is_about_server_certificate(errc::untrusted));
    CHECK(tls::is_about_server_certificate(errc::no_peer_certificate));
    CHECK_FALSE(tls::is_about_server_certificate(errc::bad_ticket));
    CHECK_FALSE(tls::is_about_server_certificate(errc::peer_rejected_certificate));
    CHECK_FALSE(tls::is_about_server_certificate(errc::internal));
}

TEST_CASE("errc: every code has a name and a message of its own") {
    std::vector<std::string_view> names;
    std::vector<std::string_view> messages;
    for (int code = 0; code <= last_code; ++code) {
        auto const c = static_cast<errc>(code);
        CHECK(number_of(tls::name(c)) == code);
        names.push_back(tls::name(c));
        messages.push_back(tls::message(c));
        CHECK_FALSE(tls::message(c).ends_with('.'));
    }
    for (auto* const texts : {&names, &messages}) {
        std::ranges::sort(*texts);
        CHECK_FALSE(texts->front().empty());
        CHECK(std::ranges::adjacent_find(*texts) == texts->end());
    }
    CHECK(tls::name(errc::peer_rejected_certificate) == "peer_rejected_certificate");
    CHECK(tls::name(errc::internal) == "internal");
}

TEST_CASE("errc: a failure has advice and somebody whose fault it is, anything else has neither") {
    for (int code = 0; code <= last_code; ++code) {
        auto const c = static_cast<errc>(code);
        CAPTURE(tls::name(c));
        bool const failure = c > errc::closed && c != errc::want_signature;
        CHECK((tls::whose_fault(c) != fault::none) == failure);
        CHECK(tls::advice(c).empty() != failure);
        if (failure) CHECK(tls::advice(c).ends_with('.'));
    }
}

TEST_CASE("errc: what may go away by itself is worth a retry, what needs a change is not") {
    for (errc const c : {errc::timeout, errc::io_error, errc::peer_closed, errc::truncated, errc::connection_refused})
        CHECK(tls::is_worth_retrying(c));
    for (errc const c :
         {errc::file_not_found, errc::key_mismatch, errc::expired, errc::peer_rejected_certificate,
          errc::no_common_version, errc::not_tls, errc::unsupported})
        CHECK_FALSE(tls::is_worth_retrying(c));
}

TEST_CASE("errc: an unknown number reads like internal and breaks nothing") {
    for (int code = last_code + 1; code <= 255; ++code) {
        auto const c = static_cast<errc>(code);
        CHECK(tls::message(c) == tls::message(errc::internal));
        CHECK(tls::name(c) == "internal");
        CHECK(tls::whose_fault(c) == fault::build);
        CHECK_FALSE(tls::is_worth_retrying(c));
    }
    CHECK(std::error_code(12345, tls::error_category()).message() == tls::message(static_cast<errc>(12345 & 255)));
}

TEST_CASE("errc: it is a std::error_code and equals what the standard calls the same") {
    std::error_code const code = errc::timeout;
    CHECK(code == errc::timeout);
    CHECK(code != errc::io_error);
    CHECK(std::string_view(code.category().name()) == "twintls");
    CHECK(code.message() == tls::message(errc::timeout));
    CHECK_FALSE(std::error_code(errc::ok));
    CHECK(std::error_code(errc::want_read));

    CHECK(code == std::errc::timed_out);
    CHECK(code != std::errc::connection_refused);
    CHECK(std::error_code(errc::connection_refused) == std::errc::connection_refused);
    CHECK(std::error_code(errc::want_read) == std::errc::operation_would_block);
    CHECK(std::error_code(errc::want_write) == std::errc::operation_would_block);
    CHECK(std::error_code(errc::out_of_memory) == std::errc::not_enough_memory);
    CHECK(std::error_code(errc::file_not_found) == std::errc::no_such_file_or_directory);
    CHECK(std::error_code(errc::file_unreadable) == std::errc::permission_denied);
    CHECK(std::error_code(errc::unsupported) == std::errc::not_supported);
    CHECK(std::error_code(errc::expired) != std::errc::timed_out);
}

TEST_CASE("errc: an error code equals whose fault it is, and no other code does") {
    for (int code = 0; code <= last_code; ++code) {
        std::error_code const c = static_cast<errc>(code);
        for (fault const f : {fault::none, fault::us, fault::peer, fault::network, fault::build})
            CHECK((c == f) == (tls::whose_fault(static_cast<errc>(code)) == f));
    }
    CHECK(std::error_code(errc::timeout) == fault::network);
    CHECK(std::error_code(errc::key_mismatch) == fault::us);
    CHECK(std::make_error_code(std::errc::timed_out) != fault::network);
    CHECK(std::error_condition(fault::peer).message() == "the peer");
    CHECK(std::string_view(std::error_condition(fault::peer).category().name()) == "twintls fault");
}

} // namespace unit::errc_cases

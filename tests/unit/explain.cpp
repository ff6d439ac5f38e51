// SPDX-License-Identifier: Apache-2.0
#include "print.hpp"
#include <tls/explain.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using tls::errc;
using tls::error;

constexpr int last_code = static_cast<int>(errc::internal);

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// An error with everything in it, as long as it can get.
error largest(errc code) {
    error e;
    e.code = code;
    e.phase = tls::phase::configuring;
    e.received = tls::alert::bad_certificate_status_response;
    e.sent = tls::alert::bad_certificate_status_response;
    e.native = std::numeric_limits<std::int32_t>::min();
    e.system = std::numeric_limits<std::int32_t>::min();
    e.backend = "a backend with a long name";
    e.transferred = std::numeric_limits<std::uint64_t>::max();
    e.problem_depth = 255;
    e.handshake.version = {static_cast<tls::protocol_version>(0xffff), tls::fact_source::wire};
    e.handshake.suite = {tls::cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256, tls::fact_source::wire};
    e.handshake.group = {static_cast<tls::named_group>(0xffff), tls::fact_source::wire};
    e.handshake.last_received = {tls::handshake_message::certificate_request, tls::fact_source::wire};
    e.handshake.client_certificate_requested = {true, tls::fact_source::wire};
    e.handshake.certificates_sent = {255, tls::fact_source::wire};
    e.about = std::string_view(std::string(200, 'x'));
    return e;
}

/// True if explaining into `size` bytes gives the beginning of `whole` and touches nothing after it.
bool is_bounded(error const& e, std::string const& whole, std::size_t size) {
    std::vector<char> memory(size + 8, '#');
    std::string_view const text = tls::explain(e, std::span(memory).first(size));
    bool const inside = text.size() <= size && (text.empty() || text.data() == memory.data());
    bool const untouched = std::all_of(memory.end() - 8, memory.end(), [](char c) { return c == '#'; });
    return inside && untouched && text == std::string_view(whole).substr(0, size);
}

} // namespace

TEST_CASE("explain: every code has a sentence of its own") {
    std::vector<std::string> sentences;
    for (int code = 0; code <= last_code; ++code) {
        error e;
        e.code = static_cast<errc>(code);
        CHECK(e.message() != "unknown error");
        CHECK(tls::explain(e).starts_with(e.message()));
        sentences.emplace_back(e.message());
    }
    std::ranges::sort(sentences);
    CHECK(std::ranges::adjacent_find(sentences) == sentences.end());
    CHECK(tls::message(static_cast<errc>(last_code + 1)) == "unknown error");
}

TEST_CASE("explain: it never writes past the memory given, and cuts off what does not fit") {
    for (int code = 0; code <= last_code; ++code) {
        error const e = largest(static_cast<errc>(code));
        std::string const whole = tls::explain(e);
        for (std::size_t size = 0; size <= whole.size() + 1; size += code == last_code ? 1 : 37)
            REQUIRE(is_bounded(e, whole, size));
    }
    CHECK(tls::explain(largest(errc::untrusted), {}).empty());
}

TEST_CASE("explain: 1 KiB always holds all of it") {
    for (int code = 0; code <= 255; ++code) {
        std::vector<char> memory(4096);
        CHECK(tls::explain(largest(static_cast<errc>(code)), memory).size() < 1024);
    }
}

TEST_CASE("explain: any error whatsoever can be explained") {
    std::mt19937 random(99);
    auto const any = [&](std::uint32_t limit) {
        return std::uniform_int_distribution<std::uint32_t>(0, limit)(random);
    };
    for (int round = 0; round < 5000; ++round) {
        error e;
        e.code = static_cast<errc>(any(255));
        e.phase = static_cast<tls::phase>(any(255));
        if (any(1) != 0) e.received = static_cast<tls::alert>(any(255));
        if (any(1) != 0) e.sent = static_cast<tls::alert>(any(255));
        e.native = static_cast<std::int32_t>(any(0xffffffff));
        e.system = static_cast<std::int32_t>(any(0xffffffff));
        if (any(1) != 0) e.backend = "backend";
        e.transferred = any(1) == 0 ? 0 : std::uint64_t{any(0xffffffff)} << any(32);
        e.problem_depth = static_cast<std::uint8_t>(any(255));
        if (any(1) != 0)
            e.handshake.version = {static_cast<tls::protocol_version>(any(0xffff)), tls::fact_source::wire};
        if (any(1) != 0) e.handshake.suite = {static_cast<tls::cipher_suite>(any(0xffff)), tls::fact_source::wire};
        if (any(1) != 0) e.handshake.group = {static_cast<tls::named_group>(any(0xffff)), tls::fact_source::wire};
        if (any(1) != 0)
            e.handshake.last_received = {static_cast<tls::handshake_message>(any(255)), tls::fact_source::wire};
        if (any(1) != 0) e.handshake.client_certificate_requested = {any(1) != 0, tls::fact_source::wire};
        if (any(1) != 0) e.handshake.certificates_sent = {static_cast<std::uint16_t>(any(255)), tls::fact_source::wire};
        std::string about(any(100), '\0');
        for (char& c : about) c = static_cast<char>(any(255));
        e.about = std::string_view(about);

        std::string const text = tls::explain(e);
        REQUIRE(text.starts_with(e.message()));
        REQUIRE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
        REQUIRE(is_bounded(e, text, any(300)));
    }
}

TEST_CASE("explain: it says what happened, when, about what, and what is known") {
    error e;
    e.code = errc::peer_rejected_certificate;
    e.phase = tls::phase::reading;
    e.received = tls::alert::bad_certificate;
    e.native = -313;
    e.backend = "some library";
    e.handshake.client_certificate_requested = {true, tls::fact_source::wire};
    e.handshake.certificates_sent = {std::uint16_t{0}, tls::fact_source::wire};
    e.handshake.version = {tls::protocol_version::tls_1_3, tls::fact_source::wire};
    std::string const text = tls::explain(e);
    CHECK(has(text, "the server requires a certificate and we sent none"));
    CHECK(has(text, "while: reading"));
    CHECK(has(text, "alert 42 bad_certificate"));
    CHECK(has(text, "asked for a client certificate: yes"));
    CHECK(has(text, "0 certificates"));
    CHECK(has(text, "TLS 1.3"));
    CHECK(has(text, "some library -313"));
    CHECK_FALSE(has(text, "system error"));
    CHECK_FALSE(has(text, "we sent: alert"));

    e.handshake.certificates_sent = {std::uint16_t{2}, tls::fact_source::wire};
    CHECK(has(tls::explain(e), "we sent: 2 certificate"));
    e.handshake.client_certificate_requested = {false, tls::fact_source::wire};
    CHECK(has(tls::explain(e), "asked for a client certificate: no"));
    CHECK_FALSE(has(tls::explain(e), "2 certificate"));
}

TEST_CASE("explain: a verdict on the server's certificate says which one") {
    error e;
    e.code = errc::expired;
    e.phase = tls::phase::handshake;
    CHECK(has(tls::explain(e), "certificate: the server's own"));
    e.problem_depth = 2;
    CHECK(has(tls::explain(e), "certificate: number 2 above the server's own"));
    e.code = errc::timeout;
    CHECK_FALSE(has(tls::explain(e), "certificate:"));
}

TEST_CASE("explain: an error of the configuration names its input") {
    std::string const text = tls::explain(tls::configuration_error(errc::file_not_found, "root-ca.pem", 2));
    CHECK(has(text, "no such file or folder: root-ca.pem"));
    CHECK(has(text, "while: configuring"));
    CHECK(has(text, "system error: 2"));
}

TEST_CASE("explain: bytes taken are a number, however large") {
    error e;
    e.code = errc::io_error;
    e.transferred = 12'345'678'901;
    CHECK(has(tls::explain(e), "bytes taken before: 12345678901"));
}

TEST_CASE("explain: success is one word of it") {
    error const none;
    CHECK(tls::explain(none) == std::string(tls::message(errc::ok)));
}

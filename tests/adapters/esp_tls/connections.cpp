// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"
#include "testbed/sockets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>

extern "C" void stand_in_log(char const* format, ...) {
    std::array<char, 8192> text;
    va_list arguments;
    va_start(arguments, format);
    int const size = std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    auto const kept = std::min(static_cast<std::size_t>(size), text.size() - 1);
    parity::esp_tls_cases::logged.append(text.data(), kept).append("\n");
}

/// What the documentation of esp-tls promises about connections, through a stack.
namespace parity::esp_tls_cases {

std::string logged;

PARITY_CASE("esp-tls: 10 000 small messages over mutual TLS", pairings, P, v) {
    device<P> const d;
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    configuration const c(&pki().client);
    connection one;
    CHECK(esp_tls_get_bytes_avail(one.tls) == 0);
    CHECK(tls::esp_tls::connection_of(one.tls) == nullptr);
    REQUIRE_MESSAGE(one.connect(c.cfg, server.port()) == 1, logged);
    CHECK(one.state() == ESP_TLS_DONE);
    for (std::uint32_t batch = 0; batch != 20; ++batch) {
        testbed::bytes sent;
        for (std::uint32_t i = 0; i != 500; ++i) {
            auto const message = testbed::pattern(1 + i % 40, batch + i);
            REQUIRE(one.write(message) == static_cast<ssize_t>(message.size()));
            testbed::append(sent, message);
        }
        REQUIRE(one.read_all(sent.size()) == sent);
    }
    // A record that is read by halves.
    REQUIRE(one.write(testbed::view_of("abcd")) == 4);
    testbed::bytes half(2);
    REQUIRE(one.read(half) == 2);
    CHECK(esp_tls_get_bytes_avail(one.tls) == 2);
    CHECK(one.read_all(2) == testbed::to_bytes("cd"));
    CHECK(esp_tls_get_bytes_avail(one.tls) == 0);
    auto* const behind = tls::esp_tls::connection_of(one.tls);
    REQUIRE(behind != nullptr);
    REQUIRE(behind->session() != nullptr);
    CHECK(behind->session()->facts().version == v);
    CHECK(!behind->last_error());
    one.end();
    auto const report = server.report();
    CHECK(report.client_leaf == pki().client.leaf().der);
    CHECK(report.sni == "localhost");
    CHECK(report.peer_closed);
    CHECK(logged.empty());
}

PARITY_CASE("esp-tls: a connection that does not block loses and repeats nothing", pairings, P, v) {
    device<P> const d;
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    configuration c(&pki().client);
    c.cfg.non_block = true;
    connection one;
    int connected = 0;
    while (connected == 0) connected = one.step(c.cfg, server.port());
    REQUIRE_MESSAGE(connected == 1, logged);
    int const little = 4096;
    ::setsockopt(one.tls->sockfd, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    auto const sent = testbed::pattern(8'000'000);
    testbed::bytes got;
    testbed::bytes some(60'000);
    std::size_t done = 0;
    bool write_waited = false;
    while (got.size() < sent.size()) {
        if (done != sent.size()) {
            auto const n = one.write(testbed::byte_view(sent).subspan(done, std::min(sent.size() - done, some.size())));
            if (n > 0) done += static_cast<std::size_t>(n);
            write_waited = write_waited || n == ESP_TLS_ERR_SSL_WANT_WRITE;
            REQUIRE((n > 0 || n == ESP_TLS_ERR_SSL_WANT_WRITE));
            if (n > 0) continue;
        }
        auto const n = one.read(some);
        REQUIRE((n > 0 || n == ESP_TLS_ERR_SSL_WANT_READ));
        if (n > 0) testbed::append(got, testbed::byte_view(some).first(static_cast<std::size_t>(n)));
    }
    CHECK(done == sent.size());
    CHECK(got == sent);
    CHECK(write_waited);
    CHECK(one.read(some) == ESP_TLS_ERR_SSL_WANT_READ);
    one.end();
    CHECK(server.report().bytes_received == sent.size());
    CHECK(logged.empty());
}

PARITY_CASE("esp-tls: how a connection ends", pairings, P, v) {
    struct ending {
        testbed::behaviour behaviour;
        errc code;
    };
    for (auto const& [behaviour, code] :
         {ending{testbed::behaviour::send_then_close, errc::closed},
          ending{testbed::behaviour::send_then_drop, errc::truncated},
          ending{testbed::behaviour::send_then_reset, errc::io_error}}) {
        CAPTURE(tls::name(code));
        device<P> const d;
        testbed::server_thread<typename P::server> server(
            {.server = good_server(v), .behaviour = behaviour, .amount = 3000});
        configuration const c;
        connection one;
        REQUIRE_MESSAGE(one.connect(c.cfg, server.port()) == 1, logged);
        auto const got = one.read_all(5000);
        if (code != errc::io_error) CHECK(got == testbed::pattern(3000)); // a reset may overtake what was sent
        testbed::bytes more(1);
        for (int i = 0; i != 2; ++i) CHECK(one.read(more) == (code == errc::closed ? 0 : number(code)));
        CHECK(one.reason() == (code == errc::closed ? errc::ok : code));
        CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == (code == errc::closed ? ESP_OK : ESP_ERR_MBEDTLS_SSL_READ_FAILED));
        CHECK(one.kept(ESP_TLS_ERR_TYPE_SYSTEM) == (code == errc::io_error ? ECONNRESET : 0));
        CHECK(was_logged(tls::message(code)) == (code != errc::closed));
    }
}

PARITY_CASE("esp-tls: after the server's half close data still goes to it", pairings, P, v) {
    device<P> const d;
    testbed::server_thread<typename P::server> server(
        {.server = good_server(v), .behaviour = testbed::behaviour::close_then_read, .amount = 100});
    configuration const c;
    connection one;
    REQUIRE_MESSAGE(one.connect(c.cfg, server.port()) == 1, logged);
    CHECK(one.read_all(200) == testbed::pattern(100));
    testbed::bytes more(1);
    CHECK(one.read(more) == 0);
    CHECK(one.write(testbed::pattern(3000)) == 3000);
    one.end();
    CHECK(server.report().bytes_received == 3000);
}

PARITY_CASE("esp-tls: a refused certificate is explained, before the first data or with it", pairings, P, v) {
    device<P> const d;
    testbed::server_thread<typename P::server> server({.server = strict_server(v)});
    auto const stranger = foreign_credentials();
    configuration const c(&stranger);
    connection one;
    int const connected = one.connect(c.cfg, server.port());
    if (v == protocol_version::tls_1_2) {
        CHECK(connected == -1);
        CHECK(one.state() == ESP_TLS_FAIL);
        CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED);
    } else {
        REQUIRE_MESSAGE(connected == 1, logged);
        testbed::bytes some(4);
        CHECK(one.read(some) == number(errc::peer_rejected_certificate));
        CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_ERR_MBEDTLS_SSL_READ_FAILED);
    }
    CHECK(one.reason() == errc::peer_rejected_certificate);
    CHECK(one.kept(ESP_TLS_ERR_TYPE_CUSTOM_STACK_CERT_FLAGS) == 0); // those are about the server's
    CHECK(was_logged("the server rejected our certificate"));
    CHECK(was_logged("we sent: 1"));
    REQUIRE(tls::esp_tls::connection_of(one.tls)->last_error());
    CHECK(tls::esp_tls::connection_of(one.tls)->last_error()->received);
}

PARITY_CASE("esp-tls: the server is verified, by its authority and its name", pairings, P, v) {
    auto const stranger = testbed::make_pki(testbed::key_kind::p384);
    for (bool const known : {true, false}) {
        device<P> const d({.report = tls::esp_tls::log_message});
        testbed::server_thread<typename P::server> server(
            {.server = testbed::server_options::showing(known ? pki().server : stranger.server, v)});
        configuration c;
        c.cfg.common_name = known ? "another.example" : nullptr;
        connection one;
        CHECK(one.connect(c.cfg, server.port()) == -1);
        errc const expected = known ? errc::name_mismatch : errc::untrusted;
        CHECK(one.reason() == expected);
        CHECK(one.kept(ESP_TLS_ERR_TYPE_CUSTOM_STACK_CERT_FLAGS) == static_cast<int>(expected));
        CHECK(logged.starts_with("TLS handshake: " + std::string(tls::message(expected)) + "\n"));
        testbed::bytes some(4);
        CHECK(one.read(some) == -1);
        CHECK(one.write(some) == -1);
    }
}

PARITY_CASE("esp-tls: time-outs, of handshakes, reads and writes", pairings, P, v) {
    device<P> const d;
    configuration c;
    c.cfg.timeout_ms = 50;
    {
        auto const silent = testbed::listen_on_loopback(); // connected to, and never accepted
        connection one;
        CHECK(one.connect(c.cfg, silent.port) == -1);
        CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT);
        c.cfg.non_block = true;
        connection waiting;
        int answer = 0;
        while (answer == 0) answer = waiting.step(c.cfg, silent.port);
        CHECK(answer == -1);
        CHECK(waiting.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT);
        CHECK(waiting.reason() == errc::timeout);
        connection abandoned; // with its handshake half done
        CHECK(abandoned.step(c.cfg, silent.port) == 0);
    }
    c.cfg.non_block = false;
    testbed::server_thread<typename P::server> server(
        {.server = good_server(v), .behaviour = testbed::behaviour::stop_reading, .connections = 2});
    c.cfg.timeout_ms = patient;
    connection one;
    REQUIRE_MESSAGE(one.connect(c.cfg, server.port()) == 1, logged);
    timeval const shortly{0, 1000}; // as esp-tls's timeout_ms for a socket that is connected
    ::setsockopt(one.tls->sockfd, SOL_SOCKET, SO_RCVTIMEO, &shortly, sizeof shortly);
    ::setsockopt(one.tls->sockfd, SOL_SOCKET, SO_SNDTIMEO, &shortly, sizeof shortly);
    logged.clear();
    testbed::bytes some(4);
    CHECK(one.read(some) == ESP_TLS_ERR_SSL_WANT_READ);
    auto const much = testbed::pattern(100'000);
    ssize_t n = 0;
    while ((n = one.write(much)) > 0) {
    }
    CHECK(n == ESP_TLS_ERR_SSL_WANT_WRITE);
    CHECK(one.read(some) == ESP_TLS_ERR_SSL_WANT_READ);
    CHECK(logged.empty());
    CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_OK);
    {
        // A socket that waits long is not waited for when its connection ends.
        connection another;
        REQUIRE_MESSAGE(another.connect(c.cfg, server.port()) == 1, logged);
        ::setsockopt(another.tls->sockfd, SOL_SOCKET, SO_SNDTIMEO, &shortly, sizeof shortly);
        while (another.write(much) > 0) {
        }
        timeval const long_time{3600, 0};
        ::setsockopt(another.tls->sockfd, SOL_SOCKET, SO_SNDTIMEO, &long_time, sizeof long_time);
    }
    server.stop();
    while ((n = one.write(much)) > 0 || n == ESP_TLS_ERR_SSL_WANT_WRITE) {
    }
    CHECK(one.reason() == static_cast<errc>(-n));
    CHECK(one.kept(ESP_TLS_ERR_TYPE_ESP) == ESP_ERR_MBEDTLS_SSL_WRITE_FAILED);
    CHECK(!logged.empty());
}

} // namespace parity::esp_tls_cases

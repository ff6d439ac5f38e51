// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "parity/tcp.hpp"
#include "report/json_parser.hpp"
#include "testbed/server_thread.hpp"
#include <tls/compare.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/transport/pipe.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

/// The same connection on each backend, and what is said about it.
namespace parity::compare_cases {
namespace {

using comparison = tls::comparison<2>;
using testbed::server_thread;

constexpr std::size_t wolfssl = 0;
constexpr std::size_t mbedtls = 1;

/// Clients of these options, each as one of the backends builds it.
auto configure(client_options const& o) {
    return [o]<class B>(tls::builder<B>) { return build_with<B>(o); };
}

/// Other options for Mbed TLS than for wolfSSL.
auto configure(client_options const& first, client_options const& second) {
    return [first, second]<class B>(tls::builder<B>) {
        return build_with<B>(std::is_same_v<B, tls::mbedtls> ? second : first);
    };
}

auto to(std::uint16_t port) {
    return [port] { return connection_to(port); };
}

tls::result<tls::server_name> localhost() { return tls::server_name::dns("localhost"); }

tls::result<std::size_t> there_and_back(tls::any_session& session) {
    if (auto const w = session.write_all("ping"); !w) return std::unexpected(w.error());
    std::array<char, 16> answer;
    return session.read_some(answer);
}

template <class Configure> comparison compare(Configure configure, std::uint16_t port) {
    return tls::compare<tls::wolfssl, tls::mbedtls>(localhost(), configure, to(port), there_and_back);
}

testbed::thread_options serving(testbed::server_options const& server, int connections) {
    return {.server = server, .connections = connections};
}

/// JSON that was read again.
class json {
public:
    explicit json(std::span<tls::compared_connection const> c) : root_(bench::json::parse(tls::to_json(c))) {}

    /// The member of a path of names and indexes; it must be there.
    [[nodiscard]] bench::json::value const& at(std::vector<std::string> const& path) const {
        bench::json::value const* v = &root_;
        for (std::string const& step : path) {
            CAPTURE(step);
            if (auto const* const list = std::get_if<bench::json::array>(&v->content))
                v = &list->at(std::stoul(step));
            else
                v = v->member(step);
            REQUIRE(v != nullptr);
        }
        return *v;
    }
    [[nodiscard]] std::string text(std::vector<std::string> const& path) const {
        return std::get<std::string>(at(path).content);
    }
    [[nodiscard]] double number(std::vector<std::string> const& path) const {
        return std::get<double>(at(path).content);
    }
    [[nodiscard]] bool yes(std::vector<std::string> const& path) const { return std::get<bool>(at(path).content); }
    [[nodiscard]] bool null(std::vector<std::string> const& path) const {
        return std::holds_alternative<std::nullptr_t>(at(path).content);
    }
    [[nodiscard]] std::size_t size(std::vector<std::string> const& path) const {
        return std::get<bench::json::array>(at(path).content).size();
    }

private:
    bench::json::value root_;
};

void swallow(std::string_view) {}

void check_readable(std::string const& text) {
    for (std::size_t start = 0; start < text.size();) {
        std::size_t const end = std::min(text.find('\n', start), text.size());
        std::string const line = text.substr(start, end - start);
        CHECK_MESSAGE(line.size() <= 100, line);
        CHECK_MESSAGE(!line.ends_with(' '), line);
        start = end + 1;
    }
    CHECK(std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; }));
}

std::size_t times(std::string_view text, std::string_view wanted) {
    std::size_t n = 0;
    for (std::size_t at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE_TEMPLATE(
    "compare: both connect, and what they negotiated is the same", Server, testbed::wolfssl_server,
    testbed::mbedtls_server) {
    for (auto const v : versions) {
        CAPTURE(v);
        auto options = strict_server(v);
        options.alpn = {"mqtt"};
        server_thread<Server> server(serving(options, 2));
        auto const found =
            compare(configure(only(v, {.who = identity(pki().client), .alpn = {"mqtt"}})), server.port());
        for (auto const& c : found) {
            CAPTURE(c.backend);
            REQUIRE_FALSE(c.failure);
            CHECK(c.established);
            CHECK(c.rounds == 1);
            CHECK(c.handshake.version == v);
            CHECK(tls::version_of(*c.handshake.suite) == v);
            CHECK(c.handshake.group.known());
            CHECK(c.alpn() == "mqtt");
            CHECK(c.handshake.client_certificate_requested == true);
            CHECK(c.handshake.certificates_sent == std::uint16_t{2});
            CHECK(c.acceptance == tls::acceptance::accepted);
            REQUIRE(c.server);
            CHECK(c.server->subject.view() == "CN=server.example");
            CHECK(c.server->key == tls::x509::public_key_kind::ec);
            REQUIRE(c.cost);
            CHECK(c.cost->wire.bytes_sent > 500);
            CHECK(c.cost->wire.bytes_received > 500);
            CHECK(c.cost->wire.records_sent >= 3);
            CHECK(c.cost->wire.records_received >= 3);
            CHECK(c.cost->wire.round_trips == (v == protocol_version::tls_1_3 ? 1U : 2U));
            CHECK(c.cost->processor_time.has_value());
            CHECK(c.cost->elapsed.count() > 0);
            CHECK_FALSE(c.cost->allocations); // without set_memory
            REQUIRE(c.conversation);
            CHECK(c.conversation->wire.bytes_sent > 4);
            CHECK(c.conversation->wire.records_sent == 2); // what was said, and close_notify
        }
        CHECK(found[wolfssl].backend == "wolfSSL");
        CHECK(found[mbedtls].backend == "Mbed TLS");
        CHECK(found.all_good());
        CHECK(found.alike());
        for (auto const& report : server.reports()) {
            CHECK(report.bytes_received == 4);
            CHECK(report.peer_closed);
        }
        auto const text = tls::to_text(found);
        check_readable(text);
        CHECK(text.contains("mqtt  "));
        CHECK(text.contains("not measured"));
        json const j(found);
        CHECK(j.size({"connections"}) == 2);
        CHECK(j.text({"connections", "1", "protocol"}) == tls::name(v));
        CHECK(j.text({"connections", "0", "alpn"}) == "mqtt");
        CHECK(j.yes({"connections", "0", "certificate_requested"}));
        CHECK(j.number({"connections", "0", "certificates_sent"}) == 2);
        CHECK(
            j.number({"connections", "1", "handshake", "bytes_sent"}) ==
            static_cast<double>(found[mbedtls].cost->wire.bytes_sent));
        CHECK(j.null({"connections", "0", "handshake", "allocations"}));
        CHECK(j.null({"connections", "0", "error"}));
    }
}

TEST_CASE("compare: what one backend fails at never loses what the other found") {
    server_thread<testbed::mbedtls_server> server(serving(good_server(protocol_version::tls_1_3), 1));
    auto const found = compare(configure({}, {.anchors = tls::trust_anchors::from_pem("")}), server.port());
    CHECK_FALSE(found[wolfssl].failure);
    CHECK(found[wolfssl].rounds == 1);
    REQUIRE(found[mbedtls].failure);
    CHECK(*found[mbedtls].failure == errc::empty_input);
    CHECK_FALSE(found[mbedtls].cost); // nothing was begun, so nothing was measured
    CHECK_FALSE(found.all_good());
    CHECK_FALSE(found.alike());
    auto const differs = found.differences();
    CHECK(differs.has("outcome"));
    CHECK_FALSE(differs.has("bytes_sent"));
    auto const text = tls::to_text(found);
    check_readable(text);
    CHECK(text.contains("FAILED with Mbed TLS"));
    CHECK(times(text, "FAILED with") == 1);
    json const j(found);
    CHECK(j.text({"connections", "1", "error", "code"}) == "empty_input");
    CHECK(j.text({"connections", "1", "error", "explanation"}) == tls::explain(*found[mbedtls].failure));
    CHECK(j.null({"connections", "1", "handshake"}));
    CHECK(j.null({"connections", "1", "protocol"}));
    CHECK(j.text({"differences", "0", "field"}) == "outcome");
    CHECK(j.text({"differences", "0", "values", "1"}) == "FAILED");
}

TEST_CASE("compare: a difference is told by its name") {
    server_thread<testbed::mbedtls_server> server(serving(good_server(protocol_version::tls_1_2), 2));
    client_options one = only(protocol_version::tls_1_2);
    one.suites = {tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256};
    one.groups = {tls::named_group::secp256r1};
    client_options other = one;
    other.suites = {tls::cipher_suite::ecdhe_ecdsa_chacha20_poly1305_sha256};
    other.groups = {tls::named_group::x25519, tls::named_group::secp256r1};
    auto const found = compare(configure(one, other), server.port());
    REQUIRE(found.all_good());
    auto const differs = found.differences();
    CHECK(differs.has("cipher_suite"));
    CHECK(differs.has("group"));
    for (char const* const name :
         {"protocol", "alpn", "server", "server_serial", "accepted", "elapsed", "processor_time", "round_trips",
          "outcome"})
        CHECK_MESSAGE(!differs.has(name), name);
    auto const text = tls::to_text(found);
    check_readable(text); // a name of 45 letters beside another
    CHECK(text.contains("What differs: cipher suite, key exchange"));
}

TEST_CASE("compare: what a server says about our certificate afterwards is heard") {
    for (auto const v : versions) {
        CAPTURE(v);
        server_thread<testbed::wolfssl_server> server(serving(strict_server(v), 2));
        auto const found = tls::compare<tls::wolfssl, tls::mbedtls>(localhost(), configure(only(v)), to(server.port()));
        for (auto const& c : found) {
            REQUIRE(c.failure);
            CHECK(*c.failure == errc::peer_rejected_certificate);
            CHECK(c.established == (v == protocol_version::tls_1_3));
            CHECK(c.handshake.certificates_sent == std::uint16_t{0});
            CHECK(c.rounds == 0);
            REQUIRE(c.cost);
            CHECK(c.cost->wire.bytes_received > 0);
        }
        auto const text = tls::to_text(found);
        check_readable(text);
        // One reason, told once, with what each library calls it.
        CHECK(times(text, "FAILED with wolfSSL") == 1);
        CHECK(times(text, "the server requires a certificate and we sent none") == 1);
        CHECK(text.contains("native error: wolfSSL"));
        CHECK(text.contains("native error: Mbed TLS"));
        json const j(found);
        CHECK(
            j.text({"connections", "0", "error", "alert_received", "name"}) ==
            tls::name(*found[wolfssl].failure->received));
    }
}

TEST_CASE("compare: connections that cannot be made, and conversations that fail") {
    server_thread<testbed::mbedtls_server> server(serving(good_server(protocol_version::tls_1_3), 3));
    // The number of the backend is there for whoever asks.
    std::vector<std::size_t> order;
    auto const found = tls::compare<tls::wolfssl, tls::mbedtls>(
        localhost(), configure({}),
        [&](std::size_t backend) -> tls::result<tls::tcp_stream> {
            order.push_back(backend);
            if (backend == wolfssl) return std::unexpected(tls::configuration_error(errc::connection_refused, "here"));
            return connection_to(server.port());
        },
        [](tls::any_session&, std::size_t backend) { CHECK(backend == mbedtls); });
    CHECK(order == std::vector<std::size_t>{wolfssl, mbedtls});
    REQUIRE(found[wolfssl].failure);
    CHECK(*found[wolfssl].failure == errc::connection_refused);
    CHECK_FALSE(found[wolfssl].cost);
    CHECK_FALSE(found[mbedtls].failure);

    auto const said = tls::compare<tls::wolfssl, tls::mbedtls>(
        localhost(), configure({}), to(server.port()), [](tls::any_session& s) -> tls::result<void> {
            return s.confirm_accepted(std::chrono::seconds(0))
                       ? tls::result<void>(std::unexpected(tls::configuration_error(errc::internal, "said")))
                       : tls::result<void>();
        });
    for (auto const& c : said) {
        REQUIRE(c.failure);
        CHECK(*c.failure == errc::internal);
        CHECK(c.established);
        CHECK(c.conversation);
    }
    // A name that is none.
    auto const nameless = tls::compare<tls::mbedtls>(
        tls::server_name::dns("-"), configure({}), [] { return tls::memory_pipe::make().first; });
    CHECK(nameless[0].failure.has_value());
}

TEST_CASE("compare: one backend is enough, and so is a transport without a result") {
    auto const found = tls::compare<tls::wolfssl>(
        localhost(), configure({}), [] { return tls::memory_pipe::make().first; }, {.rounds = 3});
    REQUIRE(found[0].failure);
    CHECK(found.size() == 1);
    CHECK(found.differences().empty());
    auto const text = tls::to_text(found);
    check_readable(text);
    CHECK_FALSE(text.contains("differs"));
    CHECK(json(found).size({"differences"}) == 0);
}

TEST_CASE("compare: rounds take turns, and resumed sessions are no steady result") {
    tls::memory_ticket_store store;
    auto options = ticket_server(protocol_version::tls_1_2);
    server_thread<testbed::mbedtls_server> server(serving(options, 6));
    std::vector<std::size_t> order;
    std::array<tls::flight_recorder, 2> recorders;
    auto const clients = tls::clients_of<tls::wolfssl, tls::mbedtls>(configure({.store = &store}));
    auto const found = tls::compare(
        clients, localhost(),
        [&](std::size_t backend) {
            order.push_back(backend);
            return connection_to(server.port());
        },
        there_and_back, {.rounds = 2, .warm_up = 1, .recorders = recorders});
    REQUIRE(found.all_good());
    CHECK(order == std::vector<std::size_t>{0, 1, 1, 0, 0, 1});
    for (auto const& c : found) {
        CHECK(c.rounds == 2);
        CHECK(c.resumption == tls::resumption::accepted); // the first connection does not count
        CHECK(c.steady);
        CHECK(c.cost->processor_time.has_value());
    }
    for (auto const& r : recorders) CHECK(r.size() > 4);
    CHECK(tls::to_text(found).contains("medians of 2 connections"));
    CHECK(tls::to_text(found).contains(" times the processor time of wolfSSL"));

    tls::memory_ticket_store empty;
    server_thread<testbed::mbedtls_server> again(serving(options, 4));
    auto const other = tls::compare<tls::wolfssl, tls::mbedtls>(
        localhost(), configure({.store = &empty}), to(again.port()), there_and_back, {.rounds = 2});
    for (auto const& c : other) CHECK_FALSE(c.steady);
    CHECK(tls::to_text(other).contains("Not every connection negotiated the same"));
}

TEST_CASE("compare: whatever a name holds, the JSON is JSON and the text is text") {
    std::string const hostile = "a\"b\\c\n\x01\x7f\xff";
    auto options = good_server(protocol_version::tls_1_3);
    options.alpn = {hostile};
    server_thread<testbed::wolfssl_server> server(serving(options, 2));
    auto const found = compare(configure({.alpn = {hostile}}), server.port());
    REQUIRE(found.all_good());
    CHECK(found[wolfssl].alpn() == hostile);
    check_readable(tls::to_text(found));
    CHECK(tls::to_text(found).contains("a\"b\\c????"));
    // Bytes are the characters of their number: 0xff is U+00FF, which is two bytes of UTF-8.
    CHECK(json(found).text({"connections", "0", "alpn"}) == "a\"b\\c\n\x01\x7f\xc3\xbf");

    // Text goes wherever the caller says, in order, and what that throws passes through.
    std::string parts;
    tls::to_json(found, [&](std::string_view part) { parts += part; });
    CHECK(parts == tls::to_json(found));
    CHECK_THROWS_AS(tls::to_text(found, [](std::string_view) { throw 1; }), int);
    tls::table_to_text(found, swallow); // a plain function
}

} // namespace parity::compare_cases

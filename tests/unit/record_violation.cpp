// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include <tls/record/certificate_list.hpp>
#include <tls/record/checks.hpp>

#include <array>

namespace unit::record_violation_cases {
namespace {

using testbed::octets;
using tls::errc;
using tls::handshake_message;
using tls::protocol_version;

errc record(
    unsigned type, std::size_t length, bool keys_in_use = false, bool tls_1_3 = false, unsigned major = 3,
    unsigned minor = 3) {
    auto const high = static_cast<unsigned>(length >> 8U);
    testbed::bytes const header = octets({type, major, minor, high, static_cast<unsigned>(length) & 0xffU});
    tls::detail::record_splitter at;
    testbed::byte_view rest = header;
    REQUIRE(at.next(rest));
    return tls::detail::record_violation(at, keys_in_use, tls_1_3);
}

errc message(handshake_message type, unsigned length, bool after_hello, handshake_message last) {
    testbed::bytes const header =
        octets({static_cast<unsigned>(type), length >> 16U, (length >> 8U) & 0xffU, length & 0xffU});
    tls::detail::message_splitter at;
    testbed::byte_view rest = header;
    REQUIRE(at.next(rest));
    return tls::detail::message_violation(at, after_hello, last, std::nullopt);
}

} // namespace

TEST_CASE("record violation: what a header alone tells") {
    CHECK(record(22, 100) == errc::ok);
    CHECK(record(21, 2) == errc::ok);
    CHECK(record(22, 16384) == errc::ok);
    CHECK(record(22, 16385) == errc::record_overflow);
    CHECK(record(23, 16384 + 17, true, true) == errc::ok);
    CHECK(record(23, 16384 + 18, true, true) == errc::record_overflow);
    CHECK(record(23, 16384 + 2048, true) == errc::ok);
    CHECK(record(19, 1) == errc::unexpected_message);
    CHECK(record(24, 1) == errc::unexpected_message);
    CHECK(record(22, 1, false, false, 2) == errc::decode_error);
    for (bool const tls_1_3 : {false, true}) {
        CHECK(record(22, 100, false, tls_1_3, 3, 1) == errc::ok);
        CHECK(record(23, 100, true, tls_1_3, 3, 1) == errc::decode_error);
        CHECK(record(23, 100, true, tls_1_3, 3, 4) == errc::decode_error);
    }
    CHECK(record(22, 0) == errc::decode_error);
    CHECK(record(21, 1) == errc::decode_error);
    CHECK(record(23, 10) == errc::unexpected_message);
    CHECK(record(23, 10, true) == errc::ok);
    CHECK(record(23, 0, true) == errc::bad_record_mac);
    CHECK(record(20, 1) == errc::unexpected_message);
}

TEST_CASE("record violation: the order and the size of unencrypted messages") {
    using enum handshake_message;
    CHECK(message(server_hello, 80, false, hello_request) == errc::ok);
    CHECK(message(server_hello, 80, false, server_hello) == errc::ok); // after a HelloRetryRequest
    CHECK(message(certificate, 80, false, hello_request) == errc::unexpected_message);
    constexpr std::array flight = {server_hello,        certificate,         certificate_status,
                                   server_key_exchange, certificate_request, server_hello_done};
    for (auto const last : flight)
        for (auto const next : flight)
            CHECK(
                (message(next, 80, true, last) == errc::ok) ==
                (tls::detail::place_in_flight(next) > tls::detail::place_in_flight(last)));
    CHECK(message(finished, 12, true, server_hello_done) == errc::unexpected_message);
    CHECK(message(hello_request, 0, true, certificate) == errc::unexpected_message);
    CHECK(message(certificate, 3, true, server_hello) == errc::no_peer_certificate);
    CHECK(message(server_key_exchange, 3, true, certificate) == errc::decode_error);
    CHECK(message(certificate, 16033, true, server_hello) == errc::ok);
    CHECK(message(certificate, 16034, true, server_hello) == errc::chain_too_long);
    CHECK(message(certificate_request, 16000, true, certificate) == errc::ok);
    CHECK(message(certificate_request, 16001, true, certificate) == errc::request_too_long);
    CHECK(message(server_key_exchange, 0x20000, true, certificate) == errc::ok);
    CHECK(message(server_key_exchange, 0x20001, true, certificate) == errc::decode_error);
}

TEST_CASE("what leaves before anybody has vouched for the server is a hello or an alert, whole") {
    using tls::detail::holds_only;
    using tls::detail::unvouched;
    auto const alerts = [](testbed::bytes const& records) { return holds_only(unvouched::alerts, records); };
    auto const hello = [](testbed::bytes const& records) { return holds_only(unvouched::hello_and_alerts, records); };
    testbed::bytes const client_hello = octets({22, 3, 1, 0, 7, 1, 0, 0, 3, 3, 3, 9});
    CHECK(hello(client_hello));
    CHECK_FALSE(alerts(client_hello));
    CHECK_FALSE(hello(octets({22, 3, 1, 0, 7, 1, 0, 0, 3, 3, 3})));     // cut
    CHECK_FALSE(hello(octets({22, 3, 1, 0, 7, 1, 0, 0, 2, 3, 3, 9})));  // and something after it
    CHECK_FALSE(hello(octets({22, 3, 1, 0, 7, 11, 0, 0, 3, 0, 0, 0}))); // an empty Certificate
    CHECK_FALSE(hello(octets({22, 3, 1, 0, 4, 1, 0, 0, 0})));
    testbed::bytes const alert = octets({21, 3, 3, 0, 2, 2, 48, 20, 3, 3, 0, 1, 1});
    CHECK(hello(alert));
    CHECK(alerts(alert));
    testbed::bytes sealed = octets({23, 3, 3, 0, 19});
    sealed.resize(5 + 19);
    CHECK(alerts(sealed));
    sealed[4] = std::byte{20};
    sealed.emplace_back();
    CHECK_FALSE(alerts(sealed));
    CHECK(alerts({}));
}

TEST_CASE("certificate list: found in both versions, and nothing in a list that is cut off") {
    testbed::bytes const tls12 = octets({0, 0, 9, 0, 0, 2, 0xa, 0xb, 0, 0, 1, 0xc});
    testbed::bytes const tls13 = octets({1, 7, 0, 0, 14, 0, 0, 2, 0xa, 0xb, 0, 1, 9, 0, 0, 1, 0xc, 0, 0});
    std::array<testbed::byte_view, 3> into{};
    auto const check = [&](testbed::bytes const& body, protocol_version v) {
        REQUIRE(tls::detail::certificates_in(body, v, into) == 2);
        CHECK(into[0].size() == 2);
        CHECK(into[0][0] == std::byte{0xa});
        CHECK(into[1].size() == 1);
        CHECK(into[1][0] == std::byte{0xc});
        for (std::size_t n = 0; n != body.size(); ++n)
            CHECK(tls::detail::certificates_in(testbed::byte_view(body).first(n), v, into) == 0);
        CHECK(tls::detail::certificates_in(body, v, std::span(into).first(1)) == 1);
    };
    check(tls12, protocol_version::tls_1_2);
    check(tls13, protocol_version::tls_1_3);
    CHECK(tls::detail::certificates_in(octets({0, 0, 0}), protocol_version::tls_1_2, into) == 0);
}

} // namespace unit::record_violation_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace parity::failures_messages_cases {
namespace {

using testbed::octets;
using testbed::wire::make_record;
using tls::handshake_message;

scenario good(protocol_version v) {
    scenario s;
    s.client = only(v);
    s.server = serving(good_server(v));
    return s;
}

using edit = std::function<void(testbed::bytes&)>;

/// A good handshake in which the record that begins with this unencrypted message is changed.
row changed(
    protocol_version v, std::string_view what, errc expected, handshake_message which, edit how,
    testbed::server_options options) {
    row r{.name = named(v, what), .expected = expected, .what = good(v)};
    r.what.server = serving(std::move(options));
    r.what.network_rule = [=](std::size_t, testbed::bytes& record) {
        if (record.size() < 6 || record[0] != std::byte{testbed::wire::handshake} ||
            record[5] != static_cast<std::byte>(which))
            return io_trouble::none;
        how(record);
        return io_trouble::none;
    };
    return r;
}
row changed(protocol_version v, std::string_view what, errc expected, handshake_message which, edit how) {
    return changed(v, what, expected, which, std::move(how), good_server(v));
}

testbed::bytes message(handshake_message type, testbed::byte_view body) {
    auto const size = static_cast<unsigned>(body.size());
    testbed::bytes out = octets({static_cast<unsigned>(type), 0, size >> 8U, size & 0xffU});
    testbed::append(out, body);
    return make_record(testbed::wire::handshake, out);
}

edit replaced_by(testbed::bytes record) {
    return [record = std::move(record)](testbed::bytes& old) { old = record; };
}
edit followed_by(testbed::bytes more) {
    return [more = std::move(more)](testbed::bytes& old) { testbed::append(old, more); };
}
edit sent_twice() {
    return [](testbed::bytes& record) { testbed::append(record, testbed::bytes(record)); };
}
/// Takes bytes off the end of the message and keeps its lengths right.
edit shortened_by(std::size_t n) {
    return [n](testbed::bytes& record) {
        testbed::bytes const body(record.begin() + 9, record.end() - static_cast<std::ptrdiff_t>(n));
        record = message(static_cast<handshake_message>(record[5]), body);
    };
}
/// Sets a byte of the message's body.
edit with(std::size_t at, unsigned value) {
    return [=](testbed::bytes& record) { record[9 + at] = static_cast<std::byte>(value); };
}
/// Sets a byte of a ServerHello by its distance from the cipher suite.
edit near_suite(std::size_t at, unsigned value) {
    return [=](testbed::bytes& record) {
        std::size_t const session_id = std::to_integer<std::size_t>(record[9 + 34]);
        record[9 + 35 + session_id + at] = static_cast<std::byte>(value);
    };
}

} // namespace

TEST_CASE("failures: a ServerHello that chooses what was not offered") {
    for (protocol_version const v : versions) {
        auto const hello = handshake_message::server_hello;
        check(changed(v, "an unknown suite", errc::no_common_suite, hello, near_suite(1, 0x77)));
        check(changed(v, "a suite of nobody", errc::no_common_suite, hello, near_suite(0, 0xee)));
        check(changed(v, "compression", errc::illegal_parameter, hello, near_suite(2, 1)));
        check(changed(v, "cut extensions", errc::decode_error, hello, shortened_by(1)));
        check(changed(v, "SSL 3.0", errc::no_common_version, hello, with(1, 0)));
    }
}

TEST_CASE("failures: messages of a TLS 1.2 flight that are cut, twice there or missing") {
    constexpr auto v = protocol_version::tls_1_2;
    using enum handshake_message;
    check(changed(v, "ServerHello twice", errc::unexpected_message, server_hello, sent_twice()));
    check(changed(v, "Certificate twice", errc::unexpected_message, certificate, sent_twice()));
    check(changed(v, "ServerKeyExchange twice", errc::unexpected_message, server_key_exchange, sent_twice()));
    check(changed(v, "Certificate cut", errc::decode_error, certificate, shortened_by(1)));
    check(changed(v, "ServerKeyExchange cut", errc::decode_error, server_key_exchange, shortened_by(1)));
    check(changed(
        v, "ServerKeyExchange empty", errc::decode_error, server_key_exchange,
        replaced_by(message(server_key_exchange, {}))));
    check(changed(
        v, "no certificate", errc::no_peer_certificate, certificate,
        replaced_by(message(certificate, octets({0, 0, 0})))));
    check(changed(
        v, "a Certificate without a list", errc::decode_error, certificate, replaced_by(message(certificate, {}))));
    check(changed(
        v, "ServerHelloDone with a body", errc::decode_error, server_hello_done,
        replaced_by(message(server_hello_done, octets({1})))));
    check(changed(v, "no Certificate", errc::unexpected_message, certificate, [](testbed::bytes& r) { r.clear(); }));
    check(changed(v, "no ServerKeyExchange", errc::unexpected_message, server_key_exchange, [](testbed::bytes& r) {
        r.clear();
    }));
    check(changed(
        v, "an early ChangeCipherSpec", errc::unexpected_message, server_hello,
        followed_by(make_record(20, octets({1})))));
    check(changed(
        v, "an early Finished", errc::unexpected_message, server_hello_done,
        replaced_by(message(finished, testbed::bytes(12)))));
    check(changed(
        v, "application data in the flight", errc::unexpected_message, server_hello,
        followed_by(make_record(23, testbed::bytes(40)))));
    check(changed(
        v, "an unknown record in the flight", errc::unexpected_message, server_hello,
        followed_by(make_record(99, testbed::bytes(40)))));
    check(changed(
        v, "a record too long in the flight", errc::record_overflow, server_hello,
        followed_by(make_record(22, testbed::bytes(0x4801)))));
    check(changed(
        v, "HTTP in the flight", errc::unexpected_message, server_hello,
        followed_by(testbed::to_bytes("HTTP/1.1 400"))));
    auto asked = asking_server(v);
    check(changed(v, "CertificateRequest cut", errc::decode_error, certificate_request, shortened_by(1), asked));
    check(changed(
        v, "CertificateRequest empty", errc::decode_error, certificate_request,
        replaced_by(message(certificate_request, {})), asked));
    check(changed(v, "CertificateRequest twice", errc::unexpected_message, certificate_request, sent_twice(), asked));
}

TEST_CASE("failures: records after the ServerHello of TLS 1.3 that do not belong there") {
    constexpr auto v = protocol_version::tls_1_3;
    using enum handshake_message;
    check(changed(v, "ServerHello twice", errc::unexpected_message, server_hello, sent_twice()));
    check(changed(
        v, "an unencrypted Certificate", errc::unexpected_message, server_hello,
        followed_by(message(certificate, testbed::bytes(20)))));
    check(changed(
        v, "an unknown record", errc::unexpected_message, server_hello,
        followed_by(make_record(99, testbed::bytes(40)))));
    check(changed(
        v, "a record too long", errc::record_overflow, server_hello,
        followed_by(make_record(23, testbed::bytes(0x4801)))));
    check(changed(
        v, "a record too long by one", errc::record_overflow, server_hello,
        followed_by(make_record(23, testbed::bytes(0x4101)))));
    check(changed(
        v, "an encrypted record of noise", errc::bad_record_mac, server_hello,
        followed_by(make_record(23, testbed::pattern(100)))));
    check(
        changed(v, "an empty encrypted record", errc::bad_record_mac, server_hello, followed_by(make_record(23, {}))));
}

TEST_CASE("failures: the server closes in order in the middle of the handshake") {
    for (protocol_version const v : versions) {
        auto const close_notify = testbed::wire::make_alert(1, 0);
        row first{.name = named(v, "close_notify first"), .expected = errc::peer_closed};
        first.what.client = only(v);
        first.what.server = [=] { return std::make_unique<canned_peer>(close_notify, true); };
        check(first);
        check(changed(
            v, "close_notify after ServerHello", errc::peer_closed, handshake_message::server_hello,
            replaced_by(close_notify)));
    }
    row encrypted{
        .name = "TLS 1.3: encrypted close_notify",
        .expected = errc::peer_closed,
        .what = good(protocol_version::tls_1_3)};
    auto options = good_server(protocol_version::tls_1_3);
    options.stop_with = testbed::early_alert{handshake_message::encrypted_extensions, 0, 1};
    encrypted.what.server = serving(options);
    check(encrypted);
}

TEST_CASE("failures: a chain too large for a message") {
    for (protocol_version const v : versions) {
        auto spec = testbed::server_spec();
        spec.padding = 14500;
        row r{.name = named(v, "a certificate of 14.5 KB"), .expected = errc::want_read, .phase = tls::phase::reading};
        r.what.client = only(v);
        r.what.server = serving(testbed::server_options::showing(pki().server_with(spec), v));
        check(r);
        // Beyond our limit; beyond that of Mbed TLS; beyond that of wolfSSL.
        for (std::size_t const size : {15900u, 17000u, 19000u}) {
            spec.padding = size;
            auto const shown = testbed::server_options::showing(pki().server_with(spec), v);
            row large{.name = named(v, "a certificate of " + std::to_string(size)), .expected = errc::chain_too_long};
            large.what.client = only(v);
            large.what.server = serving<testbed::wolfssl_server>(shown);
            check(large);
        }
    }
}

} // namespace parity::failures_messages_cases

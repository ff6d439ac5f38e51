// SPDX-License-Identifier: Apache-2.0
#include "parity/failure_table.hpp"

#include <string>
#include <vector>

namespace parity::failures_records_cases {
namespace {

using testbed::octets;
using testbed::wire::make_record;
using tls::handshake_message;

row answer(protocol_version v, std::string_view what, errc expected, testbed::bytes bytes) {
    row r{.name = named(v, what), .expected = expected};
    r.what.client = only(v);
    r.what.server = [bytes = std::move(bytes)] { return std::make_unique<canned_peer>(bytes, true); };
    return r;
}

/// A handshake message that claims a length.
testbed::bytes message(handshake_message type, std::size_t claimed, testbed::byte_view body = {}) {
    testbed::bytes out = octets(
        {static_cast<unsigned>(type), static_cast<unsigned>(claimed >> 16), static_cast<unsigned>(claimed >> 8) & 0xffU,
         static_cast<unsigned>(claimed) & 0xffU});
    testbed::append(out, body);
    return out;
}

testbed::bytes handshake_record(handshake_message type, testbed::byte_view body = {}) {
    return make_record(testbed::wire::handshake, message(type, body.size(), body));
}

scenario good(protocol_version v) {
    scenario s;
    s.client = only(v);
    s.server = serving(good_server(v));
    return s;
}

/// Changes one record of a good handshake.
rule change(std::size_t which, std::function<void(testbed::bytes&)> how) {
    return [which, how = std::move(how)](std::size_t number, testbed::bytes& record) {
        if (number == which) how(record);
        return io_trouble::none;
    };
}

void flip_last(testbed::bytes& record) { record.back() ^= std::byte{1}; }

bool is_encrypted(std::vector<testbed::bytes> const& records, std::size_t which) {
    if (records[which][0] == std::byte{testbed::wire::application_data}) return true;
    return which > 0 && records[which - 1][0] == std::byte{testbed::wire::change_cipher_spec} &&
           records[which][0] == std::byte{testbed::wire::handshake};
}

} // namespace

TEST_CASE("failures: what does not speak TLS") {
    for (protocol_version const v : versions) {
        check(answer(v, "HTTP", errc::not_tls, testbed::to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n")));
        check(answer(v, "SSH", errc::not_tls, testbed::to_bytes("SSH-2.0-OpenSSH_9.2\r\n")));
        check(answer(v, "SMTP", errc::not_tls, testbed::to_bytes("220 mail.example ESMTP\r\n")));
        check(answer(v, "one letter", errc::not_tls, testbed::to_bytes("HHHHH")));
        check(answer(v, "zeros", errc::not_tls, testbed::bytes(64)));
        check(answer(v, "noise", errc::not_tls, testbed::pattern(300)));
        check(answer(v, "SSL 2", errc::not_tls, octets({0x80, 0x03, 0x00, 0x00, 0x01})));
        check(answer(v, "an unknown type of record", errc::not_tls, make_record(24, octets({1, 2, 3}))));
        check(answer(v, "another version of records", errc::not_tls, make_record(22, octets({2, 0, 0, 0}), 0x0900)));
    }
}

TEST_CASE("failures: impossible records, unencrypted") {
    for (protocol_version const v : versions) {
        auto const too_long = testbed::bytes(0x4801, std::byte{2});
        check(answer(v, "a record too long by one", errc::record_overflow, make_record(22, too_long)));
        check(answer(v, "a record of 65535 bytes", errc::record_overflow, make_record(22, testbed::bytes(65535))));
        check(answer(v, "an empty handshake record", errc::decode_error, make_record(22, {})));
        check(answer(v, "an empty alert", errc::decode_error, make_record(21, {})));
        check(answer(v, "half an alert", errc::decode_error, make_record(21, octets({2}))));
        check(answer(v, "application data first", errc::unexpected_message, make_record(23, octets({1, 2, 3}))));
        // TLS 1.3 ignores it.
        check(answer(
            v, "ChangeCipherSpec first", v == protocol_version::tls_1_2 ? errc::unexpected_message : errc::peer_closed,
            make_record(20, octets({1}))));
        check(answer(v, "a wrong ChangeCipherSpec", errc::unexpected_message, make_record(20, octets({2}))));
    }
}

TEST_CASE("failures: impossible handshake messages") {
    for (protocol_version const v : versions) {
        check(answer(
            v, "a message of 16 MB", errc::decode_error,
            make_record(22, message(handshake_message::server_hello, 0xffffff, testbed::bytes(100)))));
        for (auto const type :
             {handshake_message::server_hello_done, handshake_message::finished, handshake_message::certificate,
              handshake_message::client_hello, handshake_message::new_session_ticket,
              static_cast<handshake_message>(99)})
            check(answer(
                v, std::string(tls::name(type)).append(" first"), errc::unexpected_message, handshake_record(type)));
        check(answer(v, "an empty ServerHello", errc::decode_error, handshake_record(handshake_message::server_hello)));
        check(answer(
            v, "a ServerHello of zeros", errc::no_common_version,
            handshake_record(handshake_message::server_hello, testbed::bytes(38))));
        check(answer(
            v, "a ServerHello of noise", errc::decode_error,
            handshake_record(handshake_message::server_hello, testbed::pattern(80))));
    }
}

TEST_CASE("failures: a bit of an encrypted record is flipped") {
    for (protocol_version const v : versions) {
        auto const records = undisturbed_records(good(v));
        for (std::size_t i = 0; i != records.size(); ++i) {
            if (!is_encrypted(records, i)) continue;
            row r{.name = named(v, "record " + std::to_string(i)), .expected = errc::bad_record_mac, .what = good(v)};
            r.what.network_rule = change(i, flip_last);
            check(r);
        }
        row data{.name = named(v, "application data"), .expected = errc::bad_record_mac, .phase = tls::phase::reading};
        data.what = good(v);
        data.what.server =
            serving(good_server(v), [](testbed::mbedtls_server& s) { s.send(testbed::view_of("an answer")); });
        data.what.network_rule = change(records.size(), flip_last);
        check(data);
        data.name = named(v, "application data, its first bytes");
        data.what.network_rule = change(records.size(), [](testbed::bytes& record) { record[5] ^= std::byte{1}; });
        check(data);
    }
}

TEST_CASE("failures: any bit of a record's header is flipped after the handshake") {
    constexpr std::size_t header = 5;
    constexpr std::size_t first_of_length = 3;
    for (protocol_version const v : versions) {
        scenario s = good(v);
        std::size_t const handshake = undisturbed_records(s).size();
        s.server = serving(good_server(v), [](testbed::mbedtls_server& m) { m.send(testbed::view_of("an answer")); });
        for (std::size_t bit = 0; bit != header * 8; ++bit) {
            std::size_t const at = bit / 8;
            std::string const name = named(v, "bit " + std::to_string(bit));
            CAPTURE(name);
            s.network_rule = change(handshake, [&](testbed::bytes& r) { r[at] ^= std::byte{1} << (bit % 8); });
            tls::error const w = play<tls::wolfssl>(s).error;
            tls::error const m = play<tls::mbedtls>(s).error;
            CHECK_MESSAGE(w.code == m.code, "wolfSSL: ", tls::name(w.code), ", Mbed TLS: ", tls::name(m.code));
            CHECK(w.phase == tls::phase::reading);
            using enum errc;
            bool const cut_short = w.code == truncated && at >= first_of_length;
            bool const said = w.code == bad_record_mac || w.code == decode_error || w.code == unexpected_message ||
                              w.code == record_overflow || cut_short;
            CHECK_MESSAGE(said, tls::name(w.code));
            if (at == 1 || at == 2) CHECK(w.code == decode_error);
        }
    }
}

TEST_CASE("failures: impossible records, once keys are in use") {
    for (protocol_version const v : versions) {
        std::size_t const handshake = undisturbed_records(good(v)).size();
        auto const data = [&](std::string_view what, errc expected, std::function<void(testbed::bytes&)> how) {
            row r{.name = named(v, what), .expected = expected, .phase = tls::phase::reading};
            r.what = good(v);
            r.what.server =
                serving(good_server(v), [](testbed::mbedtls_server& s) { s.send(testbed::view_of("an answer")); });
            r.what.network_rule = change(handshake, std::move(how));
            check(r);
        };
        data("too long by one", errc::record_overflow, [](testbed::bytes& record) {
            record = make_record(23, testbed::bytes(0x4801));
        });
        data("65535 bytes", errc::record_overflow, [](testbed::bytes& record) {
            record = make_record(23, testbed::bytes(65535));
        });
        data("empty", errc::bad_record_mac, [](testbed::bytes& record) { record = make_record(23, {}); });
        data("shorter than its tag", errc::bad_record_mac, [](testbed::bytes& record) {
            record = make_record(23, testbed::bytes(5));
        });
        data("of an unknown type", errc::unexpected_message, [](testbed::bytes& record) { record[0] = std::byte{24}; });
        data("of another version", errc::decode_error, [](testbed::bytes& record) { record[1] = std::byte{9}; });
        errc const in_clear = v == protocol_version::tls_1_3 ? errc::unexpected_message : errc::bad_record_mac;
        data("an unencrypted handshake message", in_clear, [](testbed::bytes& record) {
            record = handshake_record(handshake_message::server_hello_done);
        });
    }
}

TEST_CASE("failures: a signature or a key share is not what it should be") {
    constexpr auto v = protocol_version::tls_1_2;
    auto const at = [&](std::string_view what, std::size_t record, errc expected, auto how) {
        row r{.name = named(v, what), .expected = expected, .what = good(v)};
        r.what.network_rule = change(record, how);
        check(r);
    };
    at("the signature of ServerKeyExchange", 2, errc::bad_handshake_signature, flip_last);
    at("the key of ServerKeyExchange", 2, errc::bad_handshake_signature,
       [](testbed::bytes& record) { record[20] ^= std::byte{1}; });
    at("the group of ServerKeyExchange", 2, errc::no_common_group,
       [](testbed::bytes& record) { record[11] = std::byte{99}; });
    at("the random of ServerHello", 0, errc::bad_handshake_signature,
       [](testbed::bytes& record) { record[12] ^= std::byte{1}; });
    at("the order of messages", 1, errc::unexpected_message,
       [](testbed::bytes& record) { record = handshake_record(handshake_message::server_hello_done); });
    row r{.name = "TLS 1.3: the random of ServerHello", .expected = errc::bad_record_mac};
    r.what = good(protocol_version::tls_1_3);
    r.what.network_rule = change(0, [](testbed::bytes& record) { record[12] ^= std::byte{1}; });
    check(r);
    row key{.name = "TLS 1.3: the key share of ServerHello", .expected = errc::bad_record_mac};
    key.what = good(protocol_version::tls_1_3);
    key.what.network_rule = change(0, flip_last);
    check(key);
}

} // namespace parity::failures_records_cases

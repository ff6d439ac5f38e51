// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/transports.hpp"
#include "testbed/wire.hpp"
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/record/wire.hpp>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <string>

namespace unit::flight_recorder_cases {
namespace {

using testbed::append;
using testbed::byte_view;
using testbed::bytes;
using testbed::octets;
using testbed::pattern;
using tls::flight_recorder;
using tls::handshake_message;
namespace wire = testbed::wire;

std::chrono::microseconds the_time{};
std::chrono::microseconds test_clock() noexcept { return the_time; }

bytes joined(std::initializer_list<bytes> parts) {
    bytes out;
    for (bytes const& part : parts) append(out, part);
    return out;
}

bytes message(handshake_message type, byte_view body) {
    bytes out = octets(
        {static_cast<unsigned>(type), 0, static_cast<unsigned>(body.size() >> 8),
         static_cast<unsigned>(body.size() & 0xff)});
    append(out, body);
    return out;
}

bytes record(byte_view body, unsigned type = wire::handshake) { return wire::make_record(type, body); }

bytes hello(bool retry) {
    bytes body = octets({3, 3});
    bytes random(tls::detail::retry_random.size());
    std::ranges::transform(tls::detail::retry_random, random.begin(), [](auto b) { return std::byte{b}; });
    if (!retry) random.back() ^= std::byte{1};
    append(body, random);
    append(body, pattern(20));
    return message(handshake_message::server_hello, body);
}

bytes const client_hello = message(handshake_message::client_hello, pattern(200));
bytes const hello_done = message(handshake_message::server_hello_done, {});
bytes const change_cipher_spec = record(octets({1}), wire::change_cipher_spec);

struct fixture {
    flight_recorder recorder{test_clock};

    fixture() { the_time = std::chrono::seconds(5000); }
    void sent(byte_view data) { recorder.sent(data); }
    void received(byte_view data) { recorder.received(data); }
    static void later(int microseconds) { the_time += std::chrono::microseconds(microseconds); }
    std::string text() const { return recorder.to_text(); }
};

} // namespace

TEST_CASE_FIXTURE(fixture, "flight recorder: nothing recorded is nothing printed") {
    CHECK(recorder.size() == 0);
    CHECK(text().empty());
}

TEST_CASE_FIXTURE(fixture, "flight recorder: the ladder of a TLS 1.2 handshake") {
    sent(record(client_hello));
    later(1210);
    received(record(joined(
        {hello(false), message(handshake_message::certificate, pattern(500)),
         message(handshake_message::server_key_exchange, pattern(90)),
         message(handshake_message::certificate_request, pattern(40)), hello_done})));
    later(1'500'000);
    sent(joined(
        {record(message(handshake_message::client_key_exchange, pattern(33))), change_cipher_spec,
         record(pattern(40))}));
    later(7);
    received(joined({change_cipher_spec, record(pattern(40)), record(pattern(300), wire::application_data)}));
    sent(record(pattern(26), wire::alert));
    later(100'000'000);
    recorder.stopped(false, flight_recorder::kind::end);
    CHECK(
        text() == "   0.000 ms  -> handshake            204  ClientHello\n"
                  "   1.210 ms  <- handshake            704  ServerHello, Certificate, ServerKeyExchange, "
                  "CertificateRequest, ServerHelloDone\n"
                  "1501.210 ms  -> handshake             37  ClientKeyExchange\n"
                  "1501.210 ms  -> change_cipher_spec     1\n"
                  "1501.210 ms  -> handshake             40  (encrypted)\n"
                  "1501.217 ms  <- change_cipher_spec     1\n"
                  "1501.217 ms  <- handshake             40  (encrypted)\n"
                  "1501.217 ms  <- application_data     300  (encrypted)\n"
                  "1501.217 ms  -> alert                 26  (encrypted)\n"
                  "101501.217 ms  <- end of stream\n");
}

TEST_CASE_FIXTURE(fixture, "flight recorder: the ladder of TLS 1.3 with a HelloRetryRequest") {
    sent(record(client_hello));
    received(joined({record(hello(true)), change_cipher_spec}));
    sent(joined({change_cipher_spec, record(client_hello)}));
    received(joined({record(hello(false)), record(pattern(905), wire::application_data)}));
    sent(record(pattern(53), wire::application_data));
    CHECK(
        text() == "   0.000 ms  -> handshake            204  ClientHello\n"
                  "   0.000 ms  <- handshake             58  HelloRetryRequest\n"
                  "   0.000 ms  <- change_cipher_spec     1\n"
                  "   0.000 ms  -> change_cipher_spec     1\n"
                  "   0.000 ms  -> handshake            204  ClientHello\n"
                  "   0.000 ms  <- handshake             58  ServerHello\n"
                  "   0.000 ms  <- application_data     905  (encrypted)\n"
                  "   0.000 ms  -> application_data      53  (encrypted)\n");
}

TEST_CASE_FIXTURE(fixture, "flight recorder: unencrypted alerts, broken streams and other protocols") {
    received(wire::make_alert(2, 48));
    sent(wire::make_alert(1, 0));
    received(byte_view(record(hello_done)).first(7));
    recorder.stopped(false, flight_recorder::kind::failed, ECONNRESET);
    recorder.stopped(true, flight_recorder::kind::timed_out);
    CHECK(
        text() == "   0.000 ms  <- alert                  2  fatal 48 unknown_ca\n"
                  "   0.000 ms  -> alert                  2  warning 0 close_notify\n"
                  "   0.000 ms  <- handshake              4  (continued)  (incomplete)\n"
                  "   0.000 ms  <- failed, system error 104\n"
                  "   0.000 ms  -> timed out\n");
    recorder.begin();
    CHECK(text().empty());
    received(testbed::view_of("HTTP/1.1 400 Bad Request"));
    received(record(hello_done));
    sent(record(client_hello));
    CHECK(
        text() == "   0.000 ms  <- not a TLS record\n"
                  "   0.000 ms  -> handshake            204  ClientHello\n");
}

TEST_CASE_FIXTURE(fixture, "flight recorder: messages cut over records, and records in any pieces") {
    bytes const flight = joined({hello(true), hello(false), hello_done});
    bytes const stream = joined(
        {record(byte_view(flight).first(60)), record(byte_view(flight).subspan(60, 10)),
         record(byte_view(flight).subspan(70)), change_cipher_spec, record({}), record(pattern(9))});
    received(stream);
    std::string const whole = text();
    CHECK(
        whole == "   0.000 ms  <- handshake             60  HelloRetryRequest\n"
                 "   0.000 ms  <- handshake             10  ServerHello\n"
                 "   0.000 ms  <- handshake             50  ServerHelloDone\n"
                 "   0.000 ms  <- change_cipher_spec     1\n"
                 "   0.000 ms  <- handshake              0  (encrypted)\n"
                 "   0.000 ms  <- handshake              9  (encrypted)\n");
    for (std::size_t step = 1; step < stream.size(); ++step) {
        recorder.begin();
        for (std::size_t at = 0; at < stream.size(); at += step)
            received(byte_view(stream).subspan(at, std::min(step, stream.size() - at)));
        CHECK(text() == whole);
    }
}

TEST_CASE_FIXTURE(fixture, "flight recorder: the last entries are kept, the others counted") {
    sent(byte_view(record(client_hello)).first(100)); // still under way when it has been dropped
    for (unsigned i = 0; i < 100; ++i) {
        later(1000);
        received(record(pattern(i + 1), wire::application_data));
    }
    sent(byte_view(record(client_hello)).subspan(100));
    CHECK(recorder.size() == flight_recorder::capacity);
    CHECK(recorder.dropped() == 101 - flight_recorder::capacity);
    CHECK(recorder[0].length == 37);
    CHECK(recorder[0].microseconds == 37'000);
    CHECK(recorder[63].length == 100);
    for (std::size_t i = 0; i < recorder.size(); ++i) CHECK(recorder[i].complete == 1);
    CHECK(text().starts_with(
        "(37 earlier entries were dropped)\n  37.000 ms  <- application_data      37  (encrypted)\n"));
}

TEST_CASE_FIXTURE(fixture, "flight recorder: what does not fit into the memory given is cut off") {
    sent(record(client_hello));
    std::string const whole = text();
    for (std::size_t size = 0; size <= whole.size() + 1; ++size) {
        std::string into(size, '#');
        CHECK(recorder.print(into) == whole.substr(0, size));
    }
    // The longest lines there are.
    for (std::size_t i = 0; i < 2 * flight_recorder::capacity; ++i) {
        bytes flight;
        for (int n = 0; n < 9; ++n) append(flight, message(handshake_message::encrypted_extensions, {}));
        received(record(flight));
        later(2'000'000'000);
    }
    CHECK(text().ends_with(", ...\n"));
}

TEST_CASE_FIXTURE(fixture, "flight recorder: on the wire, bytes are noted when they have moved") {
    testbed::scripted_transport over;
    for (std::byte const b : record(hello_done)) over.arrives(bytes{b});
    over.arrives(tls::io_result::at_end());
    tls::seam::handshake_buffers room;
    tls::seam::wire w;
    w.begin_handshake(room);
    w.attach(tls::detail::transport_ref::of(over));
    w.send(record(client_hello)); // before anything is attached
    CHECK(w.flush() == tls::io_status::ok);
    w.record_into(recorder);
    w.send(record(client_hello));
    CHECK(recorder.size() == 0);
    over.answers = {tls::io_result::blocked()};
    CHECK(w.flush() == tls::io_status::would_block);
    CHECK(recorder.size() == 0);
    over.answers.assign(10, tls::io_result::moved(20));
    CHECK(w.flush() == tls::io_status::ok);
    w.end_handshake();
    std::byte into[100];
    while (w.receive(into).what == tls::seam::received::kind::bytes) {
    }
    CHECK(w.receive(into).what == tls::seam::received::kind::end);
    w.send(record(pattern(5), wire::application_data)); // dropped: the connection has ended
    CHECK(
        text() == "   0.000 ms  -> handshake            204  ClientHello\n"
                  "   0.000 ms  <- handshake              4  ServerHelloDone\n"
                  "   0.000 ms  <- end of stream\n");

    tls::seam::wire second;
    second.attach(tls::detail::transport_ref::of(over));
    second.record_into(recorder);
    second.send(record(pattern(5), wire::application_data));
    over.answers = {tls::io_result::broken(EPIPE)};
    second.send(record(pattern(5), wire::application_data));
    CHECK(
        text() == "   0.000 ms  -> application_data       5  (encrypted)\n"
                  "   0.000 ms  -> failed, system error 32\n");
}

} // namespace unit::flight_recorder_cases

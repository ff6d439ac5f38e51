// SPDX-License-Identifier: Apache-2.0
#include "testbed/wire.hpp"

#include "check.hpp"
#include "testbed/bytes.hpp"
#include "testbed/transports.hpp"
#include <tls/record/wire.hpp>

#include <array>
#include <cerrno>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace unit::wire_cases {
namespace {

using testbed::bytes;
using testbed::pattern;
using testbed::to_bytes;
using testbed::view_of;
using tls::io_result;
using tls::io_status;
using tls::seam::received;

struct fixture {
    testbed::scripted_transport transport;
    bool vouched_for = true;
    tls::seam::handshake_buffers buffers{};
    tls::seam::wire wire;
    std::array<std::byte, 256> buffer{};

    fixture() {
        buffers.guard = {[](void const* allowed) noexcept { return *static_cast<bool const*>(allowed); }, &vouched_for};
        wire.begin_handshake(buffers);
        begin_call();
    }
    fixture(fixture const&) = delete; // the wire refers to the buffers
    fixture& operator=(fixture const&) = delete;
    void begin_call() { wire.attach(tls::detail::transport_ref::of(transport)); }
    void send(std::string_view text) { wire.send(view_of(text)); }
    received receive() { return wire.receive(buffer); }
    std::string received_text() {
        received const r = receive();
        return r.what == received::kind::bytes ? testbed::to_text(std::span(buffer).first(r.count)) : "nothing";
    }
};

using kind = received::kind;

} // namespace

TEST_CASE_FIXTURE(
    fixture, "wire: before the server is vouched for our hello leaves, in pieces if need be, and nothing else") {
    vouched_for = false;
    std::string const hello("\x16\x03\x01\x00\x07\x01\x00\x00\x03\x03\x03\x09", 12);
    transport.answers = {io_result::moved(5), io_result::blocked()};
    send(hello);
    CHECK(wire.flush() == io_status::would_block);
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.taken == hello);
    CHECK_FALSE(wire.held_back());
    send("a flight");
    CHECK(wire.flush() == io_status::failed);
    CHECK(wire.held_back());
    CHECK(transport.taken == hello);
}

TEST_CASE_FIXTURE(fixture, "wire: a flight of a handshake leaves as one write, when the library asks to read") {
    send("hello ");
    send("certificate ");
    send("finished");
    CHECK(transport.offered.empty());
    CHECK(wire.waiting());
    transport.arrives(to_bytes("answer"));
    CHECK(received_text() == "answer");
    CHECK(transport.offered == std::vector<std::string>{"hello certificate finished"});
    CHECK_FALSE(wire.waiting());
}

TEST_CASE_FIXTURE(fixture, "wire: a flight larger than the room for it is one write all the same") {
    std::string const part(buffers.flight.size() - 1, 'a');
    send(part);
    send("bc");
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.offered == std::vector<std::string>{part + "bc"});
}

TEST_CASE_FIXTURE(fixture, "wire: after the handshake what waits is not in the room that the handshake had") {
    send("a flight");
    CHECK(wire.flush() == io_status::ok);
    wire.end_handshake();
    buffers.flight.fill(std::byte{'x'});
    transport.answers = {io_result::blocked()};
    send("data");
    buffers.flight.fill(std::byte{'x'});
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.taken == "a flightdata");
}

TEST_CASE_FIXTURE(fixture, "wire: a flight also leaves by flush, and sending nothing sends nothing") {
    send("");
    CHECK_FALSE(wire.waiting());
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.offered.empty());
    send("alert");
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.taken == "alert");
}

TEST_CASE_FIXTURE(fixture, "wire: a transport that takes one byte at a time gets every byte once") {
    send("a flight");
    for (int i = 0; i < 7; ++i) transport.answers.push_back(io_result::moved(1));
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.taken == "a flight");
    CHECK(transport.offered.size() == 8);
}

TEST_CASE_FIXTURE(fixture, "wire: while a flight is stuck nothing is read, and the rest leaves later") {
    send("a flight");
    transport.answers = {io_result::moved(3), io_result::blocked()};
    transport.arrives(to_bytes("early"));
    CHECK(receive().what == kind::would_block);
    CHECK(transport.reads == 0);
    CHECK(wire.waiting());
    CHECK_FALSE(wire.read_blocked());
    CHECK(wire.write_failure() == io_status::ok);

    begin_call();
    CHECK(received_text() == "early");
    CHECK(transport.taken == "a flight");
}

TEST_CASE_FIXTURE(fixture, "wire: application records go straight out") {
    wire.end_handshake();
    send("one");
    send("two");
    CHECK(transport.offered == std::vector<std::string>{"one", "two"});
    CHECK_FALSE(wire.waiting());
}

TEST_CASE_FIXTURE(
    fixture, "wire: what the transport does not take of a record waits, and later records wait behind it") {
    wire.end_handshake();
    transport.answers = {io_result::moved(2), io_result::blocked()};
    send("abcdef");
    send("ghi");
    CHECK(transport.taken == "ab");
    CHECK(wire.waiting());
    transport.answers = {io_result::blocked()};
    CHECK(wire.flush() == io_status::would_block);
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.taken == "abcdefghi");
    send("jkl");
    CHECK(transport.taken == "abcdefghijkl");
}

TEST_CASE_FIXTURE(fixture, "wire: after the handshake reading goes on although writing is stuck") {
    wire.end_handshake();
    transport.answers = {io_result::blocked(), io_result::blocked()};
    send("stuck");
    transport.arrives(to_bytes("news"));
    CHECK(received_text() == "news");
    CHECK(wire.waiting());
}

TEST_CASE_FIXTURE(fixture, "wire: when writing fails the peer's alert is still read, and then it is over") {
    send("a flight");
    transport.answers = {io_result::broken(EPIPE)};
    transport.arrives(testbed::wire::make_alert(2, 40));
    CHECK(receive().what == kind::bytes);
    CHECK(wire.seen().alert_received == tls::alert::handshake_failure);
    CHECK(wire.write_failure() == io_status::failed);
    CHECK_FALSE(wire.ended());
    CHECK_FALSE(wire.waiting());

    // Nothing more comes over a broken transport: waiting would never end.
    CHECK(receive().what == kind::end);
    CHECK(wire.ended());
    CHECK(wire.read_end() == io_status::failed);
    CHECK(wire.system() == EPIPE);
    CHECK_FALSE(wire.read_blocked());

    send("more");
    CHECK(wire.flush() == io_status::failed);
    CHECK(transport.offered.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "wire: a record that fails half way is not completed later") {
    wire.end_handshake();
    transport.answers = {io_result::moved(2), io_result::broken(ECONNRESET)};
    send("abcdef");
    CHECK(wire.write_failure() == io_status::failed);
    CHECK(wire.system() == ECONNRESET);
    CHECK_FALSE(wire.waiting());
    send("ghi");
    CHECK(wire.flush() == io_status::failed);
    CHECK(transport.taken == "ab");
}

TEST_CASE_FIXTURE(fixture, "wire: the end is latched, and what is sent after it is dropped") {
    transport.arrives(to_bytes("last"));
    transport.arrives(io_result::at_end());
    transport.arrives(to_bytes("never"));
    CHECK(received_text() == "last");
    CHECK_FALSE(wire.ended());
    CHECK(receive().what == kind::end);
    CHECK(wire.ended());
    CHECK(wire.read_end() == io_status::end);
    begin_call();
    CHECK(receive().what == kind::end);
    CHECK(transport.reads == 2);

    send("alert that a library makes up about the end");
    CHECK_FALSE(wire.waiting());
    CHECK(wire.flush() == io_status::ok);
    CHECK(transport.offered.empty());
}

TEST_CASE_FIXTURE(fixture, "wire: a failed read is latched with its code") {
    transport.arrives(io_result::broken(ECONNRESET));
    transport.arrives(to_bytes("never"));
    CHECK(receive().what == kind::end);
    CHECK(wire.read_end() == io_status::failed);
    CHECK(wire.system() == ECONNRESET);
    CHECK(receive().what == kind::end);
    CHECK(transport.reads == 1);
}

TEST_CASE_FIXTURE(fixture, "wire: a deadline of a read is the caller's, and the next call reads again") {
    transport.arrives(io_result::timed_out());
    transport.arrives(to_bytes("late"));
    CHECK(receive().what == kind::would_block);
    CHECK(wire.read_timed_out());
    CHECK_FALSE(wire.read_blocked());
    CHECK_FALSE(wire.ended());
    begin_call();
    CHECK_FALSE(wire.read_timed_out());
    CHECK(received_text() == "late");
}

TEST_CASE_FIXTURE(fixture, "wire: an empty transport is told apart from everything else, for one call") {
    CHECK(receive().what == kind::would_block);
    CHECK(wire.read_blocked());
    begin_call();
    CHECK_FALSE(wire.read_blocked());
}

TEST_CASE_FIXTURE(fixture, "wire: a deadline of a write is final") {
    send("a flight");
    transport.answers = {io_result::moved(1), io_result::timed_out()};
    transport.arrives(to_bytes("unread"));
    CHECK(receive().what == kind::would_block);
    CHECK(wire.write_failure() == io_status::timeout);
    CHECK(transport.reads == 0);
    begin_call();
    send("more");
    CHECK(wire.flush() == io_status::timeout);
    CHECK_FALSE(wire.waiting());
    CHECK(transport.taken == "a");
}

TEST_CASE_FIXTURE(fixture, "wire: the handshake is looked at, application records are not") {
    transport.arrives(testbed::wire::make_alert(2, 42));
    (void)receive();
    CHECK(wire.seen().alert_received == tls::alert::bad_certificate);
    send(testbed::to_text(testbed::wire::make_alert(2, 80)));
    CHECK(wire.seen().alert_sent == tls::alert::internal_error);

    fixture later;
    later.wire.end_handshake();
    later.transport.arrives(testbed::wire::make_alert(2, 42));
    (void)later.receive();
    later.send(testbed::to_text(testbed::wire::make_alert(2, 80)));
    CHECK_FALSE(later.buffers.tap.seen().alert_received.has_value());
    CHECK_FALSE(later.buffers.tap.seen().alert_sent.has_value());
}

namespace {

/// A fixture whose handshake chose TLS 1.3 and is over.
struct after_tls13_handshake : fixture {
    after_tls13_handshake() {
        bytes hello = testbed::octets({2, 0, 0, 46, 3, 3});
        testbed::append(hello, pattern(32));
        testbed::append(hello, testbed::octets({0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4}));
        transport.arrives(testbed::wire::make_record(testbed::wire::handshake, hello));
        begin_call();
        CHECK(receive().what == kind::bytes);
        CHECK(wire.seen().version == tls::protocol_version::tls_1_3);
        wire.end_handshake();
    }
};

bytes data_record(std::size_t size) {
    return testbed::wire::make_record(testbed::wire::application_data, pattern(size));
}

} // namespace

TEST_CASE("wire: the first whole record after a TLS 1.3 handshake is heard, in any pieces") {
    bytes const record = data_record(30);
    for (std::size_t cut = 1; cut < record.size(); ++cut) {
        after_tls13_handshake f;
        f.begin_call();
        f.transport.arrives(bytes(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(cut)));
        f.transport.arrives(bytes(record.begin() + static_cast<std::ptrdiff_t>(cut), record.end()));
        (void)f.receive();
        CHECK_FALSE(f.wire.heard());
        f.wire.end_handshake(); // calling it again changes nothing
        (void)f.receive();
        CHECK(f.wire.heard());
    }
}

TEST_CASE("wire: ChangeCipherSpec is not heard, and nothing that follows it") {
    after_tls13_handshake f;
    f.begin_call();
    f.transport.arrives(testbed::wire::make_record(testbed::wire::change_cipher_spec, testbed::octets({1})));
    CHECK(f.wire.bad_record() == tls::errc::ok);
    CHECK(f.receive().what == kind::would_block);
    CHECK_FALSE(f.wire.heard());
    CHECK(f.wire.bad_record() == tls::errc::unexpected_message);
    f.transport.arrives(data_record(30));
    CHECK(f.receive().what == kind::would_block);
    CHECK_FALSE(f.wire.heard());
}

TEST_CASE("wire: nothing under TLS 1.2 is heard") {
    fixture older;
    older.wire.end_handshake();
    older.transport.arrives(data_record(30));
    (void)older.receive();
    CHECK_FALSE(older.wire.heard());
}

TEST_CASE("wire: told to stop when it has heard, it reads nothing more until the next call") {
    after_tls13_handshake f;
    f.begin_call();
    f.wire.stop_when_heard();
    f.transport.arrives(data_record(30));
    f.transport.arrives(to_bytes("next"));
    CHECK(f.receive().what == kind::bytes);
    int const reads = f.transport.reads;
    CHECK(f.receive().what == kind::would_block);
    CHECK(f.transport.reads == reads);
    CHECK_FALSE(f.wire.read_blocked());
    f.begin_call();
    CHECK(f.received_text() == "next");
}

TEST_CASE("wire: after the handshake, records that bring nothing are counted until there is progress") {
    after_tls13_handshake f;
    f.begin_call();
    auto const hear = [&](std::size_t records, bytes const& one) {
        for (std::size_t i = 0; i != records && !f.wire.flooded(); ++i) {
            f.transport.arrives(one);
            while (!f.transport.incoming.empty() && f.receive().what == kind::bytes) {
            }
        }
        return f.wire.flooded();
    };
    CHECK_FALSE(hear(tls::limits::idle_records, data_record(17)));
    f.wire.progress();
    CHECK_FALSE(hear(tls::limits::idle_records, data_record(17)));
    CHECK(hear(1, data_record(17)));
    f.transport.arrives(data_record(17));
    CHECK(f.receive().what == kind::would_block);

    f.wire.progress();
    constexpr std::size_t size = 16000;
    CHECK_FALSE(hear(tls::limits::idle_bytes / (size + 5), data_record(size)));
    CHECK(hear(1, data_record(size)));

    f.wire.progress();
    auto const warning = testbed::wire::make_alert(1, 90);
    CHECK_FALSE(hear(tls::limits::ignored_messages, warning));
    CHECK(hear(1, warning));
}

TEST_CASE("wire: answers that the peer does not take are bounded, and then nothing more is") {
    after_tls13_handshake f;
    bytes const answer = data_record(27);
    std::size_t queued = 0;
    while (!f.wire.overfull() && queued < 2 * tls::limits::unsent_answers) {
        f.transport.answers = {io_result::blocked()};
        f.begin_call();
        f.wire.send(answer);
        queued += answer.size();
    }
    CHECK(f.wire.overfull());
    CHECK(queued > tls::limits::unsent_answers);
    CHECK(queued <= tls::limits::unsent_answers + answer.size());
    f.wire.progress();
    CHECK(f.wire.flooded());
    f.transport.arrives(data_record(30));
    CHECK(f.receive().what == kind::would_block);
}

TEST_CASE("wire: whatever the transport takes at a time, every byte leaves once and in order") {
    std::mt19937 random(7);
    auto const below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    for (std::uint32_t round = 0; round < 300; ++round) {
        fixture f;
        std::string expected;
        for (std::uint32_t step = 0; step < 60; ++step) {
            f.transport.answers.clear();
            if (step == round % 60) {
                REQUIRE(f.wire.flush() == io_status::ok); // its last flight has left
                f.wire.end_handshake();
            }
            for (std::size_t n = below(6); n != 0; --n)
                f.transport.answers.push_back(below(3) == 0 ? io_result::blocked() : io_result::moved(1 + below(900)));
            f.begin_call();
            switch (below(3)) {
            case 0: (void)f.receive(); break;
            case 1: (void)f.wire.flush(); break;
            default:
                std::string const record = testbed::to_text(pattern(1 + below(1000), step));
                f.send(record);
                expected += record;
            }
            REQUIRE(expected.starts_with(f.transport.taken));
        }
        f.transport.answers.clear();
        REQUIRE(f.wire.flush() == io_status::ok);
        REQUIRE(f.transport.taken == expected);
        REQUIRE_FALSE(f.wire.waiting());
    }
}

} // namespace unit::wire_cases

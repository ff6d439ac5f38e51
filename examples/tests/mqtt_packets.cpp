// SPDX-License-Identifier: Apache-2.0
#include "../mqtt.hpp"

#include <random>

#include <doctest/doctest.h>

namespace {

mqtt::bytes octets(std::initializer_list<unsigned> values) {
    mqtt::bytes out;
    for (unsigned const v : values) out.push_back(static_cast<std::byte>(v));
    return out;
}

mqtt::packet publish(unsigned flags, std::initializer_list<unsigned> body) {
    return {mqtt::packet_type::publish, flags, octets(body)};
}

/// A session that reads from one script and collects what is written.
struct scripted_session {
    mqtt::bytes input{};
    mqtt::bytes output{};
    std::size_t step = 1; // bytes a read returns at most

    tls::result<std::size_t> read_some(std::span<std::byte> into) {
        if (input.empty()) {
            tls::error end;
            end.code = tls::errc::truncated;
            return std::unexpected(end);
        }
        std::size_t const n = std::min({step, into.size(), input.size()});
        std::copy_n(input.begin(), n, into.begin());
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(n));
        return n;
    }
    tls::result<void> write_all(mqtt::byte_view from) {
        output.insert(output.end(), from.begin(), from.end());
        return {};
    }
};

} // namespace

TEST_CASE("packets are encoded as MQTT 3.1.1 says") {
    CHECK(mqtt::connect_packet("ab", 60) == octets({0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 2, 'a', 'b'}));
    CHECK(mqtt::subscribe_packet(0x1234, "a/#", 1) == octets({0x82, 8, 0x12, 0x34, 0, 3, 'a', '/', '#', 1}));
    CHECK(mqtt::publish_packet({"t", "hi", 0, 7}) == octets({0x30, 5, 0, 1, 't', 'h', 'i'}));
    CHECK(mqtt::publish_packet({"t", "hi", 1, 7}) == octets({0x32, 7, 0, 1, 't', 0, 7, 'h', 'i'}));
    CHECK(mqtt::puback_packet(258) == octets({0x40, 2, 1, 2}));
    CHECK(mqtt::disconnect_packet() == octets({0xe0, 0}));
}

TEST_CASE("packets of every length are read back, however the bytes arrive") {
    for (std::size_t const size : {0U, 1U, 123U, 124U, 16379U, 16380U, 70000U}) {
        CAPTURE(size);
        mqtt::bytes const wire = mqtt::publish_packet({"t", std::string(size, 'x'), 0, 0});
        mqtt::packet_reader reader;
        for (std::size_t i = 0; i + 1 < wire.size(); ++i) {
            reader.feed(std::span(wire).subspan(i, 1));
            if (i < 8) CHECK(reader.next().value() == std::nullopt);
        }
        reader.feed(std::span(wire).last(1));
        auto const p = reader.next();
        REQUIRE((p && *p));
        auto const m = mqtt::parse_publish(**p);
        REQUIRE(m);
        CHECK(m->topic == "t");
        CHECK(m->payload == std::string(size, 'x'));
    }
}

TEST_CASE("malformed packets are refused") {
    mqtt::packet_reader endless;
    endless.feed(octets({0x30, 0x80, 0x80, 0x80, 0x80, 0}));
    CHECK_FALSE(endless.next());
    mqtt::packet_reader huge;
    huge.feed(octets({0x30, 0xff, 0xff, 0xff, 0x7f}));
    CHECK_FALSE(huge.next());

    CHECK(mqtt::parse_publish(publish(0, {0, 1, 't'})));
    CHECK(mqtt::parse_publish(publish(2, {0, 1, 't', 0, 1})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {0})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {0, 0})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {0, 2, 't'})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {0xff, 0xff, 't'})));
    CHECK_FALSE(mqtt::parse_publish(publish(0, {0, 1, '#'})));
    CHECK_FALSE(mqtt::parse_publish(publish(2, {0, 1, 't', 0})));
    CHECK_FALSE(mqtt::parse_publish(publish(2, {0, 1, 't', 0, 0})));
    CHECK_FALSE(mqtt::parse_publish(publish(4, {0, 1, 't', 0, 1})));
    CHECK_FALSE(mqtt::parse_publish(publish(6, {0, 1, 't', 0, 1})));
    CHECK_FALSE(mqtt::parse_id({mqtt::packet_type::puback, 0, octets({1})}));
    CHECK_FALSE(mqtt::parse_id({mqtt::packet_type::puback, 1, octets({0, 1})}));
}

TEST_CASE("no sequence of bytes makes the reader crash, loop or hold more than its limit") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        scripted_session session;
        session.step = 1 + random() % 16;
        for (int i = 0; i < 64; ++i) session.input.push_back(static_cast<std::byte>(random()));
        // Most random bytes end at the CONNACK: half of the rounds begin with a good one.
        if (round % 2 == 0) session.input.insert(session.input.begin(), {std::byte{0x20}, std::byte{2}, {}, {}});
        mqtt::connection mqtt(session);
        auto const opened = mqtt.open("id", 1);
        CHECK(opened.has_value() == (round % 2 == 0));
        if (!opened) continue;
        for (int i = 0; i < 100; ++i)
            if (!mqtt.receive()) break;
    }
}

TEST_CASE("a message that comes before an acknowledgement is kept, and acknowledged once") {
    scripted_session session;
    session.input = octets({0x20, 2, 0, 0, 0x32, 6, 0, 1, 't', 0, 9, '!', 0x40, 2, 0, 1});
    mqtt::connection mqtt(session);
    REQUIRE(mqtt.open("id", 1));
    session.output.clear();
    REQUIRE(mqtt.publish("t", "", 1));
    CHECK(session.output == octets({0x32, 5, 0, 1, 't', 0, 1, 0x40, 2, 0, 9}));
    auto const m = mqtt.receive();
    REQUIRE(m);
    CHECK(m->payload == "!");
    auto const end = mqtt.receive();
    REQUIRE_FALSE(end);
    CHECK((end.error().cause->code == tls::errc::truncated));
}

TEST_CASE("a broker's refusals are told in words") {
    scripted_session session;
    session.input = octets({0x20, 2, 0, 5});
    mqtt::connection refused(session);
    auto const opened = refused.open("id", 1);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().text() == "the broker refused the connection: not authorised");

    session.input = octets({0x90, 3, 0, 1, 0x80});
    mqtt::connection other(session);
    auto const subscribed = other.subscribe("t", 1);
    REQUIRE_FALSE(subscribed);
    CHECK(subscribed.error().text() == "the broker refused the subscription");
}

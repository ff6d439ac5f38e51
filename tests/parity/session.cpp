// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/transports.hpp"
#include <tls/transport/descriptor.hpp>
#include <tls/transport/pipe.hpp>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>

namespace parity::session_cases {
namespace {

/// Counts the writes of a pipe.
struct counting : testbed::wrapped_transport<tls::memory_pipe> {
    int* writes;

    tls::io_result write_some(std::span<std::byte const> from) noexcept {
        ++*writes;
        return wrapped_transport::write_some(from);
    }
};

/// Everything the client can read now.
template <class C> testbed::bytes read_all(C& c, std::size_t at_a_time) {
    testbed::bytes all;
    for (;;) {
        auto const part = c.read(at_a_time);
        if (!part) {
            CHECK(part.error().code == errc::want_read);
            return all;
        }
        CHECK(!part->empty());
        testbed::append(all, *part);
    }
}

} // namespace

PARITY_CASE("data of any size arrives whole, in both directions", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    for (std::size_t const size : {1u, 2u, 15u, 16u, 1000u, 16383u, 16384u, 16385u, 100'000u, 1'000'000u}) {
        CAPTURE(size);
        auto const data = testbed::pattern(size, static_cast<std::uint32_t>(size));
        std::size_t sent = 0;
        while (sent < size) {
            auto const n = c.client.write(testbed::byte_view(data).subspan(sent));
            REQUIRE(n);
            REQUIRE(*n > 0);
            sent += *n;
        }
        c.run();
        CHECK((c.server.received() == data));
        c.server.send(data);
        c.carry();
        c.pipe.to_client.push(c.server.drain());
        c.carry();
        CHECK((read_all(c, 7919) == data));
    }
}

PARITY_CASE("calls of zero length do nothing and change nothing", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    auto const before = c.moved();
    CHECK(c.client.write({}) == 0u);
    CHECK(c.client.read({}) == 0u);
    c.run();
    CHECK(c.moved() == before);
    c.server.send(testbed::view_of("x"));
    c.run();
    CHECK(c.client.read({}) == 0u);
    CHECK(testbed::to_text(c.read().value()) == "x");
}

PARITY_CASE("bytes may arrive one at a time", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    auto engine = client.engine(tls::server_name::dns("localhost"));
    REQUIRE(engine);
    typename P::server server(good_server(v));
    for (int turn = 0; turn < 20 && !engine->established(); ++turn) {
        (void)engine->handshake();
        server.feed(engine->drain());
        engine->drained(engine->drain().size());
        server.step();
        for (std::byte const b : server.drain()) {
            REQUIRE(engine->feed(std::span(&b, 1)));
            (void)engine->handshake();
        }
    }
    REQUIRE(engine->established());
    server.feed(engine->drain());
    engine->drained(engine->drain().size());
    server.step();
    server.send(testbed::view_of("hello"));
    std::string got;
    for (std::byte const b : server.drain()) {
        REQUIRE(engine->feed(std::span(&b, 1)));
        std::byte into[16];
        if (auto const n = engine->read(into)) got += testbed::to_text(testbed::byte_view(into).first(*n));
    }
    CHECK(got == "hello");
}

PARITY_CASE("the peer's close_notify is `closed`, latched, and leaves our direction open", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.send(testbed::view_of("last words"));
    c.server.close();
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "last words");
    for (int i = 0; i < 3; ++i) CHECK(c.read().error().code == errc::closed);
    CHECK(c.client.write(testbed::view_of("and mine")) == 8u);
    REQUIRE(c.client.close());
    CHECK(c.client.write(testbed::view_of("more")).error().code == errc::not_writable);
    CHECK(c.client.close());
    CHECK(c.read().error().code == errc::closed);
}

PARITY_CASE("a session is small: what is large stays in one place when it moves", pairings, P) {
    using transport = tls::descriptor_transport&;
    CHECK(sizeof(tls::session<typename P::backend, transport>) <= 64);
    CHECK(sizeof(tls::detail::connection<typename P::backend>) <= 48);
}

PARITY_CASE("an end without close_notify is `truncated`, latched, and ends both directions", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.send(testbed::view_of("half a mess"));
    c.run();
    c.client.feed_end();
    CHECK(testbed::to_text(c.read().value()) == "half a mess");
    for (int i = 0; i < 3; ++i) {
        auto const end = c.read();
        CHECK(end.error().code == errc::truncated);
        CHECK(end.error().phase == tls::phase::reading);
        CHECK(!end.error().received);
        // What the handshake found out stays known, although what only the handshake needed is gone.
        tls::handshake_facts const& known = end.error().handshake;
        CHECK(known.version == v);
        CHECK(known.suite == c.client.facts().suite);
        CHECK(known.group.known());
        CHECK(known.last_received.known());
        CHECK(known.client_certificate_requested == false);
        CHECK(end.error().client.known);
        CHECK(std::abs(end.error().clock - static_cast<std::int64_t>(std::time(nullptr))) < 3600);
    }
    auto const before = c.moved();
    CHECK(c.client.write(testbed::view_of("x")).error().code == errc::truncated);
    CHECK(c.client.close().error().code == errc::truncated);
    c.carry();
    CHECK(c.moved() == before);
}

PARITY_CASE("an end inside a record is `truncated`, and no alert is invented for it", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.send(testbed::pattern(1000));
    auto const record = c.server.drain();
    REQUIRE(c.client.feed(testbed::byte_view(record).first(record.size() / 2)));
    c.client.feed_end();
    auto const before = c.moved();
    auto const end = c.read();
    CHECK(end.error().code == errc::truncated);
    CHECK(!end.error().sent);
    c.carry();
    CHECK(c.moved() == before);
}

PARITY_CASE("reading goes on after our own close", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    REQUIRE(c.client.close());
    c.carry();
    c.server.feed(c.pipe.to_server.take_all());
    c.server.step();
    CHECK(c.server.peer_closed());
    c.server.send(testbed::view_of("still here"));
    c.server.close();
    REQUIRE(c.client.feed(c.server.drain()));
    CHECK(testbed::to_text(c.read().value()) == "still here");
    CHECK(c.read().error().code == errc::closed);
}

PARITY_CASE("a corrupted record is refused, and the refusal is latched and told to the peer", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.send(testbed::view_of("payload"));
    auto record = c.server.drain();
    record.back() ^= std::byte{1};
    REQUIRE(c.client.feed(record));
    CHECK(c.read().error().code == errc::bad_record_mac);
    CHECK(c.read().error().code == errc::bad_record_mac);
    CHECK(c.client.write(testbed::view_of("x")).error().code == errc::bad_record_mac);
    c.carry();
    c.server.feed(c.pipe.to_server.take_all());
    c.server.step();
    CHECK(c.server.alert_received() == 20);
}

PARITY_CASE("an engine that is not established neither reads nor writes", backends, B) {
    auto const client = client_of<B>({});
    auto engine = client.engine(tls::server_name::dns("localhost"));
    REQUIRE(engine);
    std::byte into[8];
    CHECK(engine->read(into).error().code == errc::want_read);
    CHECK(engine->write(testbed::view_of("x")).error().code == errc::want_read);
    CHECK(engine->close().error().code == errc::want_read);
    CHECK(engine->drain().empty());
}

PARITY_CASE("a whole flight leaves as one write", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    auto [ours, theirs] = tls::memory_pipe::make();
    int writes = 0;
    auto handshake = client.start(tls::server_name::dns("localhost"), counting{{std::move(ours)}, &writes});
    REQUIRE(handshake);
    typename P::server server(strict_server(v));
    auto step = handshake->step();
    for (int turn = 0; turn < 10 && !step; ++turn) {
        REQUIRE(step.error().code == errc::want_read);
        std::byte buffer[8192];
        while (true) {
            auto const r = theirs.read_some(buffer);
            if (r.bytes == 0) break;
            server.feed(testbed::byte_view(buffer).first(r.bytes));
        }
        server.step();
        if (auto const out = server.drain(); !out.empty()) REQUIRE(theirs.write_some(out).bytes == out.size());
        step = handshake->step();
    }
    REQUIRE(step);
    CHECK(writes == 2);
    CHECK(handshake->step().error().code == errc::spent);
    CHECK(step->facts().certificates_sent == 2);
    // One record of application data is one write, without a detour.
    REQUIRE(step->write_all(testbed::pattern(16000)));
    CHECK(writes == 3);
}

} // namespace parity::session_cases

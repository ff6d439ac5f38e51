// SPDX-License-Identifier: Apache-2.0
#include "parity/puppet_show.hpp"
#include <tls/core/limits.hpp>

#include <string_view>

/// Work without progress ends: what brings the caller nothing is counted between two pieces of data, and what waits to
/// be sent is bounded.
namespace parity::floods_cases {
namespace {

using testbed::bytes;
namespace limits = tls::limits;

bytes const& ticket() {
    static bytes const made = testbed::new_session_ticket(60, testbed::octets({1, 2}), testbed::pattern(16, 3));
    return made;
}

/// What the client makes of that many records, fed a few at a time.
template <class P>
errc hear(puppet_show<P>& show, std::size_t records, bytes const& content, unsigned type, std::size_t padding = 0) {
    errc last = errc::want_read;
    for (std::size_t i = 0; i != records; ++i) {
        if (!show.talk.client.feed(show.sealer->seal(content, type, padding))) return last;
        if (i % 16 != 15 && i + 1 != records) continue;
        auto const n = show.talk.read();
        if (n) return errc::ok;
        last = n.error().code;
        if (last != errc::want_read) return last;
    }
    return last;
}

template <class P> void check_over(puppet_show<P>& show) {
    auto const e = show.talk.read().error();
    CHECK(e.code == errc::flooded);
    CHECK(e.phase == tls::phase::reading);
    CHECK(tls::whose_fault(e.code) == tls::fault::peer);
    CHECK(tls::explain(e).find("without end") != std::string::npos);
    CHECK(e.sent == tls::alert::unexpected_message);
    CHECK(show.talk.client.feed(testbed::octets({1})).error() == errc::flooded);
    CHECK(show.talk.client.write(testbed::view_of("x")).error() == errc::flooded);
    show.talk.server.feed(show.talk.client.drain());
    show.talk.server.step();
    CHECK(show.talk.server.alert_received() == number(tls::alert::unexpected_message));
}

} // namespace

PARITY_CASE("floods: tickets and empty records share a bound, which is the same with both", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    struct row {
        std::string_view name;
        bytes content;
        unsigned type;
    };
    row const rows[] = {
        {"tickets", ticket(), testbed::wire::handshake}, {"empty records", {}, testbed::wire::application_data}};
    for (row const& r : rows) {
        CAPTURE(r.name);
        puppet_show<P> show;
        CHECK(hear(show, limits::idle_records, r.content, r.type) == errc::want_read);
        CHECK(hear(show, 1, r.content, r.type) == errc::flooded);
        check_over(show);
    }
}

PARITY_CASE("floods: all at once is met by one read", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    puppet_show<P> show;
    for (std::size_t i = 0; i != 4 * limits::idle_records; ++i)
        REQUIRE(show.talk.client.feed(show.sealer->seal(ticket())));
    CHECK(show.talk.client.unread() > 3 * limits::idle_records * ticket().size());
    CHECK(show.talk.read().error().code == errc::flooded);
    check_over(show);
}

PARITY_CASE("floods: records padded to their length are fewer", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    puppet_show<P> show;
    constexpr std::size_t padding = 16000;
    constexpr std::size_t few = limits::idle_bytes / (padding + 22);
    CHECK(hear(show, few, {}, testbed::wire::application_data, padding) == errc::want_read);
    CHECK(hear(show, 1, {}, testbed::wire::application_data, padding) == errc::flooded);
}

PARITY_CASE("floods: data between them, in either direction, is progress", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    puppet_show<P> show;
    for (int turn = 0; turn != 3; ++turn) {
        REQUIRE(hear(show, limits::idle_records - 1, ticket(), testbed::wire::handshake) == errc::want_read);
        if (turn == 1) {
            CHECK(show.talk.client.write(testbed::view_of("a question")));
            continue;
        }
        auto const answer = show.hear(testbed::view_of("an answer"), testbed::wire::application_data);
        REQUIRE(answer);
        CHECK(testbed::to_text(*answer) == "an answer");
    }
}

PARITY_CASE("floods: warnings are few, in the handshake and after it", backends, B) {
    constexpr auto v = protocol_version::tls_1_2;
    constexpr unsigned user_canceled = 90;
    using P = pairing<B, testbed::mbedtls_server>;
    SUBCASE("after it") {
        auto c = connected<P>(only(v), good_server(v));
        for (unsigned i = 0; i != limits::ignored_messages; ++i) c.server.send_alert(1, user_canceled);
        c.run();
        CHECK(c.read().error().code == errc::want_read);
        c.server.send(testbed::view_of("data"));
        c.run();
        CHECK(testbed::to_text(c.read().value()) == "data");
        for (unsigned i = 0; i != limits::ignored_messages + 2; ++i) c.server.send_alert(1, user_canceled);
        c.run();
        for (int i = 0; i != 2; ++i) CHECK(c.read().error().code == errc::flooded);
    }
    SUBCASE("in it") {
        auto const meets = [&](std::size_t count, bytes const& one) {
            auto c = converse<P>(only(v), good_server(v));
            c.pipe.to_client.tap = [&, done = false](bytes& stream) mutable {
                if (done || stream.empty()) return;
                done = true;
                bytes before;
                for (std::size_t i = 0; i != count; ++i) testbed::append(before, one);
                stream.insert(stream.begin(), before.begin(), before.end());
            };
            auto const done = c.run();
            if (done) return errc::ok;
            if (done.error().code == errc::flooded) {
                CHECK(done.error().sent == tls::alert::unexpected_message);
                CHECK(c.client.handshake().error() == errc::flooded);
            }
            return done.error().code;
        };
        CHECK(meets(limits::ignored_messages + 1, testbed::wire::make_alert(1, user_canceled)) == errc::flooded);
    }
}

PARITY_CASE("floods: answers that nobody takes are bounded", backends, B) {
    if constexpr (B::template supports<tls::feature::key_update>) {
        using P = pairing<B, testbed::mbedtls_server>;
        puppet_show<P> show;
        auto const wants_answer = testbed::octets({24, 0, 0, 1, 1});
        bytes secret = show.secret;
        auto const turn = [&]() -> tls::result<bytes> {
            REQUIRE(show.talk.client.feed(show.sealer->seal(wants_answer)));
            secret = testbed::next_traffic_secret(secret);
            show.sealer.emplace(secret);
            return show.hear(testbed::view_of("x"), testbed::wire::application_data);
        };
        SUBCASE("never") {
            std::size_t turns = 0;
            tls::result<bytes> heard = turn();
            for (; heard && turns < 20'000; ++turns) heard = turn();
            REQUIRE(!heard);
            CHECK(heard.error().code == errc::flooded);
            CHECK(show.talk.client.drain().size() <= limits::unsent_answers);
            CHECK(turns > limits::unsent_answers / 64);
            CHECK(show.talk.client.write(testbed::view_of("x")).error() == errc::flooded);
        }
        SUBCASE("now and then") {
            // What has to wait inside leaves as soon as there is room.
            std::size_t answered = 0;
            std::size_t const before = show.talk.client.drain().size();
            show.talk.client.drained(before);
            for (int i = 0; i != 3; ++i) {
                for (std::size_t n = 0; n != limits::unsent_answers / 20; ++n) {
                    auto const heard = turn();
                    REQUIRE_MESSAGE(heard, tls::explain(heard.error()));
                }
                while (!show.talk.client.drain().empty()) {
                    answered += show.talk.client.drain().size();
                    show.talk.client.drained(show.talk.client.drain().size());
                }
            }
            CHECK(answered > 3 * limits::unsent_answers);
        }
    }
}

PARITY_CASE("floods: requests to negotiate anew are refused one by one, and are few", backends, B) {
    constexpr auto v = protocol_version::tls_1_2;
    using P = pairing<B, testbed::mbedtls_server>;
    bytes master;
    auto const client = client_of<P>(only(
        v, {.suites = {{tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256}},
            .key_log = tls::key_log_sink{testbed::keep_secret, &master}}));
    auto c = converse<P>(client, good_server(v));
    REQUIRE(c.run());
    REQUIRE(master.size() == 48);
    auto const random_of = [](bytes const& stream) { return testbed::byte_view(stream).subspan(5 + 4 + 2, 32); };
    testbed::old_record_sealer puppet(
        master, random_of(c.pipe.to_server.history()), random_of(c.pipe.to_client.history()), 1); // behind Finished
    auto const request = testbed::octets({0, 0, 0, 0});
    for (unsigned i = 0; i != limits::ignored_messages; ++i) {
        REQUIRE(c.client.feed(puppet.seal(request)));
        CHECK(c.read().error().code == errc::want_read);
        auto const answer = testbed::wire::records(c.client.drain());
        REQUIRE(answer.size() == 1);
        CHECK(answer.front().type == testbed::wire::alert);
        c.carry();
        testbed::serve(c.server, c.pipe);
        CHECK_FALSE(c.server.failed());
    }
    REQUIRE(c.client.feed(puppet.seal(testbed::view_of("data"), testbed::wire::application_data)));
    CHECK(testbed::to_text(c.read().value()) == "data");
    for (unsigned i = 0; i != limits::ignored_messages; ++i) REQUIRE(c.client.feed(puppet.seal(request)));
    CHECK(c.read().error().code == errc::want_read); // data was progress
    REQUIRE(c.client.feed(puppet.seal(request)));
    for (int i = 0; i != 2; ++i) CHECK(c.read().error().code == errc::flooded);
    CHECK(c.read().error().sent == tls::alert::unexpected_message);
    c.carry();
    testbed::serve(c.server, c.pipe);
    for (unsigned i = 0; i != limits::ignored_messages; ++i) c.server.step(); // one refusal at a time
    CHECK(c.server.alert_received() == number(tls::alert::unexpected_message));
}

PARITY_CASE("feeding an engine that has ended is refused, and none of it is kept", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    c.server.close();
    c.run();
    CHECK(c.read().error().code == errc::closed);
    CHECK(c.client.feed(testbed::view_of("more")).error() == errc::closed);
    CHECK(c.client.unread() == 0);

    auto refused = converse<P>(only(v), good_server(v));
    CHECK(refused.client.handshake().error() == errc::want_read);
    REQUIRE(refused.client.feed(testbed::wire::make_alert(2, 40)));
    CHECK(refused.client.handshake().error() == errc::handshake_refused);
    CHECK(refused.client.feed(testbed::view_of("more")).error() == errc::handshake_refused);
    CHECK(refused.client.unread() == 0);
}

} // namespace parity::floods_cases

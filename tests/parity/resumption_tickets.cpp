// SPDX-License-Identifier: Apache-2.0
#include "parity/puppet_show.hpp"
#include "parity/resumption.hpp"

#include <sstream>
#include <string>
#include <vector>

/// Tickets of TLS 1.3 as servers may send them: when, how many, how large, and how wrong.
namespace parity::resumption_tickets_cases {
namespace {

using tickets = std::vector<tls::ticket>;

/// The tickets that wait in a session.
template <class C> tickets taken(C& c) {
    tickets all;
    while (auto t = c.client.take_ticket()) all.push_back(std::move(*t));
    return all;
}

testbed::bytes ticket_message(std::size_t nonce, std::size_t size, std::uint32_t lifetime = 3600) {
    return testbed::new_session_ticket(lifetime, testbed::pattern(nonce, 3), testbed::pattern(size, 4));
}

} // namespace

PARITY_CASE("ticket nonces of every legal length, and tickets of every size", pairings, P) {
    puppet_show<P> show;
    // Mbed TLS can derive no key with a nonce of more than 64 bytes: such a ticket is dropped.
    bool const any_nonce = std::string_view(P::backend::name) != tls::mbedtls::name;
    for (std::size_t const nonce : {0u, 1u, 7u, 8u, 9u, 31u, 32u, 33u, 63u, 64u, 65u, 128u, 254u, 255u}) {
        CAPTURE(nonce);
        CHECK(show.hear(ticket_message(nonce, 100)).error() == errc::want_read);
        CHECK(taken(show.talk).size() == (nonce <= 64 || any_nonce ? 1 : 0));
    }
    for (std::size_t const size : {1u, 31u, 32u, 33u, 255u, 256u, 257u, 1024u, 8000u, 15000u}) {
        CAPTURE(size);
        CHECK(show.hear(ticket_message(8, size)).error() == errc::want_read);
        CHECK(taken(show.talk).size() == 1);
    }
    // The connection still works.
    CHECK(testbed::to_text(show.hear(testbed::view_of("hello"), testbed::wire::application_data).value()) == "hello");
}

// Not to wolfSSL's server, which ends the connection for a ticket of a size that is not its own.
PARITY_CASE("a ticket with a long nonce is offered like any other", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    puppet_show<P> show;
    CHECK(show.hear(ticket_message(64, 300)).error() == errc::want_read);
    auto all = taken(show.talk);
    REQUIRE(all.size() == 1);
    auto c = converse<P>(
        show.client.engine(tls::server_name::dns("localhost"), std::move(all.front())),
        ticket_server(protocol_version::tls_1_3));
    REQUIRE(c.run()); // the server cannot read it: a full handshake
    CHECK(testbed::wire::first_client_hello(c.pipe.to_server.history()).has_extension(41));
    CHECK(c.client.facts().resumption == tls::resumption::declined);
}

PARITY_CASE("many tickets at once, in one record, and between data", pairings, P) {
    {
        puppet_show<P> show;
        testbed::bytes three;
        for (int i = 0; i < 3; ++i) testbed::append(three, ticket_message(8, 64));
        CHECK(show.hear(three).error() == errc::want_read);
        CHECK(taken(show.talk).size() == 3);
    }
    {
        // Twenty, of which the last four are kept; then data right behind them.
        puppet_show<P> show;
        for (int i = 0; i < 20; ++i) show.say(ticket_message(8, 64));
        show.say(testbed::view_of("data"), testbed::wire::application_data);
        CHECK(testbed::to_text(show.talk.read().value()) == "data");
        CHECK(taken(show.talk).size() == 4);
    }
    {
        puppet_show<P> show;
        for (int i = 0; i < 3; ++i) {
            show.say(testbed::view_of("before "), testbed::wire::application_data);
            show.say(ticket_message(8, 64));
            show.say(testbed::view_of("after "), testbed::wire::application_data);
        }
        std::string got;
        while (auto part = show.talk.read()) got += testbed::to_text(*part);
        CHECK(got == "before after before after before after ");
        CHECK(taken(show.talk).size() == 3);
    }
}

PARITY_CASE("a ticket in several records", pairings, P) {
    auto const message = ticket_message(8, 200);
    for (std::size_t const piece : {100U, 60U, 5U, 4U}) {
        CAPTURE(piece);
        puppet_show<P> show;
        for (testbed::byte_view left = message; !left.empty();) {
            auto const part = left.first(std::min(left.size(), piece));
            CHECK(show.hear(part).error() == errc::want_read);
            left = left.subspan(part.size());
        }
        CHECK(taken(show.talk).size() == 1);
        CHECK(testbed::to_text(show.hear(testbed::view_of("data"), testbed::wire::application_data).value()) == "data");
    }
    // The rest of one and the beginning of the next in one record.
    puppet_show<P> show;
    auto both = message;
    testbed::append(both, message);
    CHECK(show.hear(testbed::byte_view(both).first(150)).error() == errc::want_read);
    CHECK(show.hear(testbed::byte_view(both).subspan(150, 150)).error() == errc::want_read);
    CHECK(show.hear(testbed::byte_view(both).subspan(300)).error() == errc::want_read);
    CHECK(taken(show.talk).size() == 2);
    // One that is never whole.
    puppet_show<P> cut;
    CHECK(cut.hear(testbed::byte_view(message).first(100)).error() == errc::want_read);
    cut.talk.client.feed_end();
    CHECK(cut.talk.read().error() == errc::truncated);
}

PARITY_CASE("tickets that arrive while writing, confirming and closing lose no data", pairings, P) {
    puppet_show<P> show;
    auto& c = show.talk;
    show.say(ticket_message(8, 64));
    CHECK(c.client.confirm().value() == tls::acceptance::accepted);
    show.say(ticket_message(32, 64));
    show.say(testbed::view_of("one"), testbed::wire::application_data);
    CHECK(c.client.write(testbed::view_of("ping")) == 4u);
    CHECK(testbed::to_text(c.read().value()) == "one");
    show.say(ticket_message(8, 64));
    CHECK(c.client.write(testbed::view_of("pong")) == 4u);
    REQUIRE(c.client.close());
    // After we have closed our side, the server's is still open.
    show.say(ticket_message(8, 64));
    show.say(testbed::view_of("two"), testbed::wire::application_data);
    CHECK(testbed::to_text(c.read().value()) == "two");
    CHECK(taken(c).size() == 4);
    c.carry();
    testbed::serve(c.server, c.pipe);
    CHECK(testbed::to_text(c.server.received()) == "pingpong");
    CHECK(c.server.peer_closed());
}

PARITY_CASE("a ticket and then close_notify, or the end", pairings, P) {
    {
        puppet_show<P> show;
        show.say(ticket_message(8, 64));
        CHECK(show.hear(testbed::octets({1, 0}), testbed::wire::alert).error() == errc::closed);
        CHECK(taken(show.talk).size() == 1);
    }
    {
        puppet_show<P> show;
        show.say(ticket_message(8, 64));
        show.talk.client.feed_end();
        CHECK(show.talk.read().error() == errc::truncated);
        CHECK(taken(show.talk).size() == 1);
    }
}

PARITY_CASE("a ticket with a lifetime of zero is dropped; a malformed one ends the connection", pairings, P) {
    {
        puppet_show<P> show;
        CHECK(show.hear(ticket_message(8, 64, 0)).error() == errc::want_read);
        CHECK(taken(show.talk).empty());
        CHECK(testbed::to_text(show.hear(testbed::view_of("x"), testbed::wire::application_data).value()) == "x");
    }
    auto const refused = [](testbed::bytes const& message) {
        puppet_show<P> show;
        auto const heard = show.hear(message);
        REQUIRE(!heard);
        CHECK(taken(show.talk).empty());
        return heard.error().code;
    };
    auto cut = ticket_message(8, 64);
    cut.resize(cut.size() - 20);
    cut[3] = static_cast<std::byte>(std::to_integer<unsigned>(cut[3]) - 20);
    CHECK(refused(cut) == errc::decode_error);
    auto overlong = ticket_message(8, 64);
    overlong[4 + 8] = std::byte{255}; // a nonce longer than the message
    CHECK(refused(overlong) == errc::decode_error);
    CHECK(refused(ticket_message(8, 64, 604801)) == errc::illegal_parameter); // more than seven days
}

PARITY_CASE("a server's twenty tickets do not overflow a store", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    tls::memory_ticket_store store;
    auto const client = client_of<B>(only(protocol_version::tls_1_3, {.store = &store}));
    auto options = ticket_server(protocol_version::tls_1_3);
    options.ticket_count = 20;
    CHECK(!visit<P>(client, options).resumed);
    CHECK(store.size() == tls::memory_ticket_store::tickets_each);
    for (int i = 0; i < 3; ++i) CHECK(visit<P>(client, options).resumed);
    CHECK(store.size() == tls::memory_ticket_store::tickets_each);
    options.ticket_count = 0;
    for (int i = 0; i < 6; ++i) CHECK(visit<P>(client, options).resumed == (i < 4)); // each is used once
    CHECK(store.size() == 0);
}

} // namespace parity::resumption_tickets_cases

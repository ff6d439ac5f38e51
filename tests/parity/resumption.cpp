// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"

#include <atomic>

namespace parity::resumption_cases {

PARITY_CASE("ten connections in a row: the first is full, the others are resumed", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.store = &store}));
    auto const options = ticket_server(v);
    auto const first = visit<P>(client, options);
    CHECK(!first.resumed);
    CHECK(first.outcome == tls::resumption::nothing);
    CHECK(first.certificate_sent);
    CHECK(!first.remembered);
    CHECK(first.leaf == pki().server.leaf().der);
    CHECK(store.size() >= 1);
    for (int i = 1; i < 10; ++i) {
        CAPTURE(i);
        auto const again = visit<P>(client, options);
        CHECK(again.resumed);
        CHECK(again.server_resumed);
        CHECK(again.outcome == tls::resumption::accepted);
        CHECK(!again.certificate_sent);
        CHECK(again.bytes < first.bytes);
        CHECK(again.remembered);
        CHECK(again.leaf == first.leaf);
    }
}

PARITY_CASE("without .resumption(...) no ticket is asked for, offered or kept", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    auto const options = ticket_server(v);
    for (int i = 0; i < 2; ++i) {
        auto c = converse<P>(client, options);
        REQUIRE(c.run());
        auto const hello = testbed::wire::first_client_hello(c.pipe.to_server.history());
        CHECK(!hello.has_extension(35)); // session_ticket
        CHECK(!hello.has_extension(41)); // pre_shared_key
        CHECK(c.client.facts().resumption == tls::resumption::off);
        c.server.send(testbed::view_of("x"));
        c.run();
        CHECK(testbed::to_text(c.read().value()) == "x");
        CHECK(!c.client.take_ticket());
    }
}

PARITY_CASE("tickets by hand: taken from one session, given to the next", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.own_tickets = true}));
    auto const options = ticket_server(v);
    auto t = first_ticket<P>(client, options);
    CHECK(t.version() == v);
    CHECK(t.expires_at() > std::time(nullptr));
    CHECK(t.expires_at() <= std::time(nullptr) + tls::ticket::longest_life);
    for (int i = 0; i < 3; ++i) {
        auto next = visit<P>(client, options, std::move(t));
        CHECK(next.resumed);
        REQUIRE(next.ticket);
        t = std::move(*next.ticket);
    }
    // Nothing is remembered except what is given.
    CHECK(visit<P>(client, options).outcome == tls::resumption::nothing);
}

PARITY_CASE("a resumed session of TLS 1.3 has fresh keys of its own", pairings, P) {
    auto const client = client_of<P>(only(protocol_version::tls_1_3, {.own_tickets = true}));
    auto const options = ticket_server(protocol_version::tls_1_3);
    auto t = first_ticket<P>(client, options);
    auto c = converse<P>(client.engine(tls::server_name::dns("localhost"), std::move(t)), options);
    REQUIRE(c.run());
    CHECK(c.client.facts().resumed);
    auto const hello = testbed::wire::first_client_hello(c.pipe.to_server.history());
    REQUIRE(hello.has_extension(45));                   // psk_key_exchange_modes
    CHECK(hello.psk_modes == std::vector<unsigned>{1}); // psk_dhe_ke and nothing else
    CHECK(!hello.has_extension(42));                    // early_data
    CHECK(!hello.key_shares.empty());
    CHECK(c.client.facts().group);
}

PARITY_CASE("our certificate is not sent again in a resumed session, and the server knows us", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.who = identity(pki().client), .store = &store}));
    auto options = ticket_server(v);
    options.require_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    CHECK(!visit<P>(client, options).resumed);
    auto c = converse<P>(client, options);
    REQUIRE(c.run());
    auto const facts = c.client.facts();
    CHECK(facts.resumed);
    CHECK(facts.client_certificate_requested == false);
    CHECK(facts.certificates_sent == std::uint16_t{0});
    CHECK(c.client.confirm().value() == tls::acceptance::accepted);
}

PARITY_CASE("a server with new ticket keys gets a full handshake on the same connection", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.store = &store}));
    auto options = ticket_server(v);
    CHECK(!visit<P>(client, options).resumed);
    options.keys = std::make_shared<testbed::ticket_keys>();
    auto const after = visit<P>(client, options);
    CHECK(!after.resumed);
    CHECK(!after.server_resumed);
    CHECK(after.outcome == tls::resumption::declined);
    CHECK(after.certificate_sent);
    CHECK(!after.remembered);
    // wolfSSL's server issues no ticket of TLS 1.2 to a client whose ticket it has just declined.
    bool const resumed = visit<P>(client, options).resumed || visit<P>(client, options).resumed;
    CHECK(resumed);
}

PARITY_CASE("a server that never issues tickets", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.store = &store}));
    auto options = ticket_server(v);
    options.tickets = false;
    for (int i = 0; i < 3; ++i) {
        auto const report = visit<P>(client, options);
        CHECK(!report.resumed);
        // Under TLS 1.2 a server may send a session id and yet not recognise it later.
        CHECK((report.outcome == tls::resumption::nothing || v == protocol_version::tls_1_2));
    }
    CHECK(store.size() <= 1);
}

} // namespace parity::resumption_cases

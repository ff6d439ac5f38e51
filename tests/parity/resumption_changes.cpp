// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"

#include <string_view>

/// Servers that have changed since they issued a ticket, and a client that cannot connect again: what still works on
/// the same connection, and what the error says where nothing does (docs/parity.md). With a second connection there is
/// always a session: parity.resumption_network.
namespace parity::resumption_changes_cases {
namespace {

/// Offers a ticket to its server as it is now; returns the error, or nothing if there is a session.
template <class P>
std::optional<tls::error> meet(testbed::server_options const& before, testbed::server_options const& now) {
    auto const client = client_of<P>({.own_tickets = true});
    auto c = converse<P>(client.engine(tls::server_name::dns("localhost"), first_ticket<P>(client, before)), now);
    if (auto const done = c.run(); !done) return done.error();
    CHECK(c.client.facts().resumption == tls::resumption::declined);
    CHECK(!c.client.facts().peer_certificate_is_remembered);
    return std::nullopt;
}

template <class P>
void expect_full_handshake(testbed::server_options const& before, testbed::server_options const& now) {
    auto const failed = meet<P>(before, now);
    CHECK_MESSAGE(!failed, (failed ? tls::explain(*failed) : ""));
}

/// Expects a failure that says that a session was offered, and success without the ticket.
template <class P>
void expect_refusal(testbed::server_options const& before, testbed::server_options const& now, errc code) {
    auto const failed = meet<P>(before, now);
    REQUIRE(failed);
    CHECK(failed->code == code);
    CHECK(failed->handshake.session_offered == true);
    CHECK(tls::explain(*failed).find("connect again: that ticket is spent") != std::string::npos);
    CHECK(!visit<P>(client_of<P>({.own_tickets = true}), now).resumed);
}

template <class P> constexpr bool is_wolfssl = std::is_same_v<typename P::backend, tls::wolfssl>;

} // namespace

PARITY_CASE("a server that has lost its ticket keys", pairings, P, v) {
    expect_full_handshake<P>(ticket_server(v), ticket_server(v));
}

PARITY_CASE("a server that has learnt TLS 1.3 and forgotten TLS 1.2, and the other way round", pairings, P) {
    auto const old = ticket_server(protocol_version::tls_1_2);
    auto const modern = ticket_server(protocol_version::tls_1_3);
    expect_refusal<P>(old, modern, errc::no_common_version);
    if (is_wolfssl<P>)
        expect_full_handshake<P>(modern, old);
    else
        expect_refusal<P>(modern, old, errc::handshake_refused);
}

PARITY_CASE("a server that no longer issues tickets", pairings, P, v) {
    auto const before = ticket_server(v);
    auto now = before;
    now.tickets = false;
    // Mbed TLS's server sends session ids although it will not recognise them.
    bool const names_session =
        v == protocol_version::tls_1_2 && std::is_same_v<typename P::server, testbed::mbedtls_server>;
    if (is_wolfssl<P> && names_session)
        expect_refusal<P>(before, now, errc::unexpected_message);
    else
        expect_full_handshake<P>(before, now);
}

PARITY_CASE("what is offered besides a session is what is offered without one", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.own_tickets = true}));
    auto options = ticket_server(v);
    options.groups = {24}; // the last of the client's
    auto const name = tls::server_name::dns("localhost");
    auto const with = hello_of(client.engine(name, first_ticket<P>(client, options)));
    auto const without = hello_of(client.engine(name));
    CHECK(with.suites == without.suites);
    CHECK(with.versions == without.versions);
    CHECK(with.signature_algorithms == without.signature_algorithms);
    CHECK(with.groups == without.groups);
    CHECK(with.server_name == "localhost");
    CHECK(with.has_extension(v == protocol_version::tls_1_2 ? 35 : 41));
}

} // namespace parity::resumption_changes_cases

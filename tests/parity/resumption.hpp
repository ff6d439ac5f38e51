// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/ticket_keys.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// Servers that let sessions be resumed, and visits to them.
namespace parity {

/// A server that issues tickets, and accepts them as long as it has its keys.
inline testbed::server_options ticket_server(protocol_version v) {
    auto options = good_server(v);
    options.tickets = true;
    options.keys = std::make_shared<testbed::ticket_keys>();
    return options;
}

/// What one connection came to.
struct visit_report {
    bool resumed = false;        ///< as the client says
    bool server_resumed = false; ///< as the server says
    tls::resumption outcome{};
    std::size_t bytes = 0; ///< of the handshake, both ways
    bool certificate_sent =
        false;               ///< by the server: seen unencrypted (TLS 1.2), or by the size of its flight (TLS 1.3)
    bool remembered = false; ///< the client knows the server's certificate from before
    testbed::bytes leaf{};   ///< that certificate
    std::optional<tls::ticket> ticket{}; ///< the newest
};

/// Connects, sends a few bytes both ways, reads the tickets and closes.
template <class P>
visit_report visit(
    client_for<P> const& client, testbed::server_options const& options,
    std::optional<tls::ticket> offer = std::nullopt, std::string_view name = "localhost", std::uint16_t port = 0) {
    auto c = converse<P>(client.engine(tls::server_name::parse(name, port), std::move(offer)), options);
    auto const done = c.run();
    REQUIRE_MESSAGE(done, c.server.error_text());
    visit_report report;
    auto const facts = c.client.facts();
    report.resumed = facts.resumed;
    report.server_resumed = c.server.resumed();
    report.outcome = facts.resumption;
    report.bytes = c.moved();
    report.remembered = facts.peer_certificate_is_remembered;
    REQUIRE(facts.peer_certificate);
    auto const der = facts.peer_certificate->der();
    report.leaf.assign(der.begin(), der.end());
    // TLS 1.3 encrypts the message: a chain of two certificates is more than the rest of the server's flight.
    report.certificate_sent =
        facts.version == protocol_version::tls_1_2
            ? testbed::wire::find(c.pipe.to_client.history(), tls::handshake_message::certificate).has_value()
            : c.pipe.to_client.history().size() > options.chain.front().der.size() + 300;
    REQUIRE(c.client.write(testbed::view_of("ping")));
    c.run();
    CHECK(testbed::to_text(c.server.received()) == "ping");
    c.server.send(testbed::view_of("pong"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "pong");
    while (auto next = c.client.take_ticket()) report.ticket = std::move(next);
    CHECK(c.client.close());
    return report;
}

/// A full handshake that leaves a ticket.
template <class P>
tls::ticket first_ticket(
    client_for<P> const& client, testbed::server_options const& options, std::string_view name = "localhost",
    std::uint16_t port = 0) {
    auto first = visit<P>(client, options, std::nullopt, name, port);
    CHECK(!first.resumed);
    REQUIRE(first.ticket);
    return std::move(*first.ticket);
}

} // namespace parity

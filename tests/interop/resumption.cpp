// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"

#include "interop/installed.hpp"
#include "testbed/transports.hpp"
#include <tls/transport/tcp.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Sessions resumed with real servers, as their answers and the bytes on the wire show.
namespace parity::interop_resumption_cases {
namespace {

using namespace std::chrono_literals;
using testbed::server_program;
using wants = testbed::real_server_options::client_certificate;

constexpr std::array programs = {server_program::openssl, server_program::gnutls, server_program::nginx};

/// A TCP connection, and a copy of what went over the last one.
struct recorded : testbed::wrapped_transport<tls::tcp_stream&> {
    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) noexcept {
        auto const moved = wrapped_transport::read_some(into);
        received.insert(received.end(), into.begin(), into.begin() + static_cast<std::ptrdiff_t>(moved.bytes));
        return moved;
    }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
        auto const moved = wrapped_transport::write_some(from);
        sent.insert(sent.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(moved.bytes));
        return moved;
    }
    [[nodiscard]] std::uint16_t peer_port() const noexcept { return inner.peer_port(); }
    [[nodiscard]] bool reconnect() noexcept {
        received.clear();
        refused = std::exchange(sent, {});
        return inner.reconnect();
    }

    testbed::bytes received{};
    testbed::bytes sent{};
    testbed::bytes refused{}; ///< sent before it connected again
};

/// What one connection came to.
struct report {
    tls::facts facts{}; ///< without views into the session
    testbed::bytes leaf{};
    testbed::bytes received{}; ///< in the handshake
    testbed::bytes sent{};     ///< the same
    testbed::bytes refused{};  ///< sent in a handshake that failed and was made again without a ticket
    std::string answer{};
    std::optional<tls::ticket> ticket{}; ///< the newest

    [[nodiscard]] std::size_t bytes() const { return received.size() + sent.size(); }
};

/// Connects, asks, and reads to the end, past whatever tickets come.
template <class B>
report call(
    tls::client<B> const& client, testbed::real_server& server, std::uint16_t port_in_name = 0,
    std::optional<tls::ticket> offer = std::nullopt) {
    auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
    REQUIRE_MESSAGE(tcp, server.child().output());
    recorded wire{{*tcp}};
    auto session = client.connect(tls::server_name::dns("localhost", port_in_name), wire, std::move(offer));
    REQUIRE_MESSAGE(session, server.child().output());
    report r{.facts = session->facts(), .received = wire.received, .sent = wire.sent, .refused = wire.refused};
    REQUIRE(r.facts.peer_certificate);
    auto const der = r.facts.peer_certificate->der();
    r.leaf.assign(der.begin(), der.end());
    r.facts.alpn = {};
    r.facts.peer_certificate.reset();
    REQUIRE(session->write_all(testbed::view_of(server.request())));
    std::vector<std::byte> into(16384);
    for (;;) {
        auto const n = session->read_some(into);
        if (!n) {
            INFO(tls::explain(n.error()));
            REQUIRE(n.error() == errc::closed);
            break;
        }
        r.answer += testbed::to_text(testbed::byte_view(into).first(*n));
    }
    CHECK(r.answer.starts_with(server.answer()));
    while (auto next = session->take_ticket()) r.ticket = std::move(next);
    return r;
}

/// Whether the server says in its answer that it resumed a session; gnutls-serv says nothing about it.
std::optional<bool> server_says(std::string_view answer) {
    auto const has = [&](std::string_view text) { return answer.find(text) != std::string_view::npos; };
    if (has("Reused, TLSv") || has("hello r\n")) return true;
    if (has("New, TLSv") || has("hello .\n")) return false;
    return std::nullopt;
}

/// Whether the server's certificate was on the wire: TLS 1.2 shows it, and under TLS 1.3 it is most of a flight.
bool certificate_came(report const& r) {
    if (r.facts.version == protocol_version::tls_1_2)
        return testbed::wire::find(r.received, tls::handshake_message::certificate).has_value();
    return r.received.size() > r.leaf.size() + 300;
}

/// Whether ServerHello resumes a session (RFC 8446 section 4.2.11); TLS 1.3 only.
bool psk_selected(report const& r) {
    auto const hellos = testbed::wire::server_hellos(r.received);
    REQUIRE(!hellos.empty());
    return std::ranges::find(hellos.back().extensions, 41U) != hellos.back().extensions.end();
}

void check_full(report const& r, tls::resumption why, bool second_attempt = false) {
    CHECK(!r.refused.empty() == second_attempt);
    CHECK(!r.facts.resumed);
    CHECK(r.facts.resumption == why);
    CHECK(!r.facts.peer_certificate_is_remembered);
    CHECK(r.leaf == pki().server.leaf().der);
    CHECK(certificate_came(r));
    CHECK(!psk_selected(r));
    CHECK(server_says(r.answer) != true);
}

void check_resumed(report const& r) {
    CHECK(r.refused.empty());
    CHECK(r.facts.resumed);
    CHECK(r.facts.resumption == tls::resumption::accepted);
    CHECK(r.facts.peer_certificate_is_remembered);
    CHECK(r.leaf == pki().server.leaf().der);
    CHECK(!certificate_came(r));
    CHECK(psk_selected(r) == (r.facts.version == protocol_version::tls_1_3));
    CHECK(server_says(r.answer) != false);
}

/// A full handshake with a server that declined a ticket. Where the library gave up over that, twintls connected again
/// without the ticket.
void check_declined(report const& r, bool given_up) { check_full(r, tls::resumption::declined, given_up); }

/// When it has offered a ticket, wolfSSL 5.9 takes any session id in ServerHello for a promise to resume, and refuses
/// the certificate that follows. RFC 5246 section 7.4.1.3 means only the id that was offered.
template <class B> constexpr bool gives_up_over_session_ids = std::same_as<B, tls::wolfssl>;

/// The session id of a TLS 1.2 server; empty if it sent none.
testbed::bytes session_id(report const& r) {
    REQUIRE(r.facts.version == protocol_version::tls_1_2);
    return testbed::wire::server_hellos(r.received).front().session_id;
}

/// Whether a ticket was issued in the handshake, which shows under TLS 1.2.
bool gives_ticket_in_clear(report const& r) {
    return testbed::wire::find(r.received, tls::handshake_message::new_session_ticket).has_value();
}

testbed::real_server_options plain(server_program program, protocol_version v) {
    return {.program = program, .server = pki().server, .from_client = wants::ignored, .version = v};
}

} // namespace

PARITY_CASE("real servers: of ten connections all but the first are resumed", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        testbed::real_server server(plain(program, v));
        tls::memory_ticket_store store;
        auto const client = client_of<B>(only(v, {.store = &store}));
        auto const first = call(client, server);
        check_full(first, tls::resumption::nothing);
        CHECK(server_says(first.answer).has_value() == (program != server_program::gnutls));
        CHECK(gives_ticket_in_clear(first) == (v == protocol_version::tls_1_2));
        for (int i = 1; i < 10; ++i) {
            CAPTURE(i);
            auto const again = call(client, server);
            check_resumed(again);
            CHECK(again.bytes() < first.bytes());
            CHECK(again.received.size() + again.leaf.size() < first.received.size());
        }
    });
}

PARITY_CASE("real servers: tickets that the application keeps", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        testbed::real_server server(plain(program, v));
        auto const client = client_of<B>(only(v, {.own_tickets = true}));
        auto first = call(client, server);
        check_full(first, tls::resumption::nothing);
        REQUIRE(first.ticket);
        CHECK(first.ticket->version() == v);
        auto second = call(client, server, 0, std::move(first.ticket));
        check_resumed(second);
        REQUIRE(second.ticket);
        check_resumed(call(client, server, 0, std::move(second.ticket)));
        // Nothing is remembered except what is given.
        check_full(call(client, server), tls::resumption::nothing);
    });
}

PARITY_CASE("real servers: no early data for one whose tickets permit it", backends, B) {
    auto options = plain(server_program::openssl, protocol_version::tls_1_3);
    options.takes_early_data = true;
    testbed::real_server server(options);
    auto const client = client_of<B>(only(protocol_version::tls_1_3, {.own_tickets = true}));
    auto first = call(client, server);
    REQUIRE(first.ticket);
    auto const second = call(client, server, 0, std::move(first.ticket));
    check_resumed(second);
    constexpr unsigned early_data = 42; // RFC 8446 section 4.2.10
    auto const hello = testbed::wire::first_client_hello(second.sent);
    CHECK(!hello.has_extension(early_data));
    CHECK(hello.has_extension(41U));
}

PARITY_CASE("real servers: sessions that the server keeps itself", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        auto options = plain(program, v);
        options.tickets = false;
        testbed::real_server server(options);
        tls::memory_ticket_store store;
        auto const client = client_of<B>(only(v, {.store = &store}));
        auto const first = call(client, server);
        check_full(first, tls::resumption::nothing);
        CHECK(!gives_ticket_in_clear(first));
        if (v == protocol_version::tls_1_2) CHECK(!session_id(first).empty());
        for (int i = 0; i < 3; ++i) {
            auto const again = call(client, server);
            if (program == server_program::gnutls && v == protocol_version::tls_1_3)
                check_full(again, tls::resumption::nothing); // without tickets it has nothing to resume from
            else
                check_resumed(again);
            if (v == protocol_version::tls_1_2) CHECK(session_id(again) == session_id(first));
        }
    });
}

PARITY_CASE("real servers: restarted with new keys, a full handshake and then resumed", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        tls::memory_ticket_store store;
        auto const client = client_of<B>(only(v, {.store = &store}));
        constexpr std::uint16_t port = 4433; // in the name: the process has another port each time
        {
            testbed::real_server before(plain(program, v));
            check_full(call(client, before, port), tls::resumption::nothing);
            check_resumed(call(client, before, port));
        }
        testbed::real_server after(plain(program, v));
        auto const declined = call(client, after, port);
        // GnuTLS sends a session id even if it issues a ticket.
        bool const named = v == protocol_version::tls_1_2 && program == server_program::gnutls;
        if (v == protocol_version::tls_1_2) CHECK(!session_id(declined).empty() == named);
        check_declined(declined, named && gives_up_over_session_ids<B>);
        check_resumed(call(client, after, port));
        // Without that number the ticket belongs to the port that was connected to.
        check_full(call(client, after), tls::resumption::nothing);
        check_resumed(call(client, after));
    });
}

PARITY_CASE("real servers: a ticket from before the server was reconfigured", backends, B) {
    constexpr std::uint16_t port = 4433;
    for (server_program const program : programs) {
        if (!installed(program)) continue;
        auto const changed = [&](testbed::real_server_options const& first, testbed::real_server_options const& then,
                                 std::vector<unsigned> const& refused_versions) {
            INFO(testbed::name(program), ", from ", tls::name(first.version), " to ", tls::name(then.version));
            tls::memory_ticket_store store;
            auto const client = client_of<B>({.store = &store});
            {
                testbed::real_server before(first);
                check_full(call(client, before, port), tls::resumption::nothing);
            }
            testbed::real_server after(then);
            auto const declined = call(client, after, port);
            check_declined(declined, !refused_versions.empty());
            if (!declined.refused.empty())
                CHECK(testbed::wire::first_client_hello(declined.refused).versions == refused_versions);
            CHECK(declined.facts.version == then.version);
            check_resumed(call(client, after, port));
        };
        auto const old = plain(program, protocol_version::tls_1_2);
        auto const modern = plain(program, protocol_version::tls_1_3);
        auto no_tickets = old;
        no_tickets.tickets = false;
        using offers = std::vector<unsigned>;
        bool const named = program == server_program::gnutls; // see above
        changed(old, no_tickets, gives_up_over_session_ids<B> ? offers{0x0303} : offers{});
        // With a session of TLS 1.2 both libraries offer that version alone, with one of TLS 1.3 only Mbed TLS does so.
        changed(old, modern, offers{0x0303});
        if (std::same_as<B, tls::mbedtls>)
            changed(modern, old, offers{0x0304});
        else
            changed(modern, old, named ? offers{0x0304, 0x0303} : offers{});
    }
}

PARITY_CASE("real servers: mutual TLS is resumed without our certificate", backends, B) {
    with_each(programs, [](server_program program, protocol_version v) {
        auto options = plain(program, v);
        options.from_client = wants::required;
        options.client_anchors = {pki().root.certificate};
        testbed::real_server server(options);
        tls::memory_ticket_store store;
        auto const client = client_of<B>(only(v, {.who = identity(pki().client), .store = &store}));
        auto const first = call(client, server);
        check_full(first, tls::resumption::nothing);
        CHECK(first.facts.client_certificate_requested == true);
        CHECK(first.facts.certificates_sent == std::uint16_t{2});
        for (int i = 0; i < 3; ++i) {
            auto const again = call(client, server);
            check_resumed(again);
            CHECK(again.facts.client_certificate_requested == false);
            CHECK(again.facts.certificates_sent == std::uint16_t{0});
        }
    });
}

PARITY_CASE("real servers: twenty tickets at a time fill no memory and hide no data", backends, B) {
    if (!installed(server_program::openssl)) return;
    auto options = plain(server_program::openssl, protocol_version::tls_1_3);
    options.ticket_count = 20;
    testbed::real_server server(options);
    tls::memory_ticket_store store;
    auto const client = client_of<B>(only(protocol_version::tls_1_3, {.store = &store}));
    check_full(call(client, server), tls::resumption::nothing);
    for (int i = 0; i < 3; ++i) {
        CHECK(store.size() == tls::memory_ticket_store::tickets_each);
        check_resumed(call(client, server));
    }
    auto const keeper = client_of<B>(only(protocol_version::tls_1_3, {.own_tickets = true}));
    auto first = call(keeper, server);
    check_full(first, tls::resumption::nothing);
    check_resumed(call(keeper, server, 0, std::move(first.ticket)));
}

} // namespace parity::interop_resumption_cases

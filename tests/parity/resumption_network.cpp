// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"
#include "parity/tcp.hpp"
#include "testbed/server_thread.hpp"
#include "testbed/transports.hpp"
#include <tls/any_client.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// Resumption over TCP: servers that change after issuing a ticket, and many threads with one store.
namespace parity::resumption_network_cases {
namespace {

using namespace std::chrono_literals;

/// The same service on whatever port the test's servers get.
tls::result<tls::server_name> service() { return tls::server_name::dns("localhost", 4433); }

template <class Server>
testbed::server_thread<Server> listening(testbed::server_options const& options, int connections) {
    return testbed::server_thread<Server>({.server = options, .connections = connections});
}

std::atomic<std::int64_t> offset; // of a test's clock, in seconds

/// A stream that cannot connect again.
using one_way_street = testbed::wrapped_transport<tls::tcp_stream>;
static_assert(tls::transport<one_way_street> && !tls::reconnecting_transport<one_way_street>);
static_assert(tls::reconnecting_transport<tls::tcp_stream>);

/// Talks and closes; the echo brings the tickets of TLS 1.3.
template <class Session> void talk(Session& session) {
    REQUIRE(session.write_all(testbed::view_of("hello")));
    std::array<std::byte, 5> into{};
    for (std::size_t have = 0; have < into.size();) {
        auto const n = session.read_some(std::span(into).subspan(have));
        REQUIRE(n);
        have += *n;
    }
    CHECK(testbed::to_text(into) == "hello");
    CHECK(session.close());
}

/// Makes one connection over TCP and returns its facts.
template <class P> tls::facts connect_and_talk(auto const& client, testbed::server_options const& options) {
    auto server = listening<typename P::server>(options, 2); // a second attempt needs a second connection
    auto session = client.connect(service(), connection_to(server.port()));
    REQUIRE(session);
    talk(*session);
    auto facts = session->facts();
    facts.peer_certificate.reset(); // goes with the session
    return facts;
}

/// A client for both versions, with a ticket of a server that has changed since.
template <class P> struct overtaken {
    explicit overtaken(testbed::server_options const& before) {
        CHECK(!connect_and_talk<P>(client, before).resumed);
        CHECK(connect_and_talk<P>(client, before).resumed);
    }

    /// The client must connect anyway, and get a ticket that fits.
    void meets(testbed::server_options const& now, bool may_resume = false) {
        auto const first = connect_and_talk<P>(client, now);
        CHECK((!first.resumed || may_resume));
        // On whichever connection: a ticket was offered.
        CHECK(first.resumption == (first.resumed ? tls::resumption::accepted : tls::resumption::declined));
        CHECK((now.max_version == first.version));
        // At the latest after the next connection: some servers issue no ticket when they have declined one.
        bool resumed = false;
        for (int i = 0; i < 3 && !resumed; ++i) resumed = connect_and_talk<P>(client, now).resumed;
        CHECK(resumed == now.tickets);
    }

    tls::memory_ticket_store store{};
    client_for<P> client = client_of<P>({.store = &store});
};

testbed::server_options both_versions() {
    auto options = testbed::server_options::showing(pki().server);
    options.tickets = true;
    options.keys = std::make_shared<testbed::ticket_keys>();
    return options;
}

} // namespace

PARITY_CASE("a server that has changed its version is still connected to", pairings, P) {
    overtaken<P>(ticket_server(protocol_version::tls_1_3)).meets(ticket_server(protocol_version::tls_1_2));
    overtaken<P>(ticket_server(protocol_version::tls_1_2)).meets(ticket_server(protocol_version::tls_1_3));
    overtaken<P>(both_versions()).meets(ticket_server(protocol_version::tls_1_2));
}

PARITY_CASE("so it is by a client whose backend is forgotten", pairings, P) {
    tls::memory_ticket_store store;
    auto const client = tls::any_client::of(client_of<P>({.store = &store}));
    REQUIRE(client);
    auto const before = ticket_server(protocol_version::tls_1_3);
    CHECK(!connect_and_talk<P>(*client, before).resumed);
    CHECK(connect_and_talk<P>(*client, before).resumed);
    auto const facts = connect_and_talk<P>(*client, ticket_server(protocol_version::tls_1_2));
    CHECK(!facts.resumed);
    CHECK(facts.version == protocol_version::tls_1_2);
    CHECK(facts.resumption == tls::resumption::declined);
}

PARITY_CASE("so is one that has changed its suites, or its groups", pairings, P, v) {
    auto before = ticket_server(v);
    before.suites = {0x1301, 0xc02b};
    before.groups = {29};
    auto other_suite = before;
    other_suite.suites = {0x1302, 0xc02c};
    // Whether suites and groups matter for resumption is up to the server.
    overtaken<P>(before).meets(other_suite, true);
    auto other_group = before;
    other_group.groups = {24};
    overtaken<P>(before).meets(other_group, true);
}

PARITY_CASE("so is one that no longer issues tickets", pairings, P, v) {
    auto const before = ticket_server(v);
    auto now = before;
    now.tickets = false;
    now.keys.reset();
    overtaken<P>(before).meets(now);
}

PARITY_CASE("a session that runs out while it is offered is followed by a full handshake", pairings, P, v) {
    /// A stream during whose first write two hours pass.
    struct slow_stream : testbed::wrapped_transport<tls::tcp_stream> {
        [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) noexcept {
            offset = 7200;
            return inner.write_some(from);
        }
        [[nodiscard]] bool reconnect() noexcept { return inner.reconnect(); }
    };
    static_assert(tls::reconnecting_transport<slow_stream>);
    offset = 0;
    auto const clock = []() noexcept { return tls::system_wall_clock() + offset; };
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(v, {.store = &store, .clock = clock}));
    auto const options = ticket_server(v); // whose tickets live an hour
    CHECK(!connect_and_talk<P>(client, options).resumed);
    CHECK(connect_and_talk<P>(client, options).resumed);
    {
        auto server = listening<typename P::server>(options, 2);
        auto session = client.connect(service(), slow_stream{{connection_to(server.port())}});
        REQUIRE_MESSAGE(session, tls::explain(session.error()));
        talk(*session);
        CHECK(!session->facts().resumed);
        CHECK(session->facts().resumption == tls::resumption::declined);
    }
    CHECK(connect_and_talk<P>(client, options).resumed);
}

PARITY_CASE("without a way to connect again the error says that a session was offered", pairings, P) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>({.store = &store});
    CHECK(!connect_and_talk<P>(client, ticket_server(protocol_version::tls_1_2)).resumed);
    auto server = listening<typename P::server>(ticket_server(protocol_version::tls_1_3), 2);
    {
        auto const session = client.connect(service(), one_way_street{connection_to(server.port())});
        REQUIRE(!session);
        CHECK(session.error() == errc::no_common_version);
        CHECK(session.error().handshake.session_offered == true);
        CHECK(tls::explain(session.error()).find("connect again") != std::string::npos);
    }
    auto again = client.connect(service(), one_way_street{connection_to(server.port())});
    REQUIRE(again);
    CHECK(again->facts().resumption == tls::resumption::nothing);
}

PARITY_CASE("there is one second attempt, and its error counts", pairings, P) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>({.store = &store});
    CHECK(!connect_and_talk<P>(client, ticket_server(protocol_version::tls_1_2)).resumed);
    // A server the client does not trust: the first attempt fails at the version, the second at the certificate.
    auto stranger = testbed::server_options::showing(pki(testbed::key_kind::p384).server, protocol_version::tls_1_3);
    auto server = listening<typename P::server>(stranger, 2);
    auto const session = client.connect(service(), connection_to(server.port()));
    REQUIRE(!session);
    CHECK(session.error() == errc::untrusted);
    CHECK(session.error().handshake.session_offered == false);
}

PARITY_CASE("tickets are told apart by the port a stream is connected to", pairings, P) {
    tls::memory_ticket_store store;
    auto const client = client_of<P>(only(protocol_version::tls_1_3, {.store = &store}));
    auto const options = ticket_server(protocol_version::tls_1_3);
    auto one = listening<typename P::server>(options, 2);
    auto two = listening<typename P::server>(options, 1);
    auto const connect = [&](auto const& server) {
        auto session = client.connect(tls::server_name::dns("localhost"), connection_to(server.port()));
        REQUIRE(session);
        talk(*session);
        return session->facts().resumption;
    };
    CHECK(connect(one) == tls::resumption::nothing);
    CHECK(connect(two) == tls::resumption::nothing);
    CHECK(connect(one) == tls::resumption::accepted);
}

PARITY_CASE("eight threads, one client and one store", backends, B) {
    constexpr int threads = 8;
    constexpr int each = 12;
    for (protocol_version const v : versions) {
        tls::memory_ticket_store store;
        auto const client = client_of<B>(only(v, {.store = &store}));
        auto server = listening<testbed::mbedtls_server>(ticket_server(v), threads * each);
        std::array<int, threads> resumed{};
        std::array<std::string, threads> problem{};
        auto const work = [&](std::size_t me) {
            for (int i = 0; i < each; ++i) {
                auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s});
                if (!tcp) return void(problem[me] = tls::explain(tcp.error()));
                auto session = client.connect(service(), std::move(*tcp));
                if (!session) return void(problem[me] = tls::explain(session.error()));
                std::array<std::byte, 2> into{};
                auto const written = session->write_all(testbed::view_of("x"));
                auto const read = session->read_some(into);
                if (!written || !read) return void(problem[me] = "no echo");
                resumed[me] += session->facts().resumed ? 1 : 0;
                (void)session->close();
            }
        };
        {
            std::vector<std::jthread> running;
            for (std::size_t i = 0; i < threads; ++i) running.emplace_back(work, i);
        }
        int all = 0;
        for (std::size_t i = 0; i < threads; ++i) {
            CHECK(problem[i] == "");
            all += resumed[i];
        }
        CHECK(all > 0);
        CHECK(all <= threads * each - 1);
        CHECK(store.size() <= tls::memory_ticket_store::tickets_each);
    }
}

} // namespace parity::resumption_network_cases

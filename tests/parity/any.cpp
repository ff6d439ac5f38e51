// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "parity/slow_link.hpp"
#include "parity/tcp.hpp"
#include "testbed/server_thread.hpp"
#include "testbed/transports.hpp"
#include <tls/any_client.hpp>

#include <array>
#include <string>
#include <utility>

/// Clients whose backend is chosen at run time do what the others do.
namespace parity::any_cases {
namespace {

using namespace std::chrono_literals;

/// A client of the backend of that name.
tls::result<tls::any_client> client_named(std::string_view name, client_options const& o = {}) {
    return tls::any_client::build<tls::wolfssl, tls::mbedtls>(
        name, [&]<class B>(tls::builder<B>) { return build_with<B>(o); });
}

template <class P> tls::any_client any_client_of(client_options const& o) {
    auto made = tls::any_client::of(build<P>(o));
    REQUIRE(made);
    return *made;
}

/// A transport too large to lie inside.
template <class Inner> struct large : testbed::wrapped_transport<Inner> {
    std::array<std::byte, 500> ballast{};
};

} // namespace

TEST_CASE("any: a backend is chosen by name") {
    for (auto const& [text, name] :
         {std::pair{"wolfSSL", "wolfSSL"},
          {"wolfssl", "wolfSSL"},
          {"WOLFSSL", "wolfSSL"},
          {"wolf-ssl", "wolfSSL"},
          {"mbedtls", "Mbed TLS"},
          {"Mbed TLS", "Mbed TLS"},
          {"mbed_tls", "Mbed TLS"}}) {
        CAPTURE(text);
        auto const client = client_named(text);
        REQUIRE(client);
        CHECK(client->backend_name() == name);
        CHECK(!client->backend_version().empty());
    }
    for (auto const text : {"", "openssl", "wolf", "wolfssl2", "-", "wolfssl mbedtls"}) {
        CAPTURE(text);
        auto const client = client_named(text);
        REQUIRE(!client);
        CHECK(client.error().code == errc::unsupported);
        CHECK(client.error().about.view() == text);
    }
    // An error of the configuration is told, as without the name.
    auto const failed = client_named("mbedtls", {.anchors = tls::trust_anchors::from_pem("")});
    REQUIRE(!failed);
    CHECK(failed.error().code == errc::empty_input);
}

PARITY_CASE("any: it knows what the backend supports", backends, B) {
    auto const client = any_client_of<B>({});
    CHECK(client.supports(tls::feature::tls_1_3) == B::template supports<tls::feature::tls_1_3>);
    CHECK(client.supports(tls::feature::key_update) == B::template supports<tls::feature::key_update>);
    CHECK(client.supports(tls::feature::debug_log) == B::template supports<tls::feature::debug_log>);
    CHECK(client.supports(tls::feature::memory_resource) == B::template supports<tls::feature::memory_resource>);
    CHECK(
        client.supports(tls::feature::ocsp_stapling) ==
        B::template supports<tls::feature::ocsp_stapling>); // one lacks it
}

PARITY_CASE("any: mutual TLS over TCP, with the same facts", pairings, P, v) {
    auto const options = only(v, {.who = identity(pki().client)});
    auto const plain = client_of<P>(options);
    auto const any = any_client_of<P>(options);
    testbed::thread_options serving;
    serving.server = strict_server(v);
    serving.behaviour = testbed::behaviour::echo;
    auto const talk = [](auto session) {
        REQUIRE(session);
        REQUIRE(session->write_all("ping"));
        char answer[8];
        std::size_t got = 0;
        while (got < 4) {
            auto const n = session->read_some(std::span(answer).subspan(got));
            REQUIRE(n);
            got += *n;
        }
        CHECK(std::string_view(answer, got) == "ping");
        CHECK(session->transport().native_handle() >= 0);
        auto const f = session->facts();
        REQUIRE(session->close());
        return std::tuple(f.version, f.suite, f.group, f.certificates_sent, f.signature_sent);
    };
    testbed::server_thread<typename P::server> one(serving);
    auto const expected = talk(plain.connect(tls::server_name::dns("localhost"), connection_to(one.port())));
    testbed::server_thread<typename P::server> two(serving);
    CHECK(talk(any.connect(tls::server_name::dns("localhost"), connection_to(two.port()))) == expected);
    // Referred to, and not owned.
    testbed::server_thread<typename P::server> three(serving);
    auto stream = connection_to(three.port());
    CHECK(talk(any.connect(tls::server_name::dns("localhost"), stream)) == expected);
    CHECK(stream.native_handle() >= 0);
}

PARITY_CASE("any: a refused certificate is told in the same words", pairings, P, v) {
    auto const options = only(v, {.who = identity(foreign_credentials())});
    auto const explained = [&](auto const& client) {
        slow_server<P> slow(strict_server(v));
        auto session = client.connect(tls::server_name::dns("localhost"), slow.to());
        if (!session) return tls::explain(session.error());
        testbed::serve(slow.server, slow.pipe);
        std::byte into[8];
        auto const n = session->read_some(into);
        REQUIRE(!n);
        return tls::explain(n.error());
    };
    auto const words = explained(client_of<P>(options));
    CHECK(words.find("alert") != std::string::npos);
    CHECK(explained(any_client_of<P>(options)) == words);
}

PARITY_CASE("any: deadlines hold, by the clock of the transport", pairings, P, v) {
    auto const client = any_client_of<P>(only(v, {.handshake_timeout = 5s}));
    {
        slow_server<P> slow(good_server(v));
        slow.at.each = 300ms;
        slow.at.piece = 1;
        auto const session = client.connect(tls::server_name::dns("localhost"), slow.to());
        REQUIRE(!session);
        CHECK(session.error().code == errc::timeout);
        CHECK(slow.since_start() >= 5s);
        CHECK(slow.since_start() < 6s);
    }
    slow_server<P> slow(good_server(v));
    slow.at.timeout = 1s;
    auto session = client.connect(tls::server_name::dns("localhost"), slow.to());
    REQUIRE(session);
    testbed::serve(slow.server, slow.pipe);
    std::byte into[8];
    for (auto const allowed : {1s, 3s}) {
        if (allowed != 1s) session->set_read_timeout(allowed);
        auto const before = slow.at.now;
        CHECK(session->read_some(into).error().code == errc::timeout);
        CHECK(slow.at.now - before == allowed);
    }
}

/// A link that cannot be told until when to wait, and has a clock.
template <class Server> struct untold_link {
    slow_link<Server> link;
    [[nodiscard]] auto now() const noexcept { return link.now(); }
    [[nodiscard]] tls::io_result read_some(std::span<std::byte> into) const noexcept { return link.read_some(into); }
    [[nodiscard]] tls::io_result write_some(std::span<std::byte const> from) const noexcept {
        return link.write_some(from);
    }
};

PARITY_CASE("any: deadlines hold between the reads of a transport that cannot be told until when", pairings, P, v) {
    using link = untold_link<typename P::server>;
    static_assert(!tls::reads_until<link> && !tls::writes_until<link>);
    auto const options = only(v);
    auto const takes = [&](auto const& client, bool writes) {
        slow_server<P> slow(good_server(v));
        auto session = client.connect(tls::server_name::dns("localhost"), link{slow.to()});
        REQUIRE(session);
        testbed::serve(slow.server, slow.pipe);
        slow.server.send(testbed::pattern(1000));
        slow.drip();
        session->set_read_timeout(1s);
        session->set_write_timeout(1s);
        auto const before = slow.at.now;
        std::byte into[1000];
        auto const n = writes ? session->write_some(testbed::view_of("a request")) : session->read_some(into);
        CHECK(n.error().code == errc::timeout);
        return slow.at.now - before;
    };
    for (bool const writes : {false, true}) {
        auto const plain = takes(client_of<P>(options), writes);
        CHECK(plain < 2s);
        CHECK(takes(any_client_of<P>(options), writes) == plain);
    }
}

PARITY_CASE("any: a handshake is stepped, over a transport too large to lie inside", pairings, P, v) {
    auto const client = any_client_of<P>(only(v));
    typename P::server server(good_server(v));
    testbed::wire::byte_pipe pipe;
    auto handshake = client.start(
        tls::server_name::dns("localhost"), large<testbed::pipe_transport>{{testbed::pipe_transport{&pipe}}});
    REQUIRE(handshake);
    auto moved = std::move(*handshake);
    CHECK(handshake->step().error().code == errc::spent);
    auto session = moved.step();
    for (int i = 0; i < 20 && !session; ++i) {
        REQUIRE(session.error().would_block());
        testbed::serve(server, pipe);
        session = moved.step();
    }
    REQUIRE(session);
    CHECK(moved.step().error().code == errc::spent);
    CHECK(session->transport().native_handle() == -1);
    CHECK(session->transport().peer_port() == 0);
    REQUIRE(session->write_all("x"));
    auto last = std::move(*session);
    std::byte into[8];
    CHECK(session->read_some(into).error().code == errc::spent);
    CHECK(session->write_some("x").error().code == errc::spent);
    CHECK(session->write_all("x").error().code == errc::spent);
    CHECK(session->flush().error().code == errc::spent);
    CHECK(session->close().error().code == errc::spent);
    CHECK(session->confirm_accepted(0ms).error().code == errc::spent);
    CHECK_FALSE(session->take_ticket());
    CHECK_FALSE(session->unsent());
    CHECK(session->pending() == 0);
    (void)session->facts();
    REQUIRE(last.write_all("y"));
    testbed::serve(server, pipe);
    CHECK(testbed::to_text(server.received()) == "xy");
}

PARITY_CASE("any: a client that was moved from is spent", backends, B) {
    auto client = any_client_of<B>({});
    auto copy = client;
    auto moved = std::move(client);
    testbed::wire::byte_pipe pipe;
    auto const name = tls::server_name::dns("localhost");
    CHECK(client.connect(name, testbed::pipe_transport{&pipe}).error().code == errc::spent);
    CHECK(client.start(name, testbed::pipe_transport{&pipe}).error().code == errc::spent);
    CHECK(client.engine(name).error().code == errc::spent);
    CHECK(client.preflight(name).error().code == errc::spent);
    CHECK_FALSE(client.identity_is_out_of_date());
    CHECK(client.backend_name().empty());
    CHECK(client.backend_version().empty());
    CHECK_FALSE(client.supports(tls::feature::tls_1_3));
    CHECK(copy.engine(name));
    CHECK(moved.engine(name));
    auto plain = client_of<B>({});
    auto const taken = std::move(plain);
    CHECK(tls::any_client::of(std::move(plain)).error().code == errc::spent); // NOLINT(bugprone-use-after-move)
}

PARITY_CASE("any: an engine, and a preflight", pairings, P, v) {
    auto const client = any_client_of<P>(only(v));
    auto const name = tls::server_name::dns("localhost");
    tls::flight_recorder recorder;
    auto engine = client.engine(name, recorder);
    REQUIRE(engine);
    CHECK(engine->write_some("x").error().code == errc::want_read);
    CHECK(engine->handshake().error().code == errc::want_read);
    CHECK(engine->drain().size() > 100);
    CHECK(recorder.to_text().find("ClientHello") != std::string::npos);
    auto const found = client.preflight(name);
    REQUIRE(found);
    CHECK(tls::explain(*found) == tls::explain(*client_of<P>(only(v)).preflight(name)));
    CHECK(client.preflight(tls::server_name::dns("")).error().code == errc::bad_server_name);
}

PARITY_CASE("any: tickets are taken and offered", pairings, P, v) {
    auto const client = any_client_of<P>(only(v, {.own_tickets = true}));
    testbed::thread_options serving;
    serving.server = ticket_server(v);
    serving.behaviour = testbed::behaviour::echo;
    std::optional<tls::ticket> kept;
    for (bool const resumes : {false, true}) {
        testbed::server_thread<typename P::server> server(serving);
        auto session =
            client.connect(tls::server_name::dns("localhost", 8883), connection_to(server.port()), std::move(kept));
        REQUIRE(session);
        REQUIRE(session->write_all("x"));
        std::byte into[4];
        REQUIRE(session->read_some(into) == 1u);
        CHECK(session->facts().resumed == resumes);
        kept = session->take_ticket();
        CHECK(kept);
        REQUIRE(session->close());
    }
}

} // namespace parity::any_cases

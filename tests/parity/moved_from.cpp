// SPDX-License-Identifier: Apache-2.0
#include "parity/stepping.hpp"
#include "testbed/transports.hpp"

#include <array>
#include <utility>

/// Objects that were moved from: each call answers, and none is undefined.
namespace parity::moved_from_cases {
namespace {

using testbed::view_of;

} // namespace

// NOLINTBEGIN(bugprone-use-after-move,hicpp-invalid-access-moved): that is what is tested here

PARITY_CASE("moved from: a client", backends, B) {
    auto client = client_of<B>({.who = identity(pki().client)});
    auto const moved = std::move(client);
    auto const name = tls::server_name::dns("localhost");
    testbed::wire::byte_pipe pipe;
    CHECK(client.engine(name).error() == errc::spent);
    CHECK(client.engine(name, std::optional<tls::ticket>{}).error() == errc::spent);
    CHECK(client.start(name, testbed::pipe_transport{&pipe}).error() == errc::spent);
    CHECK(client.connect(name, testbed::pipe_transport{&pipe}).error() == errc::spent);
    CHECK(client.preflight(name).error() == errc::spent);
    CHECK(client.preflight(*name).worst() == tls::severity::error); // it trusts nobody any more
    CHECK_FALSE(client.identity_is_out_of_date());
    CHECK(moved.engine(name));
    client = moved;
    CHECK(client.engine(name));
}

PARITY_CASE("moved from: an identity", backends, B) {
    auto who = parity::identity(pki().client);
    REQUIRE(who);
    auto const moved = std::move(*who);
    CHECK(who->is_spent());
    CHECK(who->chain().empty());
    CHECK(who->chain_der().empty());
    CHECK(who->leaf().der().empty());
    CHECK(who->issuer_names().empty());
    CHECK_FALSE(who->key_is_encrypted());
    CHECK(who->private_key().der.empty());
    CHECK(who->password().empty());
    CHECK(who->decrypter() == nullptr);
    CHECK(who->origin().view().empty());
    CHECK(who->chain_origin().view().empty());
    auto const copy = *who;
    CHECK(copy.is_spent());
    auto const refused = build<B>({.who = copy});
    REQUIRE(!refused);
    CHECK(refused.error() == errc::spent);
    CHECK(build<B>({.who = moved}));
}

PARITY_CASE("moved from: an engine, before, in and after its handshake", pairings, P, v) {
    auto const client = client_of<P>(only(v));
    auto c = converse<P>(client, good_server(v));
    auto const all_spent = [](auto& engine) {
        std::array<std::byte, 16> into{};
        CHECK(engine.handshake().error() == errc::spent);
        CHECK(engine.feed(view_of("x")).error() == errc::spent);
        engine.feed_end();
        CHECK(engine.drain().empty());
        engine.drained(1);
        CHECK(engine.read(into).error() == errc::spent);
        CHECK(engine.write(view_of("x")).error() == errc::spent);
        CHECK(engine.close().error() == errc::spent);
        CHECK(engine.confirm().error() == errc::spent);
        CHECK_FALSE(engine.take_ticket());
        CHECK_FALSE(engine.established());
        CHECK_FALSE(engine.facts().peer_certificate);
    };
    auto first = std::move(c.client);
    all_spent(c.client);
    c.client = std::move(first);
    all_spent(first);
    CHECK(c.client.handshake().error() == errc::want_read);
    auto second = std::move(c.client);
    all_spent(c.client);
    c.client = std::move(second);
    REQUIRE(c.run());
    auto third = std::move(c.client);
    all_spent(c.client);
    CHECK(third.write(view_of("x")) == 1u);
    CHECK(third.facts().peer_certificate);
}

PARITY_CASE("moved from: a handshake and a session", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    auto const client = client_of<B>(only(v));
    typename P::server server(good_server(v));
    testbed::wire::byte_pipe pipe;
    auto handshake = client.start(tls::server_name::dns("localhost"), testbed::pipe_transport{&pipe});
    REQUIRE(handshake);
    auto moved = std::move(*handshake);
    CHECK(handshake->step().error() == errc::spent);
    auto step = step_until_done(moved, server, pipe);
    REQUIRE(step);
    auto session = std::move(*step);
    std::array<std::byte, 16> into{};
    CHECK(step->read_some(into).error() == errc::spent);
    CHECK(step->write_some(view_of("x")).error() == errc::spent);
    CHECK(step->write_all(view_of("x")).error() == errc::spent);
    CHECK(step->flush().error() == errc::spent);
    CHECK(step->close().error() == errc::spent);
    CHECK(step->confirm_accepted(std::chrono::milliseconds(0)).error() == errc::spent);
    CHECK(step->pending() == 0);
    CHECK_FALSE(step->unsent());
    CHECK_FALSE(step->take_ticket());
    CHECK_FALSE(step->facts().peer_certificate);
    CHECK(session.write_all(view_of("x")));
    CHECK(tls::explain(step->close().error()).find("moved") != std::string::npos);
}

// NOLINTEND(bugprone-use-after-move,hicpp-invalid-access-moved)

} // namespace parity::moved_from_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/stepping.hpp"
#include "testbed/child_process.hpp"
#include "testbed/transports.hpp"

#include <array>
#include <set>

/// Two processes from one: they share no secrets.
namespace parity::fork_cases {
namespace {

using testbed::bytes;
using tls::handshake_message;

/// Everything that an honest client draws at random and says unencrypted: of its hello the random and the key share,
/// and under TLS 1.2 its half of the key exchange.
std::array<bytes, 3> drawn(bytes const& said) {
    constexpr std::size_t random_at = 2;
    constexpr std::size_t random_size = 32;
    constexpr unsigned key_share = 51;
    auto const hello = testbed::wire::find(said, handshake_message::client_hello);
    REQUIRE(hello);
    auto const random = testbed::byte_view(hello->body).subspan(random_at, random_size);
    auto bodies = testbed::wire::first_client_hello(said).bodies;
    auto const exchange = testbed::wire::find(said, handshake_message::client_key_exchange);
    return {bytes(random.begin(), random.end()), bodies[key_share], exchange ? exchange->body : bytes{}};
}

/// What an engine answers to everything that can be asked of it.
template <class E> std::set<errc> answers(E& engine) {
    std::array<std::byte, 64> into{};
    return {engine.handshake().error().code,
            engine.read(into).error().code,
            engine.write(testbed::view_of("x")).error().code,
            engine.close().error().code,
            engine.confirm().error().code,
            engine.feed(testbed::view_of("x")).error().code};
}

template <class E> bytes answers_in_child(E& engine) {
    return testbed::in_child([&] {
        bytes all;
        for (errc const code : answers(engine)) all.push_back(static_cast<std::byte>(code));
        // Nothing is sent on behalf of the parent.
        all.push_back(static_cast<std::byte>(engine.drain().empty()));
        return all;
    });
}

} // namespace

PARITY_CASE("fork: children of a client draw random numbers of their own", pairings, P, v) {
    auto const client = client_of<P>(only(v, {.who = identity(pki().client)}));
    auto const server = strict_server(v);
    auto const talk = [&] {
        auto c = converse<P>(client, server);
        if (!c.run()) return bytes{};
        return c.pipe.to_server.history();
    };
    auto const before = talk(); // the parent's generator has been used
    std::set<bytes> seen[3];
    for (bytes const& said : {before, testbed::in_child(talk), testbed::in_child(talk), talk()}) {
        REQUIRE(!said.empty());
        auto const parts = drawn(said);
        for (std::size_t i = 0; i != parts.size(); ++i)
            if (!parts[i].empty()) CHECK_MESSAGE(seen[i].insert(parts[i]).second, "the same number twice");
    }
    CHECK(seen[0].size() == 4);
    CHECK(seen[v == protocol_version::tls_1_3 ? 1 : 2].size() == 4);
}

PARITY_CASE("fork: a connection that crosses it is refused in the child, and goes on in the parent", pairings, P, v) {
    auto const forked = [](bytes const& answer) {
        return answer == testbed::octets({static_cast<unsigned>(errc::forked), 1});
    };
    auto c = converse<P>(only(v), good_server(v));
    CHECK(forked(answers_in_child(c.client))); // before its first byte
    REQUIRE(c.run());
    CHECK(forked(answers_in_child(c.client)));
    CHECK(c.client.write(testbed::view_of("ping")) == 4u);
    c.carry();
    testbed::serve(c.server, c.pipe);
    CHECK(testbed::to_text(c.server.received()) == "ping");
}

PARITY_CASE("fork: a session answers so too, and says what to do", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    auto const client = client_of<B>(only(v));
    typename P::server server(good_server(v));
    testbed::wire::byte_pipe pipe;
    auto handshake = client.start(tls::server_name::dns("localhost"), testbed::pipe_transport{&pipe});
    REQUIRE(handshake);
    auto const in_child = [](auto const& work) {
        return testbed::to_text(testbed::in_child([&] {
            tls::error const e = work();
            return testbed::to_bytes(e.code == errc::forked ? tls::explain(e) : "another error");
        }));
    };
    CHECK(in_child([&] { return handshake->step().error(); }).find("the parent of this process") != std::string::npos);
    auto step = step_until_done(*handshake, server, pipe);
    REQUIRE(step);
    std::array<std::byte, 16> into{};
    CHECK(in_child([&] {
              return step->read_some(into).error();
          }).find("Connect again in the child") != std::string::npos);
    CHECK(in_child([&] { return step->write_all(testbed::view_of("x")).error(); }).find("parent") != std::string::npos);
    CHECK(in_child([&] { return step->flush().error(); }).find("parent") != std::string::npos);
    CHECK(in_child([&] { return step->close().error(); }).find("parent") != std::string::npos);
    CHECK(in_child([&] {
              return step->confirm_accepted(std::chrono::seconds(1)).error();
          }).find("parent") != std::string::npos);
    CHECK(step->write_all(testbed::view_of("x")));
}

} // namespace parity::fork_cases

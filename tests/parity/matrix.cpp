// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <string>

// Inside a namespace of our own, because wolfSSL's headers put names like protocol_version into the global one.
namespace parity::matrix_cases {
namespace {

using testbed::key_kind;

/// One cell of the matrix: handshake, data both ways, facts, and an orderly end.
template <class P> void talk(key_kind kind, protocol_version version, bool with_identity) {
    CAPTURE(testbed::name(kind));
    CAPTURE(tls::name(version));
    CAPTURE(with_identity);
    auto const& credentials = pki(kind);
    client_options wanted = only(version, {.anchors = trust(credentials)});
    if (with_identity) wanted.who = identity(credentials.client);
    auto options = good_server(version, kind);
    options.require_client_certificate = with_identity;
    options.client_anchors = {credentials.root.certificate};
    auto c = connected<P>(wanted, options);
    REQUIRE_MESSAGE(c.server.established(), c.server.error_text());

    std::string_view const question = "what time is it?";
    REQUIRE(c.client.write(testbed::view_of(question)) == question.size());
    c.run();
    CHECK(testbed::to_text(c.server.received()) == question);
    c.server.send(testbed::view_of("late"));
    c.run();
    auto const answer = c.read();
    REQUIRE(answer);
    CHECK(testbed::to_text(*answer) == "late");

    auto const facts = c.client.facts();
    CHECK(facts.version == version);
    CHECK(c.server.version() == version);
    CHECK(tls::name(facts.suite) != "unknown suite");
    REQUIRE(facts.group);
    CHECK(*facts.group == tls::named_group::x25519);
    CHECK(!facts.resumed);
    CHECK(facts.client_certificate_requested == with_identity);
    // Leaf and one intermediate.
    CHECK(facts.certificates_sent == (with_identity ? 2 : 0));
    CHECK(c.server.client_certificates_received() == (with_identity ? 2 : -1));
    REQUIRE(facts.peer_certificate);
    CHECK(std::ranges::equal(facts.peer_certificate->der(), credentials.server.leaf().der));
    CHECK(c.server.sni() == "localhost");

    REQUIRE(c.client.close());
    c.run();
    CHECK(c.server.peer_closed());
    c.server.close();
    c.run();
    auto const end = c.read();
    REQUIRE(!end);
    CHECK(end.error().code == errc::closed);
}

} // namespace

PARITY_CASE("client and server agree and talk, whatever the libraries, version and keys", pairings, P) {
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048})
        for (protocol_version const version : versions)
            for (bool const with_identity : {false, true}) talk<P>(kind, version, with_identity);
}

PARITY_CASE("a client of both versions gets the server's highest", pairings, P) {
    auto const client = client_of<P>({});
    for (protocol_version const version : versions) {
        auto c = converse<P>(client, good_server(version));
        REQUIRE(c.run());
        CHECK(c.client.facts().version == version);
    }
}

PARITY_CASE("no common version is an error, and a final one", pairings, P) {
    auto c = converse<P>(only(protocol_version::tls_1_2), good_server(protocol_version::tls_1_3));
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error().code == errc::no_common_version);
    CHECK(done.error().received == tls::alert::protocol_version);
    CHECK(done.error().phase == tls::phase::handshake);
    CHECK(c.client.handshake().error().code == errc::no_common_version);
}

PARITY_CASE("an old server refuses a TLS 1.3 client without saying why", pairings, P) {
    // It knows none of the suites offered, so it answers 40 and never looks at the version.
    auto c = converse<P>(only(protocol_version::tls_1_3), good_server(protocol_version::tls_1_2));
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error().code == errc::handshake_refused);
    CHECK(done.error().received == tls::alert::handshake_failure);
}

PARITY_CASE("suites and groups are offered in our order, whatever the library prefers", backends, B) {
    auto hello = hello_of(client_of<B>({}).engine(tls::server_name::dns("server.example")));
    std::vector<unsigned> suites;
    for (auto const s : tls::settings::default_suites()) suites.push_back(static_cast<unsigned>(s));
    std::erase(hello.suites, 0x00ffu); // the renegotiation marker is not a suite
    CHECK(hello.suites == suites);
    CHECK(hello.groups == std::vector<unsigned>{29, 23, 24, 25});
    CHECK(hello.key_shares == std::vector<unsigned>{29});
    CHECK(hello.versions == std::vector<unsigned>{0x0304, 0x0303});
    CHECK(hello.server_name == "server.example");
    CHECK(hello.alpn.empty());
}

PARITY_CASE("a literal IP address is verified and never sent as server name", pairings, P) {
    auto const client = client_of<P>({});
    for (auto const* const address : {"127.0.0.1", "::1"}) {
        CAPTURE(address);
        auto c = converse<P>(client, good_server(protocol_version::tls_1_3), address);
        REQUIRE(c.run());
        CHECK(!testbed::wire::first_client_hello(c.pipe.to_server.history()).server_name);
    }
}

PARITY_CASE("ALPN is offered in order and the selection is reported", pairings, P, version) {
    auto const client =
        client_for<P>::configure().trust(trust(pki())).no_identity().alpn({"x-amzn-mqtt-ca", "mqtt"}).build();
    REQUIRE(client);
    auto options = good_server(version);
    options.alpn = {"mqtt"};
    auto c = converse<P>(*client, options);
    REQUIRE(c.run());
    CHECK(c.client.facts().alpn == "mqtt");
    CHECK(
        testbed::wire::first_client_hello(c.pipe.to_server.history()).alpn ==
        std::vector<std::string>{"x-amzn-mqtt-ca", "mqtt"});

    auto from_elsewhere = connected<P>(client_options{.alpn = {"x-amzn-mqtt-ca", "mqtt"}}, options);
    CHECK(from_elsewhere.client.facts().alpn == "mqtt");

    options.alpn = {};
    auto without = converse<P>(*client, options);
    REQUIRE(without.run());
    CHECK(without.client.facts().alpn.empty());

    options.alpn = {"h2"};
    auto mismatch = converse<P>(*client, options);
    auto const refused = mismatch.run();
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::alpn_mismatch);
    CHECK(refused.error().received == tls::alert::no_application_protocol);
}

} // namespace parity::matrix_cases

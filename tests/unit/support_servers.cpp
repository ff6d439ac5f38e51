// SPDX-License-Identifier: Apache-2.0
#include "support/raw_client.hpp"
#include "support/server.hpp"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

namespace {

using namespace support;
using tls::protocol_version;

template <class Client, class Server> void run(Client& client, Server& server, wire::byte_pipe& pipe) {
    for (;;) {
        std::size_t const before = pipe.to_server.history().size() + pipe.to_client.history().size();
        client.step();
        serve(server, pipe);
        client.step();
        if (pipe.to_server.history().size() + pipe.to_client.history().size() == before) return;
    }
}

raw_client_options client_options(pki const& credentials, protocol_version version, bool with_identity) {
    raw_client_options out;
    out.anchors = {credentials.root.certificate};
    out.version = version;
    if (with_identity) out.identity = credentials.client;
    return out;
}

template <class Pair> using client_of = raw_client<typename Pair::first_type>;
template <class Pair> using server_of = typename Pair::second_type;
using pairs = std::tuple<
    std::pair<mbedtls_library, mbedtls_server>, std::pair<wolfssl_library, mbedtls_server>,
    std::pair<mbedtls_library, wolfssl_server>, std::pair<wolfssl_library, wolfssl_server>>;

constexpr std::array versions = {protocol_version::tls_1_2, protocol_version::tls_1_3};

} // namespace

TEST_CASE_TEMPLATE_DEFINE("a test server handshakes, echoes and closes", Pair, server_echoes) {
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        pki const credentials = make_pki(kind);
        for (protocol_version const version : versions) {
            CAPTURE(name(kind));
            CAPTURE(tls::name(version));
            wire::byte_pipe pipe;
            server_options options = server_options::showing(credentials.server);
            options.alpn = {"one", "two"};
            server_of<Pair> server(options);
            raw_client_options wanted = client_options(credentials, version, false);
            wanted.alpn = {"two"};
            client_of<Pair> client(wanted, pipe);
            run(client, server, pipe);
            REQUIRE_MESSAGE(server.established(), server.error_text());
            CHECK(client.established());
            CHECK(server.version() == version);
            CHECK(server.sni() == "localhost");
            CHECK(server.alpn() == "two");
            CHECK(server.client_certificates_received() == -1);
            CHECK_FALSE(server.resumed());

            bytes const data = pattern(100'000);
            client.send(data);
            run(client, server, pipe);
            CHECK(server.received() == data);
            server.send(data);
            run(client, server, pipe);
            CHECK(client.received() == data);

            CHECK_FALSE(server.peer_closed());
            client.close();
            run(client, server, pipe);
            CHECK(server.peer_closed());
            server.close();
            run(client, server, pipe);
            CHECK(client.peer_closed());
            CHECK_FALSE(server.failed());
            CHECK_FALSE(server.alert_received());
            CHECK_FALSE(server.alert_sent());
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(server_echoes, pairs);

TEST_CASE_TEMPLATE_DEFINE("a test server counts the client's certificates", Pair, server_counts) {
    pki const credentials = make_pki();
    for (protocol_version const version : versions)
        for (bool const with_identity : {false, true})
            for (bool const require : {false, true}) {
                CAPTURE(tls::name(version));
                CAPTURE(with_identity);
                CAPTURE(require);
                wire::byte_pipe pipe;
                server_options options = server_options::showing(credentials.server, version);
                options.request_client_certificate = !require;
                options.require_client_certificate = require;
                options.client_anchors = {credentials.root.certificate};
                server_of<Pair> server(options);
                client_of<Pair> client(client_options(credentials, version, with_identity), pipe);
                run(client, server, pipe);
                CHECK(server.client_certificates_received() == (with_identity ? 2 : 0));
                CHECK(server.established() == (with_identity || !require));
                CHECK(server.client_leaf_der() == (with_identity ? credentials.client.leaf().der : bytes{}));
                CHECK(server.alert_sent().has_value() == (!with_identity && require));
                CHECK(client.alert_received().value_or(-1) == server.alert_sent().value_or(-1));
            }
}
TEST_CASE_TEMPLATE_APPLY(server_counts, pairs);

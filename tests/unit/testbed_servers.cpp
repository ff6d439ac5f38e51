// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/raw_client.hpp"
#include "testbed/server.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <type_traits>

namespace unit::testbed_servers_cases {
namespace {

using namespace testbed;
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

struct credentials_case {
    std::string what;
    credentials shown;
};

std::vector<credentials_case> bad_chains(pki const& good) {
    std::vector<credentials_case> out;
    auto const leaf = [&](char const* what, auto change) {
        certificate_spec spec = server_spec();
        change(spec);
        out.push_back({what, good.server_with(spec)});
    };
    auto const with_intermediate = [&](char const* what, key const& issuing_key, auto change) {
        certificate_spec spec = server_intermediate_spec();
        change(spec);
        issuer const by{issue(spec, issuing_key, &good.root), &issuing_key};
        key const& leaf_key = pooled_key(good.kind, 3);
        out.push_back({what, {{issue(server_spec(), leaf_key, &by), by.certificate}, &leaf_key}});
    };
    leaf("corrupt signature", [](certificate_spec& s) { s.corrupt_signature = true; });
    leaf("expired", [](certificate_spec& s) { s.not_after = now() - std::chrono::hours(1); });
    leaf("unknown critical extension", [](certificate_spec& s) { s.unknown_critical_extension = true; });
    leaf("client's purpose", [](certificate_spec& s) { s.extended_key_usage = {purpose::client_auth}; });
    leaf("key usage without signing", [](certificate_spec& s) { s.key_usage = usage::key_agreement; });
    leaf("signed with SHA-1", [](certificate_spec& s) { s.hash = hash::sha1; });
    leaf("other name", [](certificate_spec& s) { s.dns = {"other.example"}; });
    leaf("algorithms differ", [](certificate_spec& s) { s.mismatched_algorithm = true; });
    with_intermediate("weak curve", pooled_key(key_kind::p224), [](certificate_spec&) {});
    with_intermediate("weak RSA", pooled_key(key_kind::rsa_1024), [](certificate_spec&) {});
    with_intermediate("not a CA", pooled_key(good.kind, 1), [](certificate_spec& s) { s.ca = false; });
    with_intermediate("critical constraint", pooled_key(good.kind, 1), [](certificate_spec& s) {
        s.name_constraints = constraints{.permitted_dns = {"elsewhere.example"}};
    });
    out.push_back({"leaf alone", {{good.server.leaf()}, good.server.private_key}});
    out.push_back({"key of another", {good.server.chain, &pooled_key(good.kind, 9)}});
    key const& small = pooled_key(key_kind::rsa_1024);
    out.push_back(
        {"small RSA leaf",
         {{issue(server_spec(), small, &good.server_intermediate), good.server_intermediate.certificate}, &small}});
    return out;
}

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

TEST_CASE_TEMPLATE_DEFINE("a test server shows any chain byte for byte", Server, server_shows) {
    pki const credentials = make_pki();
    std::vector<credentials_case> const cases = bad_chains(credentials);
    for (credentials_case const& one : cases) {
        CAPTURE(one.what);
        if (std::is_same_v<Server, wolfssl_server> && one.what == "algorithms differ") {
            CHECK_THROWS_AS(Server(server_options::showing(one.shown)), std::runtime_error);
            continue;
        }
        wire::byte_pipe pipe;
        Server server(server_options::showing(one.shown, protocol_version::tls_1_2));
        raw_mbedtls_client client(client_options(credentials, protocol_version::tls_1_2, false), pipe);
        run(client, server, pipe);
        std::optional<wire::message> const sent =
            wire::find(pipe.to_client.history(), tls::handshake_message::certificate);
        REQUIRE_MESSAGE(sent, server.error_text());
        std::vector<bytes> expected;
        for (certificate const& c : one.shown.chain) expected.push_back(c.der);
        CHECK(wire::certificates_tls12(sent->body) == expected);
        CHECK_FALSE(client.established());
    }
}
TEST_CASE_TEMPLATE_APPLY(server_shows, servers);

TEST_CASE_TEMPLATE_DEFINE("a test server keeps to the suites, groups and name it was given", Server, server_keeps) {
    pki const credentials = make_pki();
    wire::byte_pipe pipe;
    server_options options = server_options::showing(credentials.server, protocol_version::tls_1_3);
    options.suites = {0x1302};
    options.groups = {24};
    options.only_server_name = "localhost";
    Server server(options);
    raw_mbedtls_client client(client_options(credentials, protocol_version::tls_1_3, false), pipe);
    run(client, server, pipe);
    REQUIRE_MESSAGE(server.established(), server.error_text());
    auto const hellos = wire::server_hellos(pipe.to_client.history());
    REQUIRE(hellos.size() == 2);
    CHECK(hellos[1].suite == 0x1302);
    CHECK(hellos[1].key_share.value_or(0) == 24);

    for (protocol_version const version : versions) {
        wire::byte_pipe other;
        options = server_options::showing(credentials.server, version);
        options.only_server_name = "somebody.else";
        Server refusing(options);
        raw_mbedtls_client refused(client_options(credentials, version, false), other);
        run(refused, refusing, other);
        CHECK(refusing.failed());
        CHECK(refusing.alert_sent().value_or(-1) == 112);
        CHECK(refused.alert_received().value_or(-1) == 112);
    }
}
TEST_CASE_TEMPLATE_APPLY(server_keeps, servers);

TEST_CASE("the refusal of a client certificate can be chosen") {
    pki const credentials = make_pki();
    for (protocol_version const version : versions) {
        wire::byte_pipe pipe;
        server_options options = server_options::showing(credentials.server, version);
        options.require_client_certificate = true;
        options.client_anchors = {credentials.root.certificate};
        options.refusal_alert = 42;
        mbedtls_server server(options);
        raw_wolfssl_client client(client_options(credentials, version, false), pipe);
        run(client, server, pipe);
        CHECK(server.alert_sent().value_or(-1) == 42);
        CHECK(client.alert_received().value_or(-1) == 42);
        CHECK(server.client_certificates_received() == 0);
    }
}

TEST_CASE("an identity loaded after the session exists is not sent by one library and is by the other") {
    pki const credentials = make_pki();
    for (protocol_version const version : versions) {
        server_options options = server_options::showing(credentials.server, version);
        options.require_client_certificate = true;
        options.client_anchors = {credentials.root.certificate};
        raw_client_options late = client_options(credentials, version, true);
        late.identity_after_session = true;
        auto const sent = [&]<class Library>(Library) {
            wire::byte_pipe pipe;
            mbedtls_server server(options);
            raw_client<Library> client(late, pipe);
            run(client, server, pipe);
            CHECK(client.identity_loaded());
            return server.client_certificates_received();
        };
        CHECK(sent(wolfssl_library{}) == 0);
        CHECK(sent(mbedtls_library{}) == 2);
    }
}

TEST_CASE_TEMPLATE_DEFINE("a test server notices the client's alert and the end of its input", Server, server_notices) {
    pki const credentials = make_pki();
    pki const strangers = make_pki(key_kind::p384);
    for (protocol_version const version : versions) {
        wire::byte_pipe pipe;
        Server server(server_options::showing(credentials.server, version));
        raw_mbedtls_client client(client_options(strangers, version, false), pipe);
        run(client, server, pipe);
        CHECK_FALSE(client.established());
        CHECK(server.failed());
        // The raw Mbed TLS client encrypts this alert with a key the server does not use yet in TLS 1.3.
        if (version == protocol_version::tls_1_2) CHECK(server.alert_received().value_or(-1) == 48);
    }
    wire::byte_pipe pipe;
    Server server(server_options::showing(credentials.server));
    pipe.to_server.close();
    serve(server, pipe);
    CHECK(server.failed());
    CHECK(server.sni().empty());
}
TEST_CASE_TEMPLATE_APPLY(server_notices, servers);

TEST_CASE_TEMPLATE_DEFINE(
    "a test server with tickets resumes, also when another one made the ticket", Pair, server_resumes) {
    pki const credentials = make_pki();
    for (protocol_version const version : versions) {
        CAPTURE(tls::name(version));
        server_options options = server_options::showing(credentials.server, version);
        options.request_client_certificate = true;
        options.client_anchors = {credentials.root.certificate};
        options.tickets = true;
        options.keys = std::make_shared<ticket_keys>();
        raw_client_options wanted = client_options(credentials, version, true);
        for (bool const again : {false, true}) {
            CAPTURE(again);
            wire::byte_pipe pipe;
            server_of<Pair> server(options);
            client_of<Pair> client(wanted, pipe);
            run(client, server, pipe);
            server.send(octets({1}));
            run(client, server, pipe);
            REQUIRE_MESSAGE(server.established(), server.error_text());
            CHECK(client.established());
            CHECK(server.resumed() == again);
            CHECK(server.client_certificates_received() == (again ? -1 : 2));
            if (again) continue;
            wanted.session = client.session();
            REQUIRE_FALSE(wanted.session->empty());
        }
        // Another server cannot read the ticket, and a full handshake follows.
        options.keys = nullptr;
        wire::byte_pipe pipe;
        server_of<Pair> stranger(options);
        client_of<Pair> client(wanted, pipe);
        run(client, stranger, pipe);
        CHECK(stranger.established());
        CHECK_FALSE(stranger.resumed());
    }
}
TEST_CASE_TEMPLATE_APPLY(server_resumes, pairs);

} // namespace unit::testbed_servers_cases

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/server.hpp"
#include "testbed/wire.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// What every behavioural test is made of: clients, servers, the conversations between them, and cases that run with
/// both backends; tests/README.md has an example.
namespace parity {

using tls::errc;
using tls::protocol_version;

inline constexpr std::array versions = {protocol_version::tls_1_2, protocol_version::tls_1_3};

/// Both backends.
using backends = std::tuple<tls::wolfssl, tls::mbedtls>;

/// A backend and a server library.
template <class Backend, class Server> struct pairing {
    using backend = Backend;
    using server = Server;
};
template <class Backend> struct backend_of {
    using type = Backend;
};
template <class Backend, class Server> struct backend_of<pairing<Backend, Server>> {
    using type = Backend;
};

/// Both backends, each with both servers.
using pairings = std::tuple<
    pairing<tls::wolfssl, testbed::wolfssl_server>, pairing<tls::wolfssl, testbed::mbedtls_server>,
    pairing<tls::mbedtls, testbed::wolfssl_server>, pairing<tls::mbedtls, testbed::mbedtls_server>>;

// Credentials ---------------------------------------------------------------------------------------------------------

/// One set of good credentials for each kind of key, made once.
inline testbed::pki const& pki(testbed::key_kind kind = testbed::key_kind::p256) {
    static std::map<testbed::key_kind, testbed::pki> made;
    auto const found = made.find(kind);
    return found != made.end() ? found->second : made.emplace(kind, testbed::make_pki(kind)).first->second;
}

inline tls::result<tls::trust_anchors> trust(testbed::pki const& p) {
    return tls::trust_anchors::from_pem(p.root_pem());
}

inline tls::result<tls::identity> identity(testbed::credentials const& c) {
    return tls::identity::from_pem(c.chain_pem(), c.private_key->pkcs8_pem());
}

/// A client's credentials from an authority that no server of the tests knows.
inline testbed::credentials foreign_credentials() {
    auto spec = testbed::root_spec();
    spec.common_name = "foreign root";
    auto const& root_key = testbed::pooled_key(testbed::key_kind::p256, 7);
    testbed::issuer const root{testbed::issue(spec, root_key), &root_key};
    auto const& leaf_key = testbed::pooled_key(testbed::key_kind::p256, 8);
    return {{testbed::issue(testbed::client_spec(), leaf_key, &root)}, &leaf_key};
}

/// The good client's certificate as it would be ten days after its end.
inline testbed::credentials expired_credentials() {
    auto spec = testbed::client_spec();
    spec.not_before = testbed::now() - std::chrono::days(20);
    spec.not_after = testbed::now() - std::chrono::days(10);
    return pki().client_with(spec);
}

// Clients -------------------------------------------------------------------------------------------------------------

/// What a test's client is configured with. The default trusts the root of `pki()`, has no identity, and nothing else
/// is decided.
struct client_options {
    std::optional<tls::result<tls::trust_anchors>> anchors{};
    bool any_server = false; ///< insecure_accept_any_server() instead
    std::optional<tls::result<tls::identity>> who{};
    std::optional<tls::result<tls::external_identity>> signing_elsewhere{}; ///< instead of `who`
    std::optional<tls::identity_choice> several{};                          ///< the same
    std::optional<tls::result<tls::pre_shared_key>> psk{};                  ///< instead of anchors and `who`
    std::optional<std::vector<tls::cipher_suite>> suites{};
    std::optional<std::vector<tls::named_group>> groups{};
    std::optional<std::vector<tls::signature_scheme>> schemes{};
    protocol_version lowest = protocol_version::tls_1_2;
    protocol_version highest = protocol_version::tls_1_3;
    std::vector<std::string> alpn{};
    tls::memory_ticket_store* store = nullptr; ///< resumes sessions, with the tickets in there
    bool own_tickets = false;                  ///< resumes sessions, with tickets that the test keeps
    tls::wall_clock clock = nullptr;
    std::optional<std::chrono::milliseconds> handshake_timeout{};
    std::optional<tls::key_log_sink> key_log{};
    std::optional<tls::log_sink> log{}; ///< if the library has one
    std::size_t max_fragment = 0;       ///< 0: the server is not asked
    bool honours_must_staple = false;
};

/// The same for one version only.
inline client_options only(protocol_version v, client_options const& o = {}) {
    client_options one = o;
    one.lowest = one.highest = v;
    return one;
}

template <class Backend> tls::result<tls::client<Backend>> build_with(client_options const& o) {
    auto plain = tls::client<Backend>::configure().versions(o.lowest, o.highest).alpn(std::span(o.alpn)).clock(o.clock);
    if (o.suites) plain = std::move(plain).suites(*o.suites);
    if (o.groups) plain = std::move(plain).groups(*o.groups);
    if (o.schemes) plain = std::move(plain).signature_schemes(*o.schemes);
    if (o.store != nullptr) plain = std::move(plain).resumption(*o.store);
    if (o.own_tickets) plain = std::move(plain).resumption(tls::own_tickets);
    if (o.handshake_timeout) plain = std::move(plain).handshake_timeout(*o.handshake_timeout);
    if (o.max_fragment != 0) plain = std::move(plain).max_fragment_length(o.max_fragment);
    if (o.honours_must_staple) plain = std::move(plain).honour_must_staple();
    if (o.key_log) plain = std::move(plain).key_log(*o.key_log);
    if constexpr (Backend::template supports<tls::feature::debug_log>)
        if (o.log) plain = std::move(plain).log(*o.log);
    if (o.psk) return std::move(plain).psk(*o.psk).build();
    auto const finish = [&o](auto trusting) {
        if (o.signing_elsewhere) return std::move(trusting).identity(*o.signing_elsewhere).build();
        if (o.several) return std::move(trusting).identities(*o.several).build();
        return o.who ? std::move(trusting).identity(*o.who).build() : std::move(trusting).no_identity().build();
    };
    return o.any_server ? finish(std::move(plain).insecure_accept_any_server())
                        : finish(std::move(plain).trust(o.anchors ? *o.anchors : trust(pki())));
}

/// The client of a backend, or of the backend of a pairing.
template <class T> using client_for = tls::client<typename backend_of<T>::type>;

/// That client, or why there is none.
template <class T> tls::result<client_for<T>> build(client_options const& o) {
    return build_with<typename backend_of<T>::type>(o);
}

/// That client; the test ends if it cannot be built.
template <class T> client_for<T> client_of(client_options const& o) {
    auto made = build<T>(o);
    REQUIRE(made);
    return std::move(*made);
}

// Servers -------------------------------------------------------------------------------------------------------------

/// The server that shows the good credentials of a kind, at one version.
inline testbed::server_options good_server(protocol_version v, testbed::key_kind kind = testbed::key_kind::p256) {
    return testbed::server_options::showing(pki(kind).server, v);
}

/// One that asks for a certificate and accepts none.
inline testbed::server_options asking_server(protocol_version v) {
    auto options = good_server(v);
    options.request_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    return options;
}

/// One that requires a certificate from the root of `pki()`, or from that of another kind.
inline testbed::server_options strict_server(protocol_version v, testbed::key_kind ours = testbed::key_kind::p256) {
    auto options = good_server(v);
    options.require_client_certificate = true;
    options.client_anchors = {pki(ours).root.certificate};
    return options;
}

// Conversations -------------------------------------------------------------------------------------------------------

/// A client's engine and a server in one thread, with everything between them recorded.
template <class P> struct conversation {
    tls::engine<typename P::backend> client;
    typename P::server server;
    testbed::wire::byte_pipe pipe{};

    /// Carries bytes both ways until nothing moves; returns how the handshake stands.
    tls::result<void> run() {
        for (;;) {
            std::size_t const before = moved();
            auto const state = client.handshake();
            carry();
            testbed::serve(server, pipe);
            carry();
            if (moved() == before) return state;
        }
    }

    /// Carries what waits, once.
    void carry() {
        if (auto const out = client.drain(); !out.empty()) {
            pipe.to_server.push(out);
            client.drained(out.size());
        }
        // A server may say more to a client that has already refused it.
        if (auto const in = pipe.to_client.take_all(); !in.empty())
            if (auto const fed = client.feed(in); !fed) REQUIRE(fed.error().code != errc::out_of_memory);
    }

    /// What the client reads now.
    tls::result<testbed::bytes> read(std::size_t most = 65536) {
        testbed::bytes into(most);
        auto const n = client.read(into);
        if (!n) return std::unexpected(n.error());
        into.resize(*n);
        return into;
    }

    [[nodiscard]] std::size_t moved() const {
        return pipe.to_server.history().size() + pipe.to_client.history().size();
    }
};

/// The first message of an engine.
template <class Backend> testbed::wire::client_hello hello_of(tls::result<tls::engine<Backend>> engine) {
    REQUIRE(engine);
    CHECK(engine->handshake().error() == errc::want_read);
    return testbed::wire::first_client_hello(engine->drain());
}

/// A conversation that has not begun, of an engine with the server of these options.
template <class P>
conversation<P> converse(tls::result<tls::engine<typename P::backend>> engine, testbed::server_options const& server) {
    REQUIRE(engine);
    return {std::move(*engine), typename P::server(server)};
}
/// The same for a client that connects to a server of this name.
template <class P>
conversation<P>
converse(client_for<P> const& client, testbed::server_options const& server, std::string_view name = "localhost") {
    return converse<P>(client.engine(tls::server_name::parse(name)), server);
}
/// The same for a client of these options.
template <class P>
conversation<P>
converse(client_options const& client, testbed::server_options const& server, std::string_view name = "localhost") {
    return converse<P>(client_of<P>(client), server, name);
}

/// A conversation whose handshake is complete.
template <class P>
conversation<P>
connected(client_options const& client, testbed::server_options const& server, std::string_view name = "localhost") {
    auto c = converse<P>(client, server, name);
    auto const done = c.run();
    REQUIRE_MESSAGE(done, c.server.error_text());
    return c;
}

/// Handshakes; if that succeeds (TLS 1.3 does, before the server has judged us), reads what it may have against us.
template <class P> tls::result<void> outcome_of(conversation<P>& c) {
    if (auto const done = c.run(); !done) return done;
    auto const n = c.read();
    if (!n && n.error() != errc::want_read) return std::unexpected(n.error());
    return {};
}

} // namespace parity

// Cases ---------------------------------------------------------------------------------------------------------------

/// A test case for each type of a list: PARITY_CASE("what holds", backends, B) { ... } or, with both servers,
/// PARITY_CASE("what holds", pairings, P) { ... }. With one more name, PARITY_CASE("what holds", pairings, P, v), it
/// runs at each version, which it knows by that name.
#define PARITY_CASE(...)                                                                                               \
    PARITY_CASE_FIFTH(__VA_ARGS__, PARITY_CASE_OF_VERSIONS, PARITY_CASE_OF_TYPES, )                                    \
    (DOCTEST_ANONYMOUS(parity_case_), __VA_ARGS__)
#define PARITY_CASE_FIFTH(a, b, c, d, fifth, ...) fifth

#define PARITY_CASE_OF_TYPES(id, title, types, type)                                                                   \
    template <class type> static void DOCTEST_CAT(id, _body)();                                                        \
    TEST_CASE_TEMPLATE_DEFINE(title, type, id) { DOCTEST_CAT(id, _body)<type>(); }                                     \
    TEST_CASE_TEMPLATE_APPLY(id, types);                                                                               \
    template <class type> static void DOCTEST_CAT(id, _body)()

#define PARITY_CASE_OF_VERSIONS(id, title, types, type, version)                                                       \
    template <class type> static void DOCTEST_CAT(id, _body)(tls::protocol_version);                                   \
    TEST_CASE_TEMPLATE_DEFINE(title, type, id) {                                                                       \
        for (tls::protocol_version const version : parity::versions) {                                                 \
            CAPTURE(tls::name(version));                                                                               \
            DOCTEST_CAT(id, _body)<type>(version);                                                                     \
        }                                                                                                              \
    }                                                                                                                  \
    TEST_CASE_TEMPLATE_APPLY(id, types);                                                                               \
    template <class type> static void DOCTEST_CAT(id, _body)(tls::protocol_version const version)

TYPE_TO_STRING_AS("wolfSSL", tls::wolfssl);
TYPE_TO_STRING_AS("Mbed TLS", tls::mbedtls);
TYPE_TO_STRING_AS("wolfSSL to wolfSSL", parity::pairing<tls::wolfssl, testbed::wolfssl_server>);
TYPE_TO_STRING_AS("wolfSSL to Mbed TLS", parity::pairing<tls::wolfssl, testbed::mbedtls_server>);
TYPE_TO_STRING_AS("Mbed TLS to wolfSSL", parity::pairing<tls::mbedtls, testbed::wolfssl_server>);
TYPE_TO_STRING_AS("Mbed TLS to Mbed TLS", parity::pairing<tls::mbedtls, testbed::mbedtls_server>);

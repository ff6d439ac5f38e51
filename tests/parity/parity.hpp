// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include "testbed/certificate_factory.hpp"
#include "testbed/server.hpp"
#include "testbed/wire.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

/// What every behavioural test is made of: each case is one template, instantiated for both backends, and where a
/// server matters for both servers.
namespace parity {

using tls::errc;
using tls::protocol_version;

inline constexpr std::array versions = {protocol_version::tls_1_2, protocol_version::tls_1_3};

/// Both backends, for TEST_CASE_TEMPLATE_INVOKE and _APPLY.
using backends = std::tuple<tls::wolfssl, tls::mbedtls>;

/// A backend and a server library.
template <class Backend, class Server> struct pairing {
    using backend = Backend;
    using server = Server;
};
using pairings = std::tuple<
    pairing<tls::wolfssl, testbed::wolfssl_server>, pairing<tls::wolfssl, testbed::mbedtls_server>,
    pairing<tls::mbedtls, testbed::wolfssl_server>, pairing<tls::mbedtls, testbed::mbedtls_server>>;

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

/// How a test's client differs from the plain one.
struct client_options {
    std::optional<tls::result<tls::trust_anchors>> anchors{}; ///< unset: the root of `pki()`
    std::optional<tls::result<tls::identity>> who{};          ///< unset: no identity
    protocol_version lowest = protocol_version::tls_1_2;
    protocol_version highest = protocol_version::tls_1_3;
};

/// A client for one version only.
inline client_options only(protocol_version v) { return {.lowest = v, .highest = v}; }

template <class Backend> tls::result<tls::client<Backend>> build(client_options const& o) {
    auto trusting =
        tls::client<Backend>::configure().versions(o.lowest, o.highest).trust(o.anchors ? *o.anchors : trust(pki()));
    return o.who ? std::move(trusting).identity(*o.who).build() : std::move(trusting).no_identity().build();
}

/// A client's engine and a server in one thread, with everything between them recorded.
template <class Backend, class Server> struct conversation {
    tls::engine<Backend> client;
    Server server;
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
        if (auto const in = pipe.to_client.take_all(); !in.empty()) REQUIRE(client.feed(in));
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

template <class Pairing>
conversation<typename Pairing::backend, typename Pairing::server> converse(
    tls::client<typename Pairing::backend> const& client, testbed::server_options const& options,
    std::string_view name = "localhost") {
    auto engine = client.engine(tls::server_name::parse(name));
    REQUIRE(engine);
    return {std::move(*engine), typename Pairing::server(options)};
}

/// The server that shows the good credentials of a kind, at one version.
inline testbed::server_options good_server(protocol_version v, testbed::key_kind kind = testbed::key_kind::p256) {
    return testbed::server_options::showing(pki(kind).server, v);
}

} // namespace parity

TYPE_TO_STRING_AS("wolfSSL", tls::wolfssl);
TYPE_TO_STRING_AS("Mbed TLS", tls::mbedtls);
TYPE_TO_STRING_AS("wolfSSL to wolfSSL", parity::pairing<tls::wolfssl, testbed::wolfssl_server>);
TYPE_TO_STRING_AS("wolfSSL to Mbed TLS", parity::pairing<tls::wolfssl, testbed::mbedtls_server>);
TYPE_TO_STRING_AS("Mbed TLS to wolfSSL", parity::pairing<tls::mbedtls, testbed::wolfssl_server>);
TYPE_TO_STRING_AS("Mbed TLS to Mbed TLS", parity::pairing<tls::mbedtls, testbed::mbedtls_server>);

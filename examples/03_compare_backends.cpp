// SPDX-License-Identifier: Apache-2.0
// The demo: one client configuration, two TLS libraries, one binary. What did each negotiate, and what did it cost?
// And what does each say when the server turns it away?
//
//   03_compare_backends [wolfssl|mbedtls]      the library the server runs on; no server, no network needed
//
// Certificates and server come from the testbed of the tests, so that the demo needs no files and no second program.
// A program of yours starts at `compared`.
#include "testbed/certificate_factory.hpp"
#include "testbed/server_thread.hpp"
#include <tls/client.hpp>
#include <tls/compare.hpp>
#include <tls/core/memory.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string_view>

namespace {

constexpr tls::compare_options many{.rounds = 20, .warm_up = 2};
constexpr std::string_view greeting = "hello over mutual TLS";

using comparison = tls::comparison<2>;

/// One description of a client, one way to connect, one conversation; and each library does it.
comparison compared(
    testbed::pki const& pki, tls::protocol_version version, std::optional<tls::result<tls::identity>> const& who,
    std::uint16_t port, tls::compare_options const& options) {
    return tls::compare<tls::wolfssl, tls::mbedtls>(
        tls::server_name::dns("localhost"),
        [&](auto builder) {
            return std::move(builder)
                .decide(tls::trust_anchors::from_pem(pki.root_pem()), who)
                .alpn({"x-amzn-mqtt-ca"})
                .versions(version, version)
                .build();
        },
        [&] { return tls::tcp_stream::connect("127.0.0.1", port); },
        [](tls::any_session& session) -> tls::result<std::size_t> {
            if (auto const w = session.write_all(greeting); !w) return std::unexpected(w.error());
            std::array<char, 64> answer;
            return session.read_some(answer);
        },
        options);
}

template <class Server> testbed::thread_options server_for(testbed::pki const& pki, std::size_t connections) {
    auto options = testbed::server_options::showing(pki.server);
    options.require_client_certificate = true;
    options.client_anchors = {pki.root.certificate};
    options.alpn = {"x-amzn-mqtt-ca"};
    options.suites = {0x1301, 0xc02b}; // AES-128-GCM whichever library the server runs on
    return {.server = options, .connections = static_cast<int>(connections)};
}

/// Both libraries connect, and the server sees their certificate each time.
template <class Server> bool good(testbed::pki const& pki, tls::protocol_version version) {
    testbed::server_thread<Server> server(server_for<Server>(pki, 2 * (many.warm_up + many.rounds)));
    auto const who = tls::identity::from_pem(pki.client.chain_pem(), pki.client.private_key->pkcs8_pem());
    auto const found = compared(pki, version, who, server.port(), many);
    std::cout << tls::to_text(found);
    bool right = found.all_good() && found.alike();
    if (!found.all_good()) return false;
    for (auto const& report : server.reports()) right = right && report.client_leaf == pki.client.leaf().der;
    for (auto const& c : found) {
        right = right && c.handshake.version == version;
        right = right && c.handshake.certificates_sent == static_cast<std::uint16_t>(pki.client.chain.size());
    }
    std::cout << '\n';
    return right;
}

/// The server turns away a client that does not say who it is; both libraries' clients are told the same.
template <class Server> bool refused(testbed::pki const& pki, tls::protocol_version version) {
    testbed::server_thread<Server> server(server_for<Server>(pki, 2));
    auto const found = compared(pki, version, std::nullopt, server.port(), {});
    std::cout << tls::to_text(found) << '\n';
    return std::ranges::all_of(found, [](tls::compared_connection const& c) {
        return c.failure == tls::errc::peer_rejected_certificate && c.handshake.certificates_sent == std::uint16_t{0};
    });
}

/// From now on; each library takes part once it has had a client, and so before the testbed uses it.
void count_allocations() {
    [[maybe_unused]] auto const counted = tls::set_memory({});
    [[maybe_unused]] auto const known = tls::clients_of<tls::wolfssl, tls::mbedtls>(
        [](auto builder) { return std::move(builder).insecure_accept_any_server().no_identity().build(); });
}

template <class Server> int run(std::string_view library) {
    testbed::pki const pki = testbed::make_pki();
    std::cout << "twintls demo: one client configuration, two TLS libraries, one binary\n\n"
              << "A server on " << library << " inside this process, on the loopback interface, demands a certificate\n"
              << "from its clients. Keys (ECDSA P-256) and certificates have just been made.\n\n";
    bool right = true;
    for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3})
        right = good<Server>(pki, version) && right;
    std::cout << "Only the ratios of times mean something elsewhere. `elapsed` is wall-clock time and includes the\n"
              << "work of the server and of other programs.\n\n"
              << "Now the same server, and a client built without an identity. It sends an EMPTY Certificate\n"
              << "message, as does a client whose certificate was loaded after its session was made. What it learns\n"
              << "(under TLS 1.3 the handshake succeeds, and the alert comes with the first read):\n\n";
    for (auto const version : {tls::protocol_version::tls_1_3, tls::protocol_version::tls_1_2})
        right = refused<Server>(pki, version) && right;
    std::cout << (right ? "Everything worked as it should.\n" : "SOMETHING IS WRONG, see above.\n");
    return right ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const server = argc > 1 ? argv[1] : "wolfssl";
    try {
        count_allocations();
        if (server == "wolfssl" && argc <= 2) return run<testbed::wolfssl_server>(tls::wolfssl::name);
        if (server == "mbedtls" && argc <= 2) return run<testbed::mbedtls_server>(tls::mbedtls::name);
    } catch (std::exception const& e) {
        std::cerr << "the demo failed: " << e.what() << '\n';
        return 1;
    }
    std::cerr << "usage: 03_compare_backends [wolfssl|mbedtls]\n";
    return 2;
}

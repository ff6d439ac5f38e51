// SPDX-License-Identifier: Apache-2.0
// A server that we know by a key that both have, as devices and their gateways often do: no certificates, no clock.
//
//   11_psk <host> <port> <identity>
//
// The key comes in hexadecimal digits from the environment variable TWINTLS_PSK, because all users of a machine see
// the arguments of its programs. Sends one line and prints what comes back.
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string_view>

using backend = tls::wolfssl; // or tls::mbedtls, and nothing else changes

namespace {

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    char const* const digits = std::getenv("TWINTLS_PSK");
    if (argc != 4 || digits == nullptr) {
        std::cerr << "usage: TWINTLS_PSK=<key in hexadecimal digits> 11_psk <host> <port> <identity>\n";
        return 2;
    }
    // It decides whom we trust and who we are at once: there is no .trust() and no .identity() beside it.
    auto const client = tls::client<backend>::configure().psk(tls::pre_shared_key::from_hex(argv[3], digits)).build();
    if (!client) return failed(client.error());

    auto stream = tls::tcp_stream::connect(argv[1], static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10)));
    if (!stream) return failed(stream.error());
    // The name is only sent: what proves the server is the key.
    auto session = client->connect(tls::server_name::parse(argv[1]), std::move(*stream));
    if (!session) return failed(session.error());
    auto const facts = session->facts();
    std::cout << name(facts.version) << ", " << name(facts.suite) << ", authenticated by "
              << name(facts.authenticated_by) << '\n';

    if (auto const sent = session->write_all(std::string_view("hello\n")); !sent) return failed(sent.error());
    std::array<char, 256> answer{};
    auto const n = session->read_some(answer);
    if (!n) return failed(n.error());
    std::cout << std::string_view(answer.data(), *n);
    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

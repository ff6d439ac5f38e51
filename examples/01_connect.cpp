// SPDX-License-Identifier: Apache-2.0
// The smallest client: connects, checks that the server is who it should be, and says what was negotiated.
//
//   01_connect <host> [port] [ca.pem]      without a file, the system's trust store decides
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string_view>

using backend = tls::wolfssl; // or tls::mbedtls, and nothing else changes

static int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

int main(int argc, char** argv) {
    if (argc < 2 || argc > 4) {
        std::cerr << "usage: 01_connect <host> [port] [ca.pem]\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 443);

    auto client = tls::client<backend>::configure()
                      .trust(argc > 3 ? tls::trust_anchors::from_pem_file(argv[3]) : tls::trust_anchors::system())
                      .no_identity()
                      .build();
    if (!client) return failed(client.error());

    auto stream = tls::tcp_stream::connect(argv[1], port);
    if (!stream) return failed(stream.error());

    auto session = client->connect(tls::server_name::parse(argv[1]), std::move(*stream));
    if (!session) return failed(session.error());

    tls::facts const facts = session->facts();
    std::cout << name(facts.version) << ", " << name(facts.suite) << ", "
              << (facts.group ? name(*facts.group) : "group unknown") << '\n';

    std::string_view const request = "HEAD / HTTP/1.0\r\n\r\n";
    if (auto const sent = session->write_all(std::as_bytes(std::span(request))); !sent) return failed(sent.error());

    std::array<std::byte, 4096> answer;
    auto const count = session->read_some(answer);
    if (!count) return failed(count.error());
    std::string_view const text(reinterpret_cast<char const*>(answer.data()), *count);
    std::cout << text.substr(0, text.find_first_of("\r\n")) << '\n';

    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

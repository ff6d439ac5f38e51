// SPDX-License-Identifier: Apache-2.0
// Mutual TLS: the client has a certificate of its own, and learns from the first answer whether the server accepts it.
//
//   02_mutual_tls <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem> [key password]
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string_view>

using backend = tls::mbedtls; // or tls::wolfssl, and nothing else changes

static int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

int main(int argc, char** argv) {
    if (argc < 6 || argc > 7) {
        std::cerr
            << "usage: 02_mutual_tls <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem> [password]\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10));

    auto client = tls::client<backend>::configure()
                      .trust(tls::trust_anchors::from_pem_file(argv[3]))
                      .identity(tls::identity::from_pem_files(argv[4], argv[5], argc > 6 ? argv[6] : ""))
                      .build(); // reports a missing file, a key that does not fit, and the like
    if (!client) return failed(client.error());
    if (client->identity_is_out_of_date()) std::cerr << "warning: our certificate is not valid now\n";

    auto stream = tls::tcp_stream::connect(argv[1], port, {.read_timeout = std::chrono::seconds(10)});
    if (!stream) return failed(stream.error());

    auto session = client->connect(tls::server_name::parse(argv[1]), std::move(*stream));
    if (!session) return failed(session.error());

    tls::facts const facts = session->facts();
    std::cout << name(facts.version)
              << ", the server asked for a certificate: " << (facts.client_certificate_requested == true ? "yes" : "no")
              << ", certificates sent: " << *facts.certificates_sent << '\n';

    std::string_view const request = "HEAD / HTTP/1.0\r\n\r\n";
    if (auto const sent = session->write_all(std::as_bytes(std::span(request))); !sent) return failed(sent.error());

    // Under TLS 1.3 a server judges our certificate after our handshake is complete: a refusal arrives here.
    std::array<std::byte, 4096> answer;
    auto const count = session->read_some(answer);
    if (!count) return failed(count.error());
    std::cout << "accepted: " << *count << " bytes of an answer\n";

    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

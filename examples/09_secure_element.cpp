// SPDX-License-Identifier: Apache-2.0
// A private key that this program never has: it lies in a PKCS#11 token (smart card, HSM, TPM, SoftHSM), which signs.
//
//   09_secure_element <wolfssl|mbedtls> <host> <port> <ca.pem> <certificate-chain.pem> <module.so> <token> <key>
//
// The PIN comes from the environment variable TOKEN_PIN. A secure element without PKCS#11 takes two functions of your
// own instead of `tls::pkcs11_signer`: see <tls/credentials/signer.hpp>.
#include <tls/any_client.hpp>
#include <tls/credentials/pkcs11.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string_view>

static int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

int main(int argc, char** argv) {
    if (argc != 9) {
        std::cerr << "usage: 09_secure_element <wolfssl|mbedtls> <host> <port> <ca.pem> <certificate-chain.pem> "
                     "<module.so> <token> <key>\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[3], nullptr, 10));
    char const* const pin = std::getenv("TOKEN_PIN");

    // It stays open, and logged in, as long as this object, which must outlive the client.
    auto key = tls::pkcs11_signer::open(
        {.module = argv[6], .token_label = argv[7], .pin = pin != nullptr ? pin : "", .key_label = argv[8]});

    auto const client = tls::any_client::build<tls::wolfssl, tls::mbedtls>(argv[1], [&](auto builder) {
        return std::move(builder)
            .trust(tls::trust_anchors::from_pem_file(argv[4]))
            .identity(tls::identity::from_signer(tls::certificate_chain::from_pem_file(argv[5]), key))
            .build(); // reports a token that is not there, a wrong PIN, and the like
    });
    if (!client) return failed(client.error());

    auto stream = tls::tcp_stream::connect(argv[2], port, {.read_timeout = std::chrono::seconds(10)});
    if (!stream) return failed(stream.error());
    auto session = client->connect(tls::server_name::parse(argv[2]), std::move(*stream)); // here the token signs
    if (!session) return failed(session.error());

    std::string_view const request = "HEAD / HTTP/1.0\r\n\r\n";
    if (auto const sent = session->write_all(request); !sent) return failed(sent.error());
    std::array<std::byte, 4096> answer;
    auto const count = session->read_some(answer);
    if (!count) return failed(count.error());
    std::cout << client->backend_name() << ", " << name(session->facts().version) << ", signed by token " << argv[7]
              << ": " << *count << " bytes of an answer\n";

    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include <tls/client.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp> // or <tls/mbedtls.hpp> and tls::mbedtls; both fit into one binary

tls::result<void> tell_broker(std::span<std::byte const> bytes) {
    auto client = tls::client<tls::wolfssl>::configure()
                      .trust(tls::trust_anchors::from_pem_file("root-ca.pem"))
                      .identity(tls::identity::from_pem_files("device-chain.pem", "device-key.pem"))
                      .build();
    if (!client) return std::unexpected(client.error());
    auto stream = tls::tcp_stream::connect("broker.example", 8883);
    if (!stream) return std::unexpected(stream.error());
    auto session = client->connect(tls::server_name::dns("broker.example"), std::move(*stream));
    if (!session) return std::unexpected(session.error());
    return session->write_all(bytes);
}

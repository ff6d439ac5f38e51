// SPDX-License-Identifier: Apache-2.0
// A client with a certificate: connects, verifies the server and its name, sends a line, prints the answer, and says
// what failed. The same program as raw_wolfssl.c and raw_mbedtls.c, written with twintls; BENCH_BACKEND is the backend.
//
//   <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem>
#include <tls/client.hpp>
#include <tls/transport/tcp.hpp>
#if defined(BENCH_WOLFSSL)
#    include <tls/wolfssl.hpp>
using backend = tls::wolfssl;
#else
#    include <tls/mbedtls.hpp>
using backend = tls::mbedtls;
#endif

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

int failed(char const* what, tls::error const& e) {
    auto const text = e.message();
    std::fprintf(
        stderr, "%s: %.*s (%d)\n", what, static_cast<int>(text.size()), text.data(), static_cast<int>(e.native));
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 6) return 2;
    auto client = tls::client<backend>::configure()
                      .trust(tls::trust_anchors::from_pem_file(argv[3]))
                      .identity(tls::identity::from_pem_files(argv[4], argv[5]))
                      .build();
    if (!client) return failed("credentials", client.error());
    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10));
    constexpr std::chrono::seconds patience(10);
    auto stream = tls::tcp_stream::connect(argv[1], port, {.read_timeout = patience, .write_timeout = patience});
    if (!stream) return failed("connect", stream.error());
    auto session = client->connect(tls::server_name::parse(argv[1]), std::move(*stream));
    if (!session) return failed("handshake", session.error());
    std::string_view const line = "hello\n";
    if (auto const sent = session->write_all(std::as_bytes(std::span(line))); !sent)
        return failed("write", sent.error());
    std::array<std::byte, 256> answer;
    auto const count = session->read_some(answer);
    if (!count) return failed("read", count.error());
    std::fwrite(answer.data(), 1, *count, stdout);
    (void)session->close();
    return 0;
}

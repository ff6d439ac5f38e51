// SPDX-License-Identifier: Apache-2.0
// twintls_limited <backend> <version> <bytes> <port> <folder>
//
// A client with a certificate connects within so many bytes, has a few bytes come back, and closes: "ok", or the name
// of the error.
#include <tls/client.hpp>
#include <tls/core/memory.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace {

int over(tls::error const& e) {
    std::printf("%s\n", std::string(tls::name(e.code)).c_str());
    return 1;
}

template <class B> int run(tls::protocol_version v, std::uint16_t port, std::string const& folder) {
    auto const client = tls::client<B>::configure()
                            .trust(tls::trust_anchors::from_pem_file(folder + "/root.pem"))
                            .identity(tls::identity::from_pem_files(folder + "/chain.pem", folder + "/key.pem"))
                            .versions(v, v)
                            .build();
    if (!client) return over(client.error());
    auto stream = tls::tcp_stream::connect("127.0.0.1", port);
    if (!stream) return over(stream.error());
    auto session = client->connect(tls::server_name::dns("localhost"), std::move(*stream));
    if (!session) return over(session.error());
    std::string_view const request = "a few bytes";
    if (auto const sent = session->write_all(std::as_bytes(std::span(request))); !sent) return over(sent.error());
    std::array<std::byte, 64> answer;
    if (auto const count = session->read_some(answer); !count) return over(count.error());
    if (auto const closed = session->close(); !closed) return over(closed.error());
    std::printf("ok\n");
    return 0;
}

} // namespace

int main(int count, char** values) {
    if (count != 6) return 2;
    auto const port = static_cast<std::uint16_t>(std::atoi(values[4]));
    std::string const folder = values[5];
    auto const v =
        std::string_view(values[2]) == "1.3" ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2;
    if (auto const set = tls::set_memory({.limit = std::strtoul(values[3], nullptr, 10)}); !set)
        return over(set.error());
    return values[1] == std::string_view(tls::wolfssl::name) ? run<tls::wolfssl>(v, port, folder)
                                                             : run<tls::mbedtls>(v, port, folder);
}

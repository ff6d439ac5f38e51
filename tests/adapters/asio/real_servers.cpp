// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"
#include "interop/installed.hpp"
#include "testbed/real_server.hpp"

#include <array>
#include <string>

/// Streams of Asio and servers that are in use.
namespace parity::asio_cases {
namespace {

PARITY_CASE("asio: real servers, mutual TLS, a request and its answer", backends, B) {
    with_each(
        std::array{testbed::server_program::openssl, testbed::server_program::mosquitto},
        [](testbed::server_program program, protocol_version v) {
            testbed::real_server server(
                {.program = program, .server = pki().server, .client_anchors = {pki().root.certificate}, .version = v});
            net::io_context io;
            tls::asio::stream<tcp::socket, B> s(io, client_of<pairing<B, testbed::mbedtls_server>>(with_identity(v)));
            s.lowest_layer().connect(tcp::endpoint(net::ip::address_v4::loopback(), server.port()));
            CHECK(!finish(io, [&](auto h) { s.async_handshake(localhost, std::move(h)); }).code);
            auto const request = net::buffer(server.request().data(), server.request().size());
            CHECK(!finish(io, [&](auto h) { net::async_write(s, request, std::move(h)); }).code);
            std::string answer(server.answer().size(), ' ');
            CHECK(!finish(io, [&](auto h) { net::async_read(s, net::buffer(answer), std::move(h)); }).code);
            CHECK(answer == server.answer());
            CHECK(s.facts().version == v);
            CHECK(!finish(io, [&](auto h) { s.async_shutdown(std::move(h)); }).code);
        });
}

} // namespace
} // namespace parity::asio_cases

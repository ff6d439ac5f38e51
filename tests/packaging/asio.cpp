// SPDX-License-Identifier: Apache-2.0
// A consumer of the component asio, or of boost_asio.
#include <tls/adapters/asio.hpp>
#include <tls/wolfssl.hpp>

#include <utility>
#if defined(TWINTLS_ASIO_BOOST)
#    include <boost/asio/io_context.hpp>
#    include <boost/asio/ip/tcp.hpp>
#else
#    include <asio/io_context.hpp>
#    include <asio/ip/tcp.hpp>
#endif

int main() {
    tls::asio::net::io_context io;
    auto client = tls::client<tls::wolfssl>::configure().insecure_accept_any_server().no_identity().build();
    if (!client) return 1;
    tls::asio::stream<tls::asio::net::ip::tcp::socket, tls::wolfssl> stream(io, std::move(*client));
    stream.async_shutdown([](tls::asio::error_code) {});
    return io.run() == 1 && !stream.established() ? 0 : 1;
}

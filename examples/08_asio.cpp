// SPDX-License-Identifier: Apache-2.0
// A coroutine over Asio: connects, makes a handshake and an HTTP request, with a deadline for all of it.
//
//   08_asio <host> <port> <ca.pem> [<client.pem> <client.key>]
#include <tls/adapters/asio.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/wolfssl.hpp>

#include <asio.hpp>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>

namespace {

using asio::use_awaitable;
using asio::ip::tcp;
using backend = tls::wolfssl; // or tls::mbedtls
using stream = tls::asio::stream<tcp::socket, backend>;

asio::awaitable<void> request(stream& s, std::string host, std::string port) {
    tcp::resolver resolver(s.get_executor());
    auto const addresses = co_await resolver.async_resolve(host, port, use_awaitable);
    co_await asio::async_connect(s.lowest_layer(), addresses, use_awaitable);

    co_await s.async_handshake(tls::server_name::parse(host), use_awaitable);
    std::cout << name(s.facts().version) << ", " << name(s.facts().suite) << '\n';

    std::string const question = "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
    co_await asio::async_write(s, asio::buffer(question), use_awaitable);
    std::string answer;
    co_await asio::async_read_until(s, asio::dynamic_buffer(answer), "\r\n", use_awaitable);
    std::cout << answer.substr(0, answer.find("\r\n")) << '\n';

    co_await s.async_shutdown(use_awaitable); // sends close_notify and does not wait for the peer's
}

int run(stream& s, asio::io_context& io, std::string const& host, std::string const& port) {
    int status = 0;
    asio::steady_timer deadline(io, std::chrono::seconds(10));
    deadline.async_wait([&](asio::error_code late) {
        if (!late) s.lowest_layer().close();
    });
    asio::co_spawn(io, request(s, host, port), [&](std::exception_ptr const& failed) {
        deadline.cancel();
        if (!failed) return;
        status = 1;
        try {
            std::rethrow_exception(failed);
        } catch (asio::system_error const& e) {
            std::cerr << e.code().message() << '\n';
            if (s.last_error().code != tls::errc::ok) std::cerr << tls::explain(s.last_error()) << '\n';
        }
    });
    io.run();
    return status;
}

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 6) {
        std::cerr << "usage: 08_asio <host> <port> <ca.pem> [<client.pem> <client.key>]\n";
        return 2;
    }
    std::optional<tls::result<tls::identity>> who;
    if (argc == 6) who = tls::identity::from_pem_files(argv[4], argv[5]);
    auto client =
        tls::client<backend>::configure().trust(tls::trust_anchors::from_pem_file(argv[3])).identity(who).build();
    if (!client) return failed(client.error());

    asio::io_context io;
    stream s(io, std::move(*client));
    return run(s, io, argv[1], argv[2]);
}

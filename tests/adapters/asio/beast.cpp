// SPDX-License-Identifier: Apache-2.0
#include "adapters/asio/meeting.hpp"
#include "interop/installed.hpp"
#include "testbed/real_server.hpp"
#include <tls/adapters/beast.hpp>

#include <array>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <string>
#include <thread>
#include <utility>

/// Programs of Boost.Beast over streams of Asio.
namespace parity::asio_cases {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

/// A server of the tests as a stream that blocks, for Beast as the other end.
template <class Server> class server_stream {
public:
    using executor_type = net::io_context::executor_type;

    server_stream(net::io_context& io, testbed::server_options const& options, tcp::socket connected)
        : io_(&io),
          server_(options),
          socket_(std::move(connected)) {}

    [[nodiscard]] executor_type get_executor() { return io_->get_executor(); }

    template <class Buffers> std::size_t read_some(Buffers const& into, error_code& code) {
        code = {};
        while (inbox_.empty()) {
            testbed::append(inbox_, server_.received());
            if (!inbox_.empty()) break;
            if (server_.peer_closed() || ended_) {
                code = net::error::eof;
                return 0;
            }
            std::array<std::byte, 4096> some;
            error_code failure;
            auto const n = socket_.read_some(net::buffer(some.data(), some.size()), failure);
            ended_ = n == 0;
            server_.feed(testbed::byte_view(some).first(n));
            server_.step();
            flush();
        }
        auto const n = net::buffer_copy(into, net::buffer(inbox_.data(), inbox_.size()));
        inbox_.erase(inbox_.begin(), inbox_.begin() + static_cast<std::ptrdiff_t>(n));
        return n;
    }
    template <class Buffers> std::size_t write_some(Buffers const& from, error_code& code) {
        code = {};
        std::string const data = beast::buffers_to_string(from);
        server_.send(testbed::view_of(data));
        flush();
        return data.size();
    }
    // Beast wants these to exist.
    template <class Buffers> std::size_t read_some(Buffers const& into) {
        return or_throw(into, &server_stream::read_some<Buffers>);
    }
    template <class Buffers> std::size_t write_some(Buffers const& from) {
        return or_throw(from, &server_stream::write_some<Buffers>);
    }

    void close() {
        server_.close();
        flush();
    }
    /// Ends our side and waits for the end of the other.
    void end() {
        error_code over;
        socket_.shutdown(tcp::socket::shutdown_send, over);
        for (std::array<std::byte, 512> rest; !over;) {
            auto const n = socket_.read_some(net::buffer(rest.data(), rest.size()), over);
            server_.feed(testbed::byte_view(rest).first(n));
            server_.step();
        }
    }
    [[nodiscard]] bool peer_closed() const { return server_.peer_closed(); }

private:
    template <class Buffers, class Call> std::size_t or_throw(Buffers const& buffers, Call call) {
        error_code code;
        auto const n = (this->*call)(buffers, code);
        if (code) throw boost::system::system_error(code);
        return n;
    }
    void flush() {
        auto const data = server_.drain();
        error_code ignored;
        net::write(socket_, net::buffer(data.data(), data.size()), ignored);
    }

    net::io_context* io_;
    Server server_;
    tcp::socket socket_;
    testbed::bytes inbox_{};
    bool ended_ = false;
};

template <class Server> void teardown(beast::role_type, server_stream<Server>& s, error_code& code) {
    code = {};
    s.close();
    s.end();
}

/// A server in a thread of its own that does something with one connection.
template <class P, class Serve> std::jthread serving(tcp::acceptor& listening, protocol_version v, Serve serve) {
    return std::jthread([&listening, v, serve] {
        net::io_context io;
        tcp::socket connected(io);
        listening.accept(connected);
        server_stream<typename P::server> stream(io, good_server(v), std::move(connected));
        serve(stream);
        stream.end();
    });
}

/// What a client of Beast does over any stream: a request, and its whole answer.
template <class Stream>
net::awaitable<http::response<http::string_body>>
ask(Stream& s, beast::flat_buffer& buffer, std::string path, bool stay) {
    http::request<http::empty_body> request(http::verb::get, path, 11);
    request.set(http::field::host, "localhost");
    request.keep_alive(stay);
    co_await http::async_write(s, request, net::use_awaitable);
    http::response<http::string_body> answer;
    co_await http::async_read(s, buffer, answer, net::use_awaitable);
    co_return answer;
}

/// A stream that is connected and has made its handshake.
template <class Layer, class P> struct https {
    https(net::io_context& io, std::uint16_t port, client_options const& o) : s(io, client_of<P>(o)) {
        beast::get_lowest_layer(s).connect(tcp::endpoint(net::ip::address_v4::loopback(), port));
        CHECK(!finish(io, [&](auto h) { s.async_handshake(localhost, std::move(h)); }).code);
    }
    tls::asio::stream<Layer, typename P::backend> s;
    beast::flat_buffer buffer{};
};

/// Runs a coroutine to its end; what it threw is thrown again.
template <class Coroutine> void run_all(net::io_context& io, Coroutine coroutine) {
    std::exception_ptr thrown;
    bool done = false;
    net::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e) {
        thrown = e;
        done = true;
    });
    run(io);
    CHECK(done);
    if (thrown) std::rethrow_exception(thrown);
}

template <class Layer, class P> void converse(protocol_version v, bool drops) {
    net::io_context listening_io;
    tcp::acceptor listening(listening_io, tcp::endpoint(net::ip::address_v4::loopback(), 0));
    auto const server = serving<P>(listening, v, [drops](auto& stream) {
        beast::flat_buffer buffer;
        for (int i = 0; i != 3; ++i) {
            http::request<http::empty_body> request;
            http::read(stream, buffer, request);
            http::response<http::string_body> answer(http::status::ok, 11);
            answer.body() = std::string(request.target()) + std::string(50'000, 'x');
            answer.keep_alive(i != 2);
            if (i == 0) answer.prepare_payload();
            if (i == 1) answer.chunked(true);
            http::write(stream, answer); // the third has neither length nor chunks: it ends with the connection
        }
        if (!drops) stream.close();
    });
    net::io_context io;
    https<Layer, P> client(io, listening.local_endpoint().port(), only(v));
    run_all(io, [&]() -> net::awaitable<void> {
        std::string const body(50'000, 'x');
        auto const first = co_await ask(client.s, client.buffer, "/length", true);
        CHECK(first.body() == "/length" + body);
        CHECK(!first.chunked());
        auto const second = co_await ask(client.s, client.buffer, "/chunks", true);
        CHECK(second.body() == "/chunks" + body);
        CHECK(second.chunked());
        // Without a close_notify nobody knows whether that was all.
        error_code code;
        http::request<http::empty_body> request(http::verb::get, "/end", 11);
        co_await http::async_write(client.s, request, net::use_awaitable);
        http::response_parser<http::string_body> parser;
        co_await http::async_read(client.s, client.buffer, parser, net::redirect_error(net::use_awaitable, code));
        CHECK(parser.get().body() == "/end" + body);
        CHECK(parser.is_done() == !drops);
        if (drops)
            CHECK(code == errc::truncated);
        else
            CHECK(!code);
        co_await client.s.async_shutdown(net::redirect_error(net::use_awaitable, code));
        CHECK(!code == !drops);
    });
}

template <class Layer, class P> void chat(protocol_version v) {
    net::io_context listening_io;
    tcp::acceptor listening(listening_io, tcp::endpoint(net::ip::address_v4::loopback(), 0));
    bool peer_closed = false;
    {
        auto const server = serving<P>(listening, v, [&](auto& stream) {
            websocket::stream<decltype(stream)> ws(stream);
            ws.accept();
            for (error_code code;;) {
                beast::flat_buffer buffer;
                ws.read(buffer, code);
                if (code) break;
                ws.text(ws.got_text());
                ws.write(buffer.data());
            }
            peer_closed = stream.peer_closed();
        });
        net::io_context io;
        https<Layer, P> client(io, listening.local_endpoint().port(), only(v));
        websocket::stream<tls::asio::stream<Layer, typename P::backend>> ws(std::move(client.s));
        run_all(io, [&]() -> net::awaitable<void> {
            co_await ws.async_handshake("localhost", "/", net::use_awaitable);
            for (std::size_t size : {0, 5, 200'000}) {
                std::string const sent(size, 'w');
                co_await ws.async_write(net::buffer(sent), net::use_awaitable);
                beast::flat_buffer buffer;
                co_await ws.async_read(buffer, net::use_awaitable);
                CHECK(beast::buffers_to_string(buffer.data()) == sent);
            }
            co_await ws.async_close(websocket::close_code::normal, net::use_awaitable);
        });
        CHECK(!beast::get_lowest_layer(ws).is_open());
    }
    CHECK(peer_closed);
}

} // namespace

PARITY_CASE("beast: HTTPS over a socket: a length, chunks, and the end as the end", crossed, P, v) {
    converse<tcp::socket, P>(v, false);
    converse<tcp::socket, P>(v, true);
}

PARITY_CASE("beast: HTTPS over Beast's own stream, from a server that is in use", backends, B) {
    using P = pairing<B, testbed::mbedtls_server>;
    with_each(std::array{testbed::server_program::nginx}, [](testbed::server_program program, protocol_version v) {
        testbed::real_server server(
            {.program = program, .server = pki().server, .client_anchors = {pki().root.certificate}, .version = v});
        net::io_context io;
        https<beast::tcp_stream, P> client(io, server.port(), with_identity(v));
        run_all(io, [&]() -> net::awaitable<void> {
            beast::get_lowest_layer(client.s).expires_after(60s);
            for (bool const stay : {true, true, false}) {
                auto const answer = co_await ask(client.s, client.buffer, "/", stay);
                CHECK(answer.keep_alive() == stay);
                CHECK(!answer.body().empty());
            }
            // nginx ends with a close_notify.
            error_code code;
            char one = 0;
            co_await client.s.async_read_some(net::buffer(&one, 1), net::redirect_error(net::use_awaitable, code));
            CHECK(code == net::error::eof);
            co_await client.s.async_shutdown(net::use_awaitable);
        });
    });
}

PARITY_CASE("beast: WebSockets", crossed, P, v) { chat<tcp::socket, P>(v); }

} // namespace parity::asio_cases

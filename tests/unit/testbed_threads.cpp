// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "testbed/raw_client.hpp"
#include "testbed/scripted_peer.hpp"
#include "testbed/server_thread.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <thread>

namespace unit::testbed_threads_cases {
namespace {

using namespace testbed;
using tls::protocol_version;

enum class ending { none, end_of_file, reset };

/// A raw client on a blocking socket.
template <class Client> class socket_client {
public:
    socket_client(raw_client_options const& options, unique_fd socket)
        : socket_(std::move(socket)),
          client_(options, pipe_) {}

    /// Steps the client until `done` or until the connection has ended.
    template <class Done> void work(Done done) {
        for (;;) {
            client_.step();
            flush();
            if (done() || client_.error() != 0 || ended != ending::none) return;
            receive();
        }
    }
    void flush() {
        bytes const out = pipe_.to_server.take_all();
        if (!out.empty()) (void)::send(socket_.get(), out.data(), out.size(), MSG_NOSIGNAL);
    }
    Client& operator*() { return client_; }
    Client* operator->() { return &client_; }
    ending ended = ending::none;

private:
    void receive() {
        std::array<std::byte, 16384> buffer{};
        ssize_t const n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (n > 0) return pipe_.to_client.push(byte_view(buffer).first(static_cast<std::size_t>(n)));
        ended = n == 0 ? ending::end_of_file : ending::reset;
        pipe_.to_client.close();
    }

    wire::byte_pipe pipe_{};
    unique_fd socket_;
    Client client_;
};

template <class Server> thread_options options_for(pki const& credentials, behaviour what, std::size_t amount = 0) {
    return {.server = server_options::showing(credentials.server), .behaviour = what, .amount = amount};
}

raw_client_options trusting(pki const& credentials) { return {.anchors = {credentials.root.certificate}}; }

} // namespace

TEST_CASE_TEMPLATE_DEFINE("a server thread echoes to several clients at once", Server, thread_echoes) {
    pki const credentials = make_pki();
    thread_options options = options_for<Server>(credentials, behaviour::echo);
    options.connections = 4;
    server_thread<Server> server(options);
    std::array<bool, 4> same{};
    std::vector<std::thread> clients;
    for (bool& equal : same)
        clients.emplace_back([&] {
            socket_client<raw_mbedtls_client> client(trusting(credentials), connect_to_loopback(server.port()));
            client.work([&] { return client->established(); });
            bytes const data = pattern(300'000);
            client->send(data);
            bytes back;
            client.work([&] {
                append(back, client->received());
                return back.size() >= data.size();
            });
            equal = back == data;
            client->close();
            client.flush();
            client.work([&] { return client->peer_closed(); });
        });
    for (std::thread& t : clients) t.join();
    for (bool const equal : same) CHECK(equal);
    for (connection_report const& r : server.reports()) {
        CHECK(r.established);
        CHECK(r.peer_closed);
        CHECK_FALSE(r.failed);
        CHECK(r.bytes_received == 300'000);
        CHECK(r.sni == "localhost");
    }
}
TEST_CASE_TEMPLATE_APPLY(thread_echoes, servers);

TEST_CASE_TEMPLATE_DEFINE("a server thread ends connections in each of its ways", Server, thread_ends) {
    pki const credentials = make_pki();
    struct expectation {
        behaviour what;
        bool close_notify;
        ending end;
    };
    for (expectation const& wanted :
         {expectation{behaviour::send_then_close, true, ending::none},
          expectation{behaviour::send_then_drop, false, ending::end_of_file},
          expectation{behaviour::send_then_reset, false, ending::reset}}) {
        CAPTURE(static_cast<int>(wanted.what));
        server_thread<Server> server(options_for<Server>(credentials, wanted.what, 50'000));
        socket_client<raw_wolfssl_client> client(trusting(credentials), connect_to_loopback(server.port()));
        client.work([&] { return client->peer_closed(); });
        CHECK(client->received() == pattern(50'000));
        CHECK(client->peer_closed() == wanted.close_notify);
        CHECK(client.ended == wanted.end);
        CHECK(server.report().established);
    }
}
TEST_CASE_TEMPLATE_APPLY(thread_ends, servers);

TEST_CASE_TEMPLATE_DEFINE("a server thread that goes quiet can be ended from either side", Server, thread_quiet) {
    pki const credentials = make_pki();
    for (behaviour const what : {behaviour::silent, behaviour::stop_in_handshake, behaviour::stop_reading}) {
        CAPTURE(static_cast<int>(what));
        auto [ours, theirs] = socket_pair();
        int const watched = ours.get();
        server_thread<Server> server(options_for<Server>(credentials, what), std::move(theirs));
        {
            socket_client<raw_mbedtls_client> client(trusting(credentials), std::move(ours));
            if (what == behaviour::stop_reading)
                client.work([&] { return client->established(); });
            else
                client->step();
            client.flush();
            if (what == behaviour::stop_in_handshake) {
                std::array<std::byte, 1> first{};
                CHECK(::recv(watched, first.data(), 1, 0) == 1);
            }
        }
        connection_report const report = server.report();
        // A client of TLS 1.3 can be established before the server has read its Finished, but not the reverse.
        CHECK(report.established == (what == behaviour::stop_reading));
    }
    for (behaviour const what : {behaviour::silent, behaviour::echo, behaviour::stop_reading}) {
        auto [ours, theirs] = socket_pair();
        server_thread<Server> const ended_by_destructor(options_for<Server>(credentials, what), std::move(theirs));
        server_thread<Server> const nobody_came(options_for<Server>(credentials, what));
    }
}
TEST_CASE_TEMPLATE_APPLY(thread_quiet, servers);

TEST_CASE("a server thread can leave in the middle of the handshake") {
    pki const credentials = make_pki();
    server_thread<mbedtls_server> server(options_for<mbedtls_server>(credentials, behaviour::drop_in_handshake));
    raw_client_options options = trusting(credentials);
    options.version = protocol_version::tls_1_2;
    socket_client<raw_mbedtls_client> client(options, connect_to_loopback(server.port()));
    client.work([] { return false; });
    CHECK_FALSE(client->established());
    CHECK(client.ended == ending::end_of_file);
    CHECK_FALSE(server.report().established);
}

TEST_CASE("a scripted peer answers a ClientHello with an alert") {
    pki const credentials = make_pki();
    scripted_peer peer({action::receive_record(), action::send(wire::make_alert(2, 80))});
    {
        socket_client<raw_mbedtls_client> client(trusting(credentials), connect_to_loopback(peer.port()));
        client.work([] { return false; });
        CHECK(client->alert_received() == 80);
    }
    CHECK(wire::first_client_hello(peer.received()).server_name == "localhost");
}

TEST_CASE("a scripted peer plays its lines in order") {
    auto [ours, theirs] = socket_pair();
    scripted_peer peer(
        {action::send(to_bytes("ab")), action::receive(3), action::send(to_bytes("c")), action::finish()},
        std::move(theirs));
    std::array<char, 8> got{};
    CHECK(::recv(ours.get(), got.data(), 2, MSG_WAITALL) == 2);
    CHECK(::send(ours.get(), "xyz", 3, 0) == 3);
    CHECK(::recv(ours.get(), got.data(), got.size(), MSG_WAITALL) == 1);
    CHECK(got[0] == 'c');
    ours.reset();
    CHECK(peer.received() == to_bytes("xyz"));
}

TEST_CASE("a scripted peer can reset, and can be left waiting") {
    scripted_peer peer({action::receive(1), action::reset()});
    unique_fd const socket = connect_to_loopback(peer.port());
    CHECK(::send(socket.get(), "x", 1, 0) == 1);
    std::array<char, 1> byte{};
    CHECK(::recv(socket.get(), byte.data(), 1, 0) == -1);
    CHECK(errno == ECONNRESET);
    auto [ours, theirs] = socket_pair();
    scripted_peer const waits_for_ever({action::receive(1)}, std::move(theirs));
    scripted_peer const holds({action::hold()});
}

} // namespace unit::testbed_threads_cases

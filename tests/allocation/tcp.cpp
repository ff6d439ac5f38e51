// SPDX-License-Identifier: Apache-2.0
#include "allocation/torture.hpp"
#include "parity/parity.hpp"
#include "testbed/sockets.hpp"
#include <tls/transport/tcp.hpp>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

/// A name is resolved, its addresses are raced for and a session is made over the socket while memory runs out.
namespace parity::tcp_allocation_cases {

using allocation::outcome;
using allocation::spared;
using allocation::torture;

constexpr outcome failed(tls::error const& e) { return {e.code, nullptr}; }

int open_descriptors() {
    int open = 0;
    for (int fd = 0; fd != 1024; ++fd) open += ::fcntl(fd, F_GETFD) != -1 ? 1 : 0;
    return open;
}

/// True as soon as no more are open than before: a resolver's thread closes its own after it has answered.
bool are_closed(int before) {
    for (auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
         open_descriptors() > before && std::chrono::steady_clock::now() < until;)
        std::this_thread::yield();
    return open_descriptors() <= before;
}

/// A server and its end of a connection, which have all the memory they want.
struct guest {
    explicit guest(testbed::server_options const& options) {
        spared const servers_own;
        s = std::make_unique<testbed::wolfssl_server>(options);
    }
    ~guest() {
        spared const servers_own;
        s.reset();
    }
    guest(guest const&) = delete;
    guest& operator=(guest const&) = delete;

    /// Answers what has come, once something has; false if nothing comes.
    bool serve(int clients) {
        spared const servers_own;
        std::array<pollfd, 2> ends = {pollfd{clients, POLLIN, 0}, pollfd{socket.get(), POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), 10'000) <= 0) return false;
        if (ends[1].revents == 0) return true;
        std::array<std::byte, 16384> some;
        auto const n = ::recv(socket.get(), some.data(), some.size(), 0);
        if (n <= 0) return false;
        s->feed(std::span(some).first(static_cast<std::size_t>(n)));
        s->step();
        auto const answer = s->drain();
        return ::send(socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(answer.size());
    }

    std::unique_ptr<testbed::wolfssl_server> s;
    testbed::unique_fd socket{};
};

TEST_CASE("allocation: a host name becomes a connection, or memory ran out") {
    auto const listening = testbed::listen_on_loopback();
    auto const work = [&](std::string const& host) {
        return [&listening, &host]() -> outcome {
            tls::connect_report report;
            auto const tcp = tls::tcp_stream::connect(host, listening.port, {}, report);
            {
                // Its place in the queue is for the next.
                spared const servers_own;
                if (tcp) testbed::unique_fd const taken(::accept4(listening.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
            }
            if (!tcp) return failed(tcp.error());
            return {tls::errc::ok, report.tried != 0 ? nullptr : "nothing was tried"};
        };
    };
    int const before = open_descriptors();
    torture(work("localhost"));
    CHECK(are_closed(before));
}

TEST_CASE("allocation: a port where nobody listens, or memory ran out") {
    auto const port = testbed::listen_on_loopback().port; // closed again
    int const before = open_descriptors();
    torture(
        [&]() -> outcome {
            auto const tcp = tls::tcp_stream::connect("localhost", port);
            return tcp ? outcome{} : failed(tcp.error());
        },
        tls::errc::connection_refused);
    CHECK(are_closed(before));
}

PARITY_CASE("allocation: a session over TCP", backends, B) {
    auto const options = strict_server(protocol_version::tls_1_3);
    client_options with;
    with.who = identity(pki().client);
    auto const client = client_of<B>(only(protocol_version::tls_1_3, with));
    auto const listening = testbed::listen_on_loopback();
    int const before = open_descriptors();
    torture([&]() -> outcome {
        guest there(options);
        auto tcp = tls::tcp_stream::connect("localhost", listening.port);
        if (!tcp) return failed(tcp.error());
        there.socket = testbed::unique_fd(::accept4(listening.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
        int const ours = tcp->native_handle();
        tcp->set_blocking(false);
        auto h = client.start(tls::server_name::parse("localhost"), std::move(*tcp));
        if (!h) return failed(h.error());
        for (;;) {
            auto done = h->step();
            if (!done && !done.error().would_block()) return failed(done.error());
            if (!done && !there.serve(ours)) return {errc::internal, "nothing moves"};
            if (!done) continue;
            if (auto const sent = done->write_all(std::array{std::byte{42}}); !sent) return failed(sent.error());
            if (auto const closed = done->close(); !closed) return failed(closed.error());
            if (!there.serve(-1)) return {errc::internal, "nothing came"};
            return {errc::ok, there.s->received().size() == 1 ? nullptr : "the server heard something else"};
        }
    });
    CHECK(are_closed(before));
}

} // namespace parity::tcp_allocation_cases

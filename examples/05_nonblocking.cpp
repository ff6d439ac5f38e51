// SPDX-License-Identifier: Apache-2.0
// Several connections at once in one thread: handshakes and sessions driven by poll(2), nothing ever blocks.
//
//   05_nonblocking <host> <port> <ca.pem> [connections]      talks to a server that sends back what it receives
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <poll.h>
#include <string>
#include <variant>
#include <vector>

namespace {

using backend = tls::wolfssl; // or tls::mbedtls
using handshake = tls::handshake<backend, tls::tcp_stream>;
using session = tls::session<backend, tls::tcp_stream>;

/// One connection: first a handshake, then a session that sends a line and reads it back.
class conversation {
public:
    conversation(handshake start, std::string line) : state_(std::move(start)), line_(std::move(line)) {}

    /// Goes as far as it can. Returns the event to wait for, or 0 when it is over.
    short step() {
        while (!over_) {
            auto const done = std::visit([this](auto& s) { return advance(s); }, state_);
            if (done) continue;
            if (done.error() == tls::errc::want_read) return POLLIN;
            if (done.error() == tls::errc::want_write) return POLLOUT;
            failure_ = tls::explain(done.error());
            over_ = true;
        }
        return 0;
    }

    [[nodiscard]] int descriptor() {
        return std::visit([](auto& s) { return s.transport().native_handle(); }, state_);
    }
    [[nodiscard]] std::string const& failure() const { return failure_; }
    [[nodiscard]] bool echoed() const { return received_ == line_; }

private:
    tls::result<void> advance(handshake& h) {
        auto established = h.step();
        if (!established) return std::unexpected(established.error());
        state_ = std::move(*established); // `h` is gone from here on
        return {};
    }

    tls::result<void> advance(session& s) {
        if (sent_ < line_.size()) {
            auto const n = s.write_some(std::as_bytes(std::span(line_)).subspan(sent_));
            if (!n) return std::unexpected(n.error());
            sent_ += *n;
            return {};
        }
        // What write_some counted may still wait for the socket; only a call sends it.
        if (auto const flushed = s.flush(); !flushed) return flushed;
        if (received_.size() < line_.size()) {
            std::array<std::byte, 256> buffer;
            auto const n = s.read_some(buffer);
            if (!n) return std::unexpected(n.error());
            received_.append(reinterpret_cast<char const*>(buffer.data()), *n);
            return {};
        }
        if (auto const closed = s.close(); !closed) return closed;
        over_ = true;
        return {};
    }

    std::variant<handshake, session> state_;
    std::string line_;
    std::string received_;
    std::size_t sent_ = 0;
    bool over_ = false;
    std::string failure_;
};

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

/// Steps every conversation whenever its socket is ready, until all are over.
bool run(std::vector<conversation>& all) {
    std::vector<short> waiting_for;
    waiting_for.reserve(all.size());
    for (conversation& one : all) waiting_for.push_back(one.step());
    for (;;) {
        std::vector<pollfd> sockets;
        std::vector<std::size_t> owners;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (waiting_for[i] == 0) continue;
            sockets.push_back({all[i].descriptor(), waiting_for[i], 0});
            owners.push_back(i);
        }
        if (sockets.empty()) return true;
        // A non-blocking transport has no deadlines of its own: here they are the caller's.
        if (::poll(sockets.data(), sockets.size(), 10'000) <= 0) return false;
        for (std::size_t i = 0; i < sockets.size(); ++i)
            if (sockets[i].revents != 0) waiting_for[owners[i]] = all[owners[i]].step();
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4 || argc > 5) {
        std::cerr << "usage: 05_nonblocking <host> <port> <ca.pem> [connections]\n";
        return 2;
    }
    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10));
    unsigned long const connections = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 4;

    auto client =
        tls::client<backend>::configure().trust(tls::trust_anchors::from_pem_file(argv[3])).no_identity().build();
    if (!client) return failed(client.error());

    std::vector<conversation> all;
    for (unsigned long i = 0; i < connections; ++i) {
        auto stream = tls::tcp_stream::connect(argv[1], port); // this call does block, for its connect_timeout at most
        if (!stream) return failed(stream.error());
        stream->set_blocking(false);
        auto handshake = client->start(tls::server_name::parse(argv[1]), std::move(*stream));
        if (!handshake) return failed(handshake.error());
        all.emplace_back(std::move(*handshake), "hello from connection " + std::to_string(i) + "\n");
    }

    if (!run(all)) {
        std::cerr << "nothing happened for ten seconds\n";
        return 1;
    }
    std::size_t echoed = 0;
    for (conversation const& one : all) {
        if (!one.failure().empty()) std::cerr << one.failure() << '\n';
        if (one.echoed()) ++echoed;
    }
    std::cout << echoed << " of " << all.size() << " connections got their line back\n";
    return echoed == all.size() ? 0 : 1;
}

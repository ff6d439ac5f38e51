// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sockets.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace testbed {

/// One line of a scripted peer's script.
struct action {
    enum class kind { receive, receive_record, send, finish, reset, hold };
    kind what = kind::hold;
    std::size_t count = 0;
    bytes data{};

    /// Waits for this many more bytes.
    [[nodiscard]] static action receive(std::size_t count) { return {kind::receive, count, {}}; }
    /// Waits for one whole TLS record, for example the ClientHello.
    [[nodiscard]] static action receive_record() { return {kind::receive_record, 0, {}}; }
    [[nodiscard]] static action send(bytes data) { return {kind::send, 0, std::move(data)}; }
    /// Ends the sending side: the client reads an end of file.
    [[nodiscard]] static action finish() { return {kind::finish, 0, {}}; }
    /// Resets the TCP connection.
    [[nodiscard]] static action reset() { return {kind::reset, 0, {}}; }
    /// Does nothing more until the client ends the connection or the peer is destroyed.
    [[nodiscard]] static action hold() { return {kind::hold, 0, {}}; }
};

/// A peer without a TLS implementation: it sends given bytes at given points, in a thread of its own.
///
/// After its last line it ends its sending side, reads what still comes and waits for the client to end the connection.
class scripted_peer {
public:
    /// Listens on 127.0.0.1 for one connection.
    explicit scripted_peer(std::vector<action> script);
    /// Plays on a connected socket.
    scripted_peer(std::vector<action> script, unique_fd socket);
    ~scripted_peer();
    scripted_peer(scripted_peer const&) = delete;
    scripted_peer& operator=(scripted_peer const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Everything the client sent; waits until the connection has ended. Throws std::runtime_error at the deadline.
    [[nodiscard]] bytes received(std::chrono::milliseconds deadline = std::chrono::seconds(30));

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace testbed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server.hpp"
#include "sockets.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace testbed {

/// What a server does with a connection.
enum class behaviour {
    echo,              ///< returns everything; answers close_notify with its own
    send_then_close,   ///< sends `amount` bytes of `pattern`, then close_notify, then ends the connection
    send_then_drop,    ///< the same without close_notify
    send_then_reset,   ///< the same with a TCP reset instead of an end
    close_then_read,   ///< sends `amount` bytes of `pattern`, then close_notify, and reads on until the client ends
    silent,            ///< accepts, and neither reads nor sends anything
    stop_reading,      ///< handshakes, then reads no more
    stop_in_handshake, ///< sends its first flight, then does nothing
    drop_in_handshake, ///< sends its first flight, then ends the connection
};

struct thread_options {
    server_options server{};
    testbed::behaviour behaviour = testbed::behaviour::echo;
    std::size_t amount = 0; ///< bytes to send for the send_* behaviours: pattern(amount)
    int connections = 1;    ///< how many a listening server accepts; at the same time if need be
};

/// How one connection went.
struct connection_report {
    bool established = false;
    bool failed = false;
    std::string error_text{};
    std::size_t bytes_received = 0;
    bool peer_closed = false;     ///< close_notify came
    bool input_ended = false;     ///< the end of the connection came
    bool transport_error = false; ///< reading or writing the socket failed
    int client_certificates = -1;
    bytes client_leaf{};
    std::optional<int> alert_received{};
    std::optional<int> alert_sent{};
    std::string sni{};
    std::string alpn{};
    std::optional<tls::protocol_version> version{};
    bool resumed = false;
};

/// A test server in threads of its own, on sockets. Stopped and joined by the destructor, whatever it is doing.
template <class Server> class server_thread {
public:
    /// Listens on 127.0.0.1 and serves `options.connections` connections.
    explicit server_thread(thread_options const& options);
    /// Serves one connected socket.
    server_thread(thread_options const& options, unique_fd socket);
    ~server_thread();
    server_thread(server_thread const&) = delete;
    server_thread& operator=(server_thread const&) = delete;

    /// The port it listens on.
    [[nodiscard]] std::uint16_t port() const;

    /// Waits until every connection is over and returns how they went, in the order they ended.
    /// Throws std::runtime_error at the deadline.
    [[nodiscard]] std::vector<connection_report> reports(std::chrono::milliseconds deadline = std::chrono::seconds(30));
    /// The same for a single connection.
    [[nodiscard]] connection_report report(std::chrono::milliseconds deadline = std::chrono::seconds(30));

    /// Wakes the behaviours that do nothing: they end their connection.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

extern template class server_thread<mbedtls_server>;
extern template class server_thread<wolfssl_server>;

} // namespace testbed

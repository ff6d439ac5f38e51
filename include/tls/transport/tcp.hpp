// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/transport/connect_report.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace tls {

/// The deadlines of a TCP stream; `no_timeout` is none.
///
/// In a handshake, which has a deadline of its own (`builder::handshake_timeout`), the last two bound each wait.
struct tcp_options {
    std::chrono::milliseconds connect_timeout{10'000}; ///< for resolving the name and all its addresses together
    std::chrono::milliseconds read_timeout{30'000};    ///< for each call that reads, as a whole
    std::chrono::milliseconds write_timeout{30'000};   ///< for each call that writes or closes, as a whole
};

/// A TCP connection with deadlines; owns its socket.
///
/// Blocks, but never longer than its deadlines; a deadline that passes is the error `timeout`. Nagle's delay is off,
/// because TLS writes whole flights. Move-only; not safe to use from two threads at once.
class tcp_stream {
public:
    using clock = std::chrono::steady_clock;

    /// Connects to a host: resolves the name and tries its addresses, of IPv6 and IPv4 in turn, each 250 ms after the
    /// one before or as soon as that has failed; the first to answer is taken (RFC 8305). At most 32 are tried.
    ///
    /// The system's resolver has no deadline, so a thread of its own waits for it, without signals; one that is late is
    /// left behind and frees what it has. A literal address starts no thread. Errors: resolve_failed (`system` is the
    /// resolver's code), timeout (also where one address of several never answered), connection_refused (one refused
    /// and the others could not be reached), io_error (`system` is the first address's errno), out_of_memory, also for
    /// want of threads or descriptors to wait with; `about` is the host.
    [[nodiscard]] static result<tcp_stream>
    connect(std::string const& host, std::uint16_t port, tcp_options options = {}) noexcept;
    /// As above, saying what became of each address.
    [[nodiscard]] static result<tcp_stream>
    connect(std::string const& host, std::uint16_t port, tcp_options options, connect_report& report) noexcept;

    /// Takes over a connected socket.
    explicit tcp_stream(int socket, tcp_options options = {}) noexcept;

    tcp_stream(tcp_stream&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          peer_(other.peer_),
          options_(other.options_),
          expiry_(other.expiry_),
          blocking_(other.blocking_) {}
    tcp_stream& operator=(tcp_stream&& other) noexcept {
        if (this != &other) {
            close();
            socket_ = std::exchange(other.socket_, -1);
            peer_ = other.peer_;
            options_ = other.options_;
            expiry_ = other.expiry_;
            blocking_ = other.blocking_;
        }
        return *this;
    }
    ~tcp_stream() { close(); }

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept;
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept;
    /// As `read_some`, waiting until a moment instead of `read_timeout`; what is already there is always read.
    [[nodiscard]] io_result read_some_until(std::span<std::byte> into, clock::time_point until) noexcept;
    /// As `write_some`, waiting until a moment instead of `write_timeout`; what can leave at once always does.
    [[nodiscard]] io_result write_some_until(std::span<std::byte const> from, clock::time_point until) noexcept;

    /// How long one call of a session that reads may take.
    [[nodiscard]] std::chrono::milliseconds read_timeout() const noexcept { return options_.read_timeout; }
    /// How long one call of a session that writes or closes may take.
    [[nodiscard]] std::chrono::milliseconds write_timeout() const noexcept { return options_.write_timeout; }

    /// One deadline for everything that follows, for example a whole exchange, on top of the ones for each call.
    ///
    /// Once it has passed, nothing waits any more: a call moves what can be moved at once, and answers timeout if that
    /// is nothing. `expires_after(0ms)` is how to look at what is there.
    void expires_after(std::chrono::milliseconds from_now) noexcept {
        expiry_ = detail::moment_after(clock::now(), from_now);
    }
    /// Removes that deadline.
    void expires_never() noexcept { expiry_.reset(); }
    /// That moment; the end of time if there is none.
    [[nodiscard]] clock::time_point expiry() const noexcept { return expiry_.value_or(clock::time_point::max()); }

    /// Whether calls wait (the default) or answer would_block.
    void set_blocking(bool blocking) noexcept { blocking_ = blocking; }

    /// Drops the connection and connects to the same address again, within `connect_timeout`; false if that fails, and
    /// where calls do not wait: the socket would be another one, unknown to the caller's event loop.
    [[nodiscard]] bool reconnect() noexcept;

    /// The port of the peer; 0 if the socket is not a connected one of TCP.
    [[nodiscard]] std::uint16_t peer_port() const noexcept;

    /// The socket, to wait for it in `poll`; -1 once closed.
    [[nodiscard]] int native_handle() const noexcept { return socket_; }

    /// Closes the socket at once.
    void close() noexcept;

private:
    [[nodiscard]] io_status wait(short events, clock::time_point until) noexcept;

    /// A sockaddr_in or sockaddr_in6; empty if the peer has no such address.
    struct address {
        std::array<std::byte, 28> bytes{};
        std::uint8_t size = 0;
    };

    int socket_ = -1;
    address peer_;
    tcp_options options_;
    std::optional<clock::time_point> expiry_;
    bool blocking_ = true;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/transport/impl/tcp.ipp>
#endif

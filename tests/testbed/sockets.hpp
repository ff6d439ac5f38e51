// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace testbed {

/// A descriptor that is closed with its owner.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) : fd_(fd) {}
    ~unique_fd() { reset(); }
    unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
    unique_fd& operator=(unique_fd&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool valid() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }
    void reset(int fd = -1);

private:
    int fd_ = -1;
};

/// Two connected stream sockets.
[[nodiscard]] std::pair<unique_fd, unique_fd> socket_pair();

/// A TCP socket that listens on 127.0.0.1, on a port the system chose.
struct listener {
    unique_fd fd{};
    std::uint16_t port = 0;
};
/// `receive_buffer` limits what a client can send to a peer that does not read; 0 leaves the default.
[[nodiscard]] listener listen_on_loopback(int receive_buffer = 0);

/// A blocking TCP connection to 127.0.0.1; throws if nobody listens.
[[nodiscard]] unique_fd connect_to_loopback(std::uint16_t port);

void set_nonblocking(int fd);
/// Makes the next close of a TCP socket send a reset.
void reset_on_close(int fd);

/// An event that other threads can wait for together with a socket; once raised it stays raised.
class wake_event {
public:
    wake_event();
    void raise();
    [[nodiscard]] bool raised() const;
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    unique_fd fd_;
};

/// The result of waiting for a socket.
struct readiness {
    bool readable = false; ///< also at the end of the connection
    bool writable = false;
    bool woken = false;
};
/// Waits for the socket or the event.
[[nodiscard]] readiness wait_for(int fd, bool to_read, bool to_write, wake_event const& event);
/// Waits, without reading, until the peer ends the connection or the event is raised.
void wait_for_end(int fd, wake_event const& event);

} // namespace testbed

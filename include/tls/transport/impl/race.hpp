// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/transport/deadline.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <span>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

/// Connecting to the first address of several that answers (RFC 8305, "Happy Eyeballs").
namespace tls::detail {

inline void prepare_socket(int socket) noexcept {
    int const flags = ::fcntl(socket, F_GETFL, 0);
    (void)::fcntl(socket, F_SETFL, flags | O_NONBLOCK);
    (void)::fcntl(socket, F_SETFD, FD_CLOEXEC);
    int const on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#if defined(SO_NOSIGPIPE)
    (void)::setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

/// The addresses in the order in which they are tried: as the resolver sorted them (RFC 6724), with the families taking
/// turns (RFC 8305 section 4). Beyond the span they are left out.
[[nodiscard]] inline std::size_t interlace(addrinfo const* found, std::span<addrinfo const*> order) noexcept {
    if (found == nullptr) return 0;
    int const first_family = found->ai_family;
    auto const next = [&](addrinfo const* from, bool first) {
        while (from != nullptr && (from->ai_family == first_family) != first) from = from->ai_next;
        return from;
    };
    std::array<addrinfo const*, 2> at = {next(found, false), next(found, true)};
    std::size_t count = 0;
    for (bool first = true; count != order.size() && (at[0] != nullptr || at[1] != nullptr); first = !first) {
        addrinfo const*& one = at[first ? 1 : 0];
        if (one == nullptr) continue;
        order[count++] = one;
        one = next(one->ai_next, first);
    }
    return count;
}

/// Attempts to connect that run side by side; those that have not won are closed.
class connection_race {
public:
    static constexpr std::size_t most = 32;
    /// How long an address has before the next one is tried as well (RFC 8305 section 5).
    static constexpr std::chrono::milliseconds head_start{250};

    connection_race(addrinfo const* found, std::chrono::milliseconds each_waits) noexcept
        : count_(interlace(found, order_)),
          each_waits_(each_waits) {}
    connection_race(connection_race const&) = delete;
    connection_race& operator=(connection_race const&) = delete;
    ~connection_race() {
        for (std::size_t i = 0; i != begun_; ++i) give_up(i);
    }

    /// The socket of the first address that answers, or -1; then `failure` says why each has failed.
    [[nodiscard]] int run(std::chrono::steady_clock::time_point until) noexcept {
        using clock = std::chrono::steady_clock;
        auto next = clock::now();
        for (;;) {
            while (begun_ != count_ && (running() == 0 || clock::now() >= next)) {
                next = moment_after(clock::now(), each_waits_);
                if (begin()) return taken(begun_ - 1);
            }
            if (running() == 0) return -1;
            auto const wake = begun_ != count_ ? std::min(next, until) : until;
            auto const left = std::chrono::ceil<std::chrono::milliseconds>(wake - clock::now()).count();
            int const ready =
                ::poll(sockets_.data(), begun_, static_cast<int>(std::clamp<long long>(left, 0, 1 << 30)));
            if (ready < 0 && errno != EINTR) {
                int const code = errno;
                for (std::size_t i = 0; i != begun_; ++i)
                    if (sockets_[i].fd >= 0) failures_[i] = code;
                return -1;
            }
            for (std::size_t i = 0; ready > 0 && i != begun_; ++i) {
                if (sockets_[i].fd < 0 || sockets_[i].revents == 0) continue;
                socklen_t size = sizeof failures_[i];
                if (::getsockopt(sockets_[i].fd, SOL_SOCKET, SO_ERROR, &failures_[i], &size) != 0) failures_[i] = errno;
                if (failures_[i] == 0) return taken(i);
                give_up(i);
                next = clock::now(); // nothing is waited for where it is known to fail
            }
            if (ready <= 0 && clock::now() >= until) return -1;
        }
    }

    /// How many addresses were tried, in the order in which they were.
    [[nodiscard]] std::size_t tried() const noexcept { return begun_; }
    [[nodiscard]] addrinfo const& address(std::size_t i) const noexcept { return *order_[i]; }
    /// Why that address failed: an errno, ETIMEDOUT while it has not answered.
    [[nodiscard]] int failure(std::size_t i) const noexcept { return failures_[i]; }

private:
    [[nodiscard]] std::size_t running() const noexcept {
        return static_cast<std::size_t>(
            std::ranges::count_if(std::span(sockets_).first(begun_), [](pollfd const& p) { return p.fd >= 0; }));
    }

    /// Begins with the next address; true if it is connected already.
    [[nodiscard]] bool begin() noexcept {
        std::size_t const i = begun_++;
        addrinfo const& to = *order_[i];
        int const socket = ::socket(to.ai_family, to.ai_socktype, to.ai_protocol);
        sockets_[i] = {.fd = socket, .events = POLLOUT, .revents = 0};
        failures_[i] = ETIMEDOUT;
        if (socket < 0) {
            failures_[i] = errno;
            return false;
        }
        prepare_socket(socket);
        if (::connect(socket, to.ai_addr, to.ai_addrlen) == 0) {
            failures_[i] = 0;
            return true;
        }
        if (errno == EINPROGRESS || errno == EINTR) return false;
        failures_[i] = errno;
        give_up(i);
        return false;
    }

    void give_up(std::size_t i) noexcept {
        if (sockets_[i].fd >= 0) ::close(std::exchange(sockets_[i].fd, -1));
    }
    [[nodiscard]] int taken(std::size_t i) noexcept { return std::exchange(sockets_[i].fd, -1); }

    std::array<addrinfo const*, most> order_{};
    std::array<pollfd, most> sockets_{};
    std::array<int, most> failures_{};
    std::size_t count_;
    std::size_t begun_ = 0;
    std::chrono::milliseconds each_waits_;
};

} // namespace tls::detail

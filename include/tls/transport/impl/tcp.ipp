// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/transport/descriptor.hpp>
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tls {
namespace detail {

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

/// Connects one address; returns the socket, or -1 with `failure` set to an errno (ETIMEDOUT for the deadline).
[[nodiscard]] inline int
connect_address(addrinfo const& address, std::chrono::steady_clock::time_point until, int& failure) noexcept {
    int const socket = ::socket(address.ai_family, address.ai_socktype, address.ai_protocol);
    if (socket < 0) {
        failure = errno;
        return -1;
    }
    prepare_socket(socket);
    failure = 0;
    if (::connect(socket, address.ai_addr, address.ai_addrlen) != 0) {
        failure = errno;
        if (failure == EINPROGRESS || failure == EINTR) {
            switch (wait_until(socket, POLLOUT, until)) {
            case io_status::ok: {
                socklen_t size = sizeof failure;
                if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) failure = errno;
                break;
            }
            case io_status::timeout: failure = ETIMEDOUT; break;
            default: failure = errno; break;
            }
        }
    }
    if (failure == 0) return socket;
    ::close(socket);
    return -1;
}

[[nodiscard]] inline std::unexpected<error> connect_failure(errc code, std::string const& host, int system) noexcept {
    bool const no_memory = code == errc::resolve_failed ? system == EAI_MEMORY : system == ENOMEM;
    error e;
    e.code = no_memory ? errc::out_of_memory : code;
    e.phase = phase::connecting;
    e.about = std::string_view(host);
    e.system = system;
    return std::unexpected(e);
}

} // namespace detail

TWINTLS_DECL result<tcp_stream>
tcp_stream::connect(std::string const& host, std::uint16_t port, tcp_options options) noexcept {
    auto const until = detail::moment_after(clock::now(), options.connect_timeout);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    char service[8] = {};
    for (unsigned n = port, at = 5; at-- > 0; n /= 10) service[at] = static_cast<char>('0' + n % 10);
    if (int const code = ::getaddrinfo(host.c_str(), service, &hints, &found); code != 0)
        return detail::connect_failure(errc::resolve_failed, host, code);
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const addresses(found, [](addrinfo* a) { ::freeaddrinfo(a); });

    int left = 0;
    for (addrinfo const* a = found; a != nullptr; a = a->ai_next) ++left;
    int failure = 0;
    for (addrinfo const* a = found; a != nullptr; a = a->ai_next, --left) {
        auto const now = clock::now();
        int const socket = detail::connect_address(*a, now + (until - now) / left, failure);
        if (socket >= 0) return tcp_stream(socket, options);
    }
    if (failure == ETIMEDOUT) return detail::connect_failure(errc::timeout, host, failure);
    if (failure == ECONNREFUSED) return detail::connect_failure(errc::connection_refused, host, failure);
    return detail::connect_failure(errc::io_error, host, failure);
}

TWINTLS_DECL tcp_stream::tcp_stream(int socket, tcp_options options) noexcept : socket_(socket), options_(options) {
    detail::prepare_socket(socket_);
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return;
    bool const internet = peer.ss_family == AF_INET || peer.ss_family == AF_INET6;
    if (!internet || size > peer_.bytes.size()) return;
    std::memcpy(peer_.bytes.data(), &peer, size);
    peer_.size = static_cast<std::uint8_t>(size);
}

TWINTLS_DECL bool tcp_stream::reconnect() noexcept {
    if (!blocking_ || peer_.size == 0) return false;
    sockaddr_storage peer{};
    std::memcpy(&peer, peer_.bytes.data(), peer_.size);
    addrinfo same{};
    same.ai_family = peer.ss_family;
    same.ai_socktype = SOCK_STREAM;
    same.ai_addr = reinterpret_cast<sockaddr*>(&peer);
    same.ai_addrlen = peer_.size;
    auto until = detail::moment_after(clock::now(), options_.connect_timeout);
    if (expiry_) until = std::min(until, *expiry_);
    int failure = 0;
    int const socket = detail::connect_address(same, until, failure);
    if (socket < 0) return false;
    close();
    socket_ = socket;
    return true;
}

TWINTLS_DECL std::uint16_t tcp_stream::peer_port() const noexcept {
    // sin_port and sin6_port have the same offset.
    constexpr std::size_t port_at = offsetof(sockaddr_in, sin_port);
    static_assert(port_at == offsetof(sockaddr_in6, sin6_port));
    if (peer_.size == 0) return 0;
    return static_cast<std::uint16_t>(
        (std::to_integer<unsigned>(peer_.bytes[port_at]) << 8) | std::to_integer<unsigned>(peer_.bytes[port_at + 1]));
}

TWINTLS_DECL io_status tcp_stream::wait(short events, clock::time_point until) noexcept {
    if (expiry_) until = std::min(until, *expiry_);
    return detail::wait_until(socket_, events, until);
}

TWINTLS_DECL io_result tcp_stream::read_some(std::span<std::byte> into) noexcept {
    return read_some_until(into, detail::moment_after(clock::now(), options_.read_timeout));
}

TWINTLS_DECL io_result tcp_stream::read_some_until(std::span<std::byte> into, clock::time_point until) noexcept {
    // A peer that always has something for us must not keep us busy beyond the overall deadline.
    if (expired()) return io_result::timed_out();
    for (;;) {
        io_result const r = descriptor_transport(socket_).read_some(into);
        if (r.status != io_status::would_block || !blocking_) return r;
        io_status const waited = wait(POLLIN, until);
        if (waited == io_status::timeout) return io_result::timed_out();
        if (waited == io_status::failed) return io_result::broken(errno);
    }
}

TWINTLS_DECL io_result tcp_stream::write_some(std::span<std::byte const> from) noexcept {
    return write_some_until(from, detail::moment_after(clock::now(), options_.write_timeout));
}

TWINTLS_DECL io_result tcp_stream::write_some_until(std::span<std::byte const> from, clock::time_point until) noexcept {
    if (expired()) return io_result::timed_out();
    for (;;) {
        io_result const r = descriptor_transport(socket_).write_some(from);
        if (r.status != io_status::would_block || !blocking_) return r;
        io_status const waited = wait(POLLOUT, until);
        if (waited == io_status::timeout) return io_result::timed_out();
        if (waited == io_status::failed) return io_result::broken(errno);
    }
}

TWINTLS_DECL void tcp_stream::close() noexcept {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

} // namespace tls

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/transport/descriptor.hpp>
#include <tls/transport/impl/connect.hpp>
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tls {

TWINTLS_DECL result<tcp_stream>
tcp_stream::connect(std::string const& host, std::uint16_t port, tcp_options options) noexcept {
    auto const socket = detail::connect_host(host, port, options.connect_timeout, nullptr);
    if (!socket) return std::unexpected(socket.error());
    return tcp_stream(*socket, options);
}

TWINTLS_DECL result<tcp_stream>
tcp_stream::connect(std::string const& host, std::uint16_t port, tcp_options options, connect_report& report) noexcept {
    auto const socket = detail::connect_host(host, port, options.connect_timeout, &report);
    if (!socket) return std::unexpected(socket.error());
    return tcp_stream(*socket, options);
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
    detail::connection_race alone(&same, detail::connection_race::head_start);
    int const socket = alone.run(until);
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

// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace testbed {
namespace {

int checked(int result, char const* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

void poll_both(std::array<pollfd, 2>& entries) {
    while (::poll(entries.data(), entries.size(), -1) < 0)
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

} // namespace

void unique_fd::reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

std::pair<unique_fd, unique_fd> socket_pair() {
    std::array<int, 2> ends{};
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
    return {unique_fd(ends[0]), unique_fd(ends[1])};
}

listener listen_on_loopback(int receive_buffer) {
    listener out;
    out.fd = unique_fd(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    if (receive_buffer > 0)
        checked(::setsockopt(out.fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer), "SO_RCVBUF");
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    checked(::bind(out.fd.get(), reinterpret_cast<sockaddr*>(&address), size), "bind"); // NOLINT
    checked(::listen(out.fd.get(), 64), "listen");
    checked(::getsockname(out.fd.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname"); // NOLINT
    out.port = ntohs(address.sin_port);
    return out;
}

unique_fd connect_to_loopback(std::uint16_t port) {
    unique_fd out(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in const address = loopback(port);
    checked(::connect(out.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address), "connect"); // NOLINT
    return out;
}

void set_nonblocking(int fd) {
    int const flags = checked(::fcntl(fd, F_GETFL), "fcntl");
    checked(::fcntl(fd, F_SETFL, flags | O_NONBLOCK), "fcntl");
}

void reset_on_close(int fd) {
    linger const at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

wake_event::wake_event() : fd_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

void wake_event::raise() {
    std::uint64_t const one = 1;
    if (::write(fd_.get(), &one, sizeof one) < 0 && errno != EAGAIN)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

bool wake_event::raised() const {
    pollfd entry{fd_.get(), POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

readiness wait_for(int fd, bool to_read, bool to_write, wake_event const& event) {
    auto const wanted = static_cast<short>((to_read ? POLLIN : 0) | (to_write ? POLLOUT : 0));
    std::array<pollfd, 2> entries{pollfd{fd, wanted, 0}, pollfd{event.fd(), POLLIN, 0}};
    poll_both(entries);
    bool const broken = (entries[0].revents & (POLLHUP | POLLERR)) != 0;
    readiness out;
    out.readable = to_read && ((entries[0].revents & POLLIN) != 0 || broken);
    out.writable = to_write && ((entries[0].revents & POLLOUT) != 0 || broken);
    out.woken = entries[1].revents != 0;
    return out;
}

void wait_for_end(int fd, wake_event const& event) {
    std::array<pollfd, 2> entries{pollfd{fd, POLLRDHUP, 0}, pollfd{event.fd(), POLLIN, 0}};
    poll_both(entries);
}

} // namespace testbed

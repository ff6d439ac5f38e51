// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/transport/descriptor.hpp>
#include <tls/transport/impl/wait.hpp>

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tls {
namespace detail {

#if defined(MSG_NOSIGNAL)
inline constexpr int no_signal = MSG_NOSIGNAL;
#else
inline constexpr int no_signal = 0;
#endif

[[nodiscard]] inline bool is_would_block(int code) noexcept {
#if EAGAIN != EWOULDBLOCK
    if (code == EWOULDBLOCK) return true;
#endif
    return code == EAGAIN;
}

} // namespace detail

TWINTLS_DECL io_result descriptor_transport::read_some(std::span<std::byte> into) const noexcept {
    for (;;) {
        ssize_t const n = ::read(descriptor_, into.data(), into.size());
        if (n > 0) return io_result::moved(static_cast<std::size_t>(n));
        if (n == 0) return io_result::at_end();
        if (errno == EINTR) continue;
        return detail::is_would_block(errno) ? io_result::blocked() : io_result::broken(errno);
    }
}

TWINTLS_DECL io_result
descriptor_transport::read_some_until(std::span<std::byte> into, clock::time_point until) const noexcept {
    switch (detail::wait_if_blocking(descriptor_, POLLIN, until)) {
    case io_status::timeout: return io_result::timed_out();
    case io_status::failed: return io_result::broken(errno);
    default: return read_some(into);
    }
}

TWINTLS_DECL io_result
descriptor_transport::write_some_until(std::span<std::byte const> from, clock::time_point until) const noexcept {
    switch (detail::wait_if_blocking(descriptor_, POLLOUT, until)) {
    case io_status::timeout: return io_result::timed_out();
    case io_status::failed: return io_result::broken(errno);
    // Of more than this a blocking socket that has some room would wait for the rest.
    default: return write_some(from.first(std::min(from.size(), std::size_t{2048})));
    }
}

TWINTLS_DECL io_result descriptor_transport::write_some(std::span<std::byte const> from) const noexcept {
    for (;;) {
        ssize_t n = ::send(descriptor_, from.data(), from.size(), detail::no_signal);
        if (n < 0 && errno == ENOTSOCK) n = ::write(descriptor_, from.data(), from.size());
        if (n >= 0) return io_result::moved(static_cast<std::size_t>(n));
        if (errno == EINTR) continue;
        return detail::is_would_block(errno) ? io_result::blocked() : io_result::broken(errno);
    }
}

} // namespace tls

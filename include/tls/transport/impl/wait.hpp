// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/transport/transport.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>

namespace tls::detail {

/// Waits for events until a moment; ok, timeout, or failed with errno set.
[[nodiscard]] inline io_status
wait_until(int descriptor, short events, std::chrono::steady_clock::time_point moment) noexcept {
    for (;;) {
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(moment - std::chrono::steady_clock::now()).count();
        constexpr long long longest = 1 << 30;
        pollfd p{descriptor, events, 0};
        int const n = ::poll(&p, 1, static_cast<int>(std::clamp<long long>(left, 0, longest)));
        if (n > 0) return io_status::ok;
        if (n < 0 && errno != EINTR) return io_status::failed;
        if (n == 0 && std::chrono::steady_clock::now() >= moment) return io_status::timeout;
    }
}

/// The same for a descriptor that blocks: one that does not is ready at once, to say so itself.
[[nodiscard]] inline io_status
wait_if_blocking(int descriptor, short events, std::chrono::steady_clock::time_point moment) noexcept {
    int const flags = ::fcntl(descriptor, F_GETFL, 0);
    return flags >= 0 && (flags & O_NONBLOCK) != 0 ? io_status::ok : wait_until(descriptor, events, moment);
}

} // namespace tls::detail

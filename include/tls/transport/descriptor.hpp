// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/transport/transport.hpp>

#include <chrono>
#include <cstddef>
#include <span>

namespace tls {

/// A transport over a POSIX descriptor that somebody else owns and closes: a socket, a terminal, a pipe.
///
/// Blocks or answers would_block as the descriptor itself does (O_NONBLOCK). It has no time-outs of its own; where
/// twintls has a deadline, as for a handshake, a blocking one is waited for until then and no longer. A broken
/// connection is an error and never raises SIGPIPE on a socket. Trivially copyable; as safe to share between threads as
/// the descriptor.
class descriptor_transport {
public:
    using clock = std::chrono::steady_clock;

    explicit descriptor_transport(int descriptor) noexcept : descriptor_(descriptor) {}

    [[nodiscard]] io_result read_some(std::span<std::byte> into) const noexcept;
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) const noexcept;

    /// As the two above, waiting until a moment at most if the descriptor blocks.
    [[nodiscard]] io_result read_some_until(std::span<std::byte> into, clock::time_point until) const noexcept;
    [[nodiscard]] io_result write_some_until(std::span<std::byte const> from, clock::time_point until) const noexcept;

    /// The descriptor, to wait for it in `poll`.
    [[nodiscard]] int native_handle() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/transport/impl/descriptor.ipp>
#endif

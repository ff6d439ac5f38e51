// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace tls {

/// How one read or write of a transport ended.
enum class io_status : std::uint8_t {
    ok,          ///< at least one byte was moved
    would_block, ///< nothing can be moved now; try again when the transport is ready
    end,         ///< reading only: the peer sent everything it had to send
    timeout,     ///< the transport's deadline passed
    failed,      ///< the transport is broken; `io_result::system` says how
};

/// The outcome of one read or write of a transport.
struct io_result {
    std::size_t bytes = 0; ///< bytes moved; more than zero exactly when `status` is ok
    io_status status = io_status::ok;
    std::int32_t system = 0; ///< errno or the transport's own code when `status` is failed; else 0

    [[nodiscard]] static constexpr io_result moved(std::size_t n) noexcept { return {n, io_status::ok, 0}; }
    [[nodiscard]] static constexpr io_result blocked() noexcept { return {0, io_status::would_block, 0}; }
    [[nodiscard]] static constexpr io_result at_end() noexcept { return {0, io_status::end, 0}; }
    [[nodiscard]] static constexpr io_result timed_out() noexcept { return {0, io_status::timeout, 0}; }
    [[nodiscard]] static constexpr io_result broken(std::int32_t system) noexcept {
        return {0, io_status::failed, system};
    }
};

/// Anything that carries bytes both ways.
///
/// `read_some` moves at least one byte into a buffer that is never empty, or says why not. `write_some` moves at least
/// one byte out of a buffer that is never empty, or says why not; a partial write is normal. A transport handles EINTR
/// itself and raises no signal. It may block or answer would_block; twintls works with both.
template <class T>
concept transport = requires(T& t, std::span<std::byte> in, std::span<std::byte const> out) {
    { t.read_some(in) } noexcept -> std::same_as<io_result>;
    { t.write_some(out) } noexcept -> std::same_as<io_result>;
};

/// A transport that can start over: connect to the same peer again.
///
/// `reconnect` drops the connection and makes a new one, and answers whether it could. Where a server refuses the very
/// attempt to resume a session, twintls uses it, once, for a full handshake. A transport that must not block here
/// answers false, or does not have it.
template <class T>
concept reconnecting_transport = transport<T> && requires(T& t) {
    { t.reconnect() } noexcept -> std::same_as<bool>;
};

namespace detail {

/// A type-erased transport, so that the core and the backends are compiled once.
///
/// A pointer and two functions; borrowed for the length of one call, because the transport may move between calls.
struct transport_ref {
    void* self = nullptr;
    io_result (*read)(void*, std::span<std::byte>) noexcept = nullptr;
    io_result (*write)(void*, std::span<std::byte const>) noexcept = nullptr;

    template <transport T> [[nodiscard]] static transport_ref of(T& t) noexcept {
        return {
            std::addressof(t),
            [](void* self, std::span<std::byte> in) noexcept { return static_cast<T*>(self)->read_some(in); },
            [](void* self, std::span<std::byte const> out) noexcept { return static_cast<T*>(self)->write_some(out); }};
    }
};

/// A transport whose reads take a deadline.
template <class T>
concept reads_until =
    transport<T> && requires(T& t, std::span<std::byte> in, std::chrono::steady_clock::time_point until) {
        { t.read_some_until(in, until) } noexcept -> std::same_as<io_result>;
    };

/// Such a transport together with the deadline.
template <reads_until T> struct until {
    T* transport;
    std::chrono::steady_clock::time_point moment;

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
        return transport->read_some_until(into, moment);
    }
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept { return transport->write_some(from); }
};

/// Owns a transport given as a value; refers to one given as an lvalue.
template <class T> class transport_holder {
public:
    explicit transport_holder(T&& t) noexcept : held_(std::move(t)) {}
    [[nodiscard]] T& operator*() noexcept { return held_; }
    [[nodiscard]] T const& operator*() const noexcept { return held_; }

private:
    T held_;
};

template <class T> class transport_holder<T&> {
public:
    explicit transport_holder(T& t) noexcept : held_(&t) {}
    [[nodiscard]] T& operator*() const noexcept { return *held_; }

private:
    T* held_;
};

} // namespace detail
} // namespace tls

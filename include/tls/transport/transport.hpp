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

/// A transport whose reads can be told until when to wait: what is there is read even beyond that moment.
///
/// Every deadline of twintls then holds, the handshake's too; else a read waits as long as the transport itself does.
template <class T>
concept reads_until =
    transport<T> && requires(T& t, std::span<std::byte> in, std::chrono::steady_clock::time_point until) {
        { t.read_some_until(in, until) } noexcept -> std::same_as<io_result>;
    };

/// The same for writes.
template <class T>
concept writes_until =
    transport<T> && requires(T& t, std::span<std::byte const> out, std::chrono::steady_clock::time_point until) {
        { t.write_some_until(out, until) } noexcept -> std::same_as<io_result>;
    };

/// A transport that says how long the calls of a session may take: `read_timeout` for one that reads, `write_timeout`
/// for one that writes or closes. Each bounds the whole call, however many reads and writes of the transport it makes.
template <class T>
concept has_timeouts = transport<T> && requires(T const& t) {
    { t.read_timeout() } noexcept -> std::same_as<std::chrono::milliseconds>;
    { t.write_timeout() } noexcept -> std::same_as<std::chrono::milliseconds>;
};

/// A transport with one deadline for everything, on top of those for each call: no call of a session goes on beyond it.
template <class T>
concept expires = transport<T> && requires(T const& t) {
    { t.expiry() } noexcept -> std::same_as<std::chrono::steady_clock::time_point>;
};

/// A transport with a clock of its own for its deadlines, instead of the system's steady clock: where there is none, or
/// in a test.
template <class T>
concept keeps_time = transport<T> && requires(T& t) {
    { t.now() } noexcept -> std::same_as<std::chrono::steady_clock::time_point>;
};

/// A time-out that never comes: as long as any can be, which is a year.
inline constexpr std::chrono::milliseconds no_timeout = std::chrono::milliseconds::max();

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

/// A transport that knows the port it is connected to.
template <class T>
concept knows_its_port = requires(T const& t) {
    { t.peer_port() } noexcept -> std::same_as<std::uint16_t>;
};

/// That port, or 0.
template <class T> [[nodiscard]] std::uint16_t port_of([[maybe_unused]] T const& transport) noexcept {
    if constexpr (knows_its_port<T>)
        return transport.peer_port();
    else
        return 0;
}

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

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/framing.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace tls {

/// What went through a transport, both ways.
struct traffic {
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t records_sent = 0;     ///< TLS records whose header has left
    std::uint64_t records_received = 0; ///< TLS records whose header has come
    std::uint64_t round_trips = 0;      ///< how often something came after something had been sent

    /// What came to it since.
    friend constexpr traffic operator-(traffic const& a, traffic const& b) noexcept {
        return {
            a.bytes_sent - b.bytes_sent, a.bytes_received - b.bytes_received, a.records_sent - b.records_sent,
            a.records_received - b.records_received, a.round_trips - b.round_trips};
    }
    friend constexpr bool operator==(traffic const&, traffic const&) noexcept = default;
};

namespace detail {

/// Counts the records that begin in a stream, up to the first byte that is not TLS.
class record_counter {
public:
    [[nodiscard]] std::uint64_t in(std::span<std::byte const> bytes) noexcept {
        std::uint64_t begun = 0;
        while (!lost_) {
            auto const piece = records_.next(bytes);
            if (!piece) break;
            if (!piece->begins) continue;
            lost_ = !is_tls(records_);
            begun += lost_ ? 0 : 1;
        }
        return begun;
    }

private:
    record_splitter records_{};
    bool lost_ = false;
};

} // namespace detail

/// Counts what goes through another transport, and can do whatever that one can.
///
/// Made of the transport and of the `traffic` that it adds to, which must outlive it. A failed attempt to resume, after
/// which a transport connects again, stays counted. As safe to share between threads as the transport.
template <transport Inner> class counting_transport {
public:
    using time_point = std::chrono::steady_clock::time_point;

    counting_transport(Inner inner, traffic& into) noexcept
        : inner_(std::forward<Inner>(inner)),
          count_(std::addressof(into)) {}

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
        return received(inner_.read_some(into), into);
    }
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept {
        return sent(inner_.write_some(from), from);
    }

    // What a transport may be able to do besides.
    [[nodiscard]] io_result read_some_until(std::span<std::byte> into, time_point until) noexcept
        requires reads_until<Inner>
    {
        return received(inner_.read_some_until(into, until), into);
    }
    [[nodiscard]] io_result write_some_until(std::span<std::byte const> from, time_point until) noexcept
        requires writes_until<Inner>
    {
        return sent(inner_.write_some_until(from, until), from);
    }
    [[nodiscard]] std::chrono::milliseconds read_timeout() const noexcept
        requires has_timeouts<Inner>
    {
        return inner_.read_timeout();
    }
    [[nodiscard]] std::chrono::milliseconds write_timeout() const noexcept
        requires has_timeouts<Inner>
    {
        return inner_.write_timeout();
    }
    [[nodiscard]] time_point expiry() const noexcept
        requires expires<Inner>
    {
        return inner_.expiry();
    }
    [[nodiscard]] time_point now() noexcept
        requires keeps_time<Inner>
    {
        return inner_.now();
    }
    [[nodiscard]] bool reconnect() noexcept
        requires reconnecting_transport<Inner>
    {
        sent_ = {}; // another stream of records
        received_ = {};
        asked_ = false;
        return inner_.reconnect();
    }
    [[nodiscard]] std::uint16_t peer_port() const noexcept
        requires detail::knows_its_port<Inner>
    {
        return inner_.peer_port();
    }
    [[nodiscard]] auto native_handle() const noexcept
        requires requires(Inner const& t) {
            { t.native_handle() } noexcept;
        }
    {
        return inner_.native_handle();
    }
    [[nodiscard]] bool reads_until_told() const noexcept {
        return detail::can_be_told(inner_, detail::timed_call::reading);
    }
    [[nodiscard]] bool writes_until_told() const noexcept {
        return detail::can_be_told(inner_, detail::timed_call::writing);
    }

    /// The transport underneath.
    [[nodiscard]] Inner& inner() noexcept { return inner_; }
    [[nodiscard]] Inner const& inner() const noexcept { return inner_; }

private:
    [[nodiscard]] io_result received(io_result r, std::span<std::byte const> into) noexcept {
        if (r.bytes == 0) return r;
        count_->round_trips += std::exchange(asked_, false) ? 1 : 0;
        count_->bytes_received += r.bytes;
        count_->records_received += received_.in(into.first(r.bytes));
        return r;
    }
    [[nodiscard]] io_result sent(io_result r, std::span<std::byte const> from) noexcept {
        if (r.bytes == 0) return r;
        asked_ = true;
        count_->bytes_sent += r.bytes;
        count_->records_sent += sent_.in(from.first(r.bytes));
        return r;
    }

    Inner inner_;
    traffic* count_;
    detail::record_counter sent_{};
    detail::record_counter received_{};
    bool asked_ = false; // sent something, and nothing has come since
};

} // namespace tls

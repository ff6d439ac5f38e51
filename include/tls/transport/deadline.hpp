// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/transport/transport.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace tls::detail {

/// The moment that long after another. The one place where a duration becomes a deadline: less than nothing is nothing,
/// and more than a year is a year, so that no sum overflows; a clock that is near its end has no later moment.
[[nodiscard]] constexpr std::chrono::steady_clock::time_point
moment_after(std::chrono::steady_clock::time_point now, std::chrono::milliseconds duration) noexcept {
    constexpr std::chrono::milliseconds shortest{0};
    constexpr std::chrono::milliseconds longest = std::chrono::years(1);
    constexpr auto end = std::chrono::steady_clock::time_point::max();
    return now > end - longest ? end : now + std::clamp(duration, shortest, longest);
}

/// What time it is for a transport: by its own clock if it has one.
template <transport T> [[nodiscard]] std::chrono::steady_clock::time_point now_of(T& t) noexcept {
    if constexpr (keeps_time<T>)
        return t.now();
    else
        return std::chrono::steady_clock::now();
}

/// The one deadline that a transport has for everything; the end of time if it has none.
template <transport T>
[[nodiscard]] std::chrono::steady_clock::time_point expiry_of([[maybe_unused]] T const& t) noexcept {
    if constexpr (expires<T>)
        return t.expiry();
    else
        return std::chrono::steady_clock::time_point::max();
}

/// What a call is about that has a deadline.
enum class timed_call : std::uint8_t {
    handshake, ///< one of the steps that have a deadline together
    reading,   ///< what is there, even beyond the deadline
    writing,   ///< what can leave at once, even beyond the deadline
};

/// How long a transport allows for a call of a session; `no_timeout` if it says nothing.
template <transport T>
[[nodiscard]] std::chrono::milliseconds timeout_of([[maybe_unused]] T const& t, timed_call what) noexcept {
    if constexpr (has_timeouts<T>)
        return what == timed_call::reading ? t.read_timeout() : t.write_timeout();
    else
        return no_timeout;
}

/// Whether a transport can be told until when to wait; one whose type was forgotten knows it at run time.
template <transport T> [[nodiscard]] bool can_be_told([[maybe_unused]] T const& t, timed_call what) noexcept {
    bool const reads = what == timed_call::reading;
    if constexpr (requires { t.reads_until_told(); })
        return reads ? t.reads_until_told() : t.writes_until_told();
    else
        return reads ? reads_until<T> : writes_until<T>;
}

/// A time-out that a session has instead of its transport's, or none; in four bytes, because sessions are moved often.
class own_timeout {
public:
    own_timeout() noexcept = default;
    own_timeout& operator=(std::chrono::milliseconds t) noexcept {
        milliseconds_ = static_cast<std::int32_t>(std::clamp<std::int64_t>(t.count(), 0, forever));
        return *this;
    }
    [[nodiscard]] bool is_set() const noexcept { return milliseconds_ >= 0; }
    [[nodiscard]] std::chrono::milliseconds value() const noexcept {
        return milliseconds_ == forever ? no_timeout : std::chrono::milliseconds(milliseconds_);
    }

private:
    static constexpr std::int32_t forever = std::numeric_limits<std::int32_t>::max();
    std::int32_t milliseconds_ = -1;
};

/// A transport for the length of one call, bounding the whole call and not each read or write of it.
///
/// A transport that always has something to move is asked again only before the deadline. One that waits is told until
/// when, where it can be told.
template <transport T> class timed_transport {
public:
    timed_transport(T& inner, timed_call what, std::chrono::steady_clock::time_point over) noexcept
        : inner_(&inner),
          over_(std::min(over, expiry_of(inner))),
          what_(what),
          begun_(what == timed_call::handshake) {}

    [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
        // The rest of a record that is there is still read; how much comes without an end is bounded elsewhere.
        if (checks(timed_call::reading) && is_over()) return io_result::timed_out();
        if constexpr (reads_until<T>)
            return inner_->read_some_until(into, wait_at_most(timed_call::reading));
        else
            return inner_->read_some(into);
    }

    [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept {
        bool const answers = what_ == timed_call::reading;
        if (!answers && checks(timed_call::writing) && is_over()) return io_result::timed_out();
        if constexpr (!writes_until<T>) {
            return inner_->write_some(from);
        } else {
            if (!answers) return inner_->write_some_until(from, wait_at_most(timed_call::writing));
            // What a library answers while it reads may wait longer than the read: it is still sent later.
            auto const patient = moment_after(now_of(*inner_), timeout_of(*inner_, timed_call::writing));
            io_result const r = inner_->write_some_until(from, std::min(over_, patient));
            return r.status == io_status::timeout && over_ < patient ? io_result::blocked() : r;
        }
    }

private:
    /// True if the deadline is looked at before each read or write: a handshake's, and that of a transport which cannot
    /// be told. Others are given the deadline and move what can be moved at once.
    [[nodiscard]] bool checks(timed_call single) const noexcept {
        return what_ == timed_call::handshake || !can_be_told(*inner_, single);
    }

    /// True if the deadline has passed and this is not the first thing that the call does.
    [[nodiscard]] bool is_over() noexcept {
        if (begun_) return now_of(*inner_) >= over_;
        begun_ = true;
        return false;
    }

    /// Until when one read or write may wait. A handshake may last longer than a single read or write.
    [[nodiscard]] std::chrono::steady_clock::time_point wait_at_most(timed_call single) noexcept {
        if (what_ != timed_call::handshake) return over_;
        return std::min(over_, moment_after(now_of(*inner_), timeout_of(*inner_, single)));
    }
    T* inner_;
    std::chrono::steady_clock::time_point over_;
    timed_call what_;
    bool begun_; // the deadline counts from the start, and a deadline of zero still moves what can be moved at once
};

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/connection/second_attempt.hpp>
#include <tls/core/misuse.hpp>
#include <tls/credentials/awaited_signature.hpp>
#include <tls/session.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls {

template <backend Backend> class client;

/// What every handshake in progress does: see `handshake` and `any_handshake`.
///
/// It has no way to read or write: completing it yields the session. Move-only; dropping it abandons the connection.
template <class Connection, class Transport, class Again, class Session> class basic_handshake {
public:
    basic_handshake(basic_handshake const&) = delete;
    basic_handshake& operator=(basic_handshake const&) = delete;
    basic_handshake(basic_handshake&&) noexcept = default;
    basic_handshake& operator=(basic_handshake&&) noexcept = default;
    ~basic_handshake() = default;

    /// Goes as far as the transport lets it; returns the session when the handshake is complete.
    ///
    /// If the server refuses the very attempt to resume a session and the transport can connect again
    /// (`reconnecting_transport`), a full handshake follows on a new connection. Once it has returned a session, this
    /// object answers `spent`. Errors: `want_read` and `want_write` mean that the transport must become readable or
    /// writable before the next step, `want_signature` that a signature is wanted; every other error is final and
    /// repeats. After the client's `handshake_timeout`, counted from the first step, that error is `timeout`.
    [[nodiscard]] result<Session> step() noexcept {
        if (spent_) {
            error e;
            e.code = errc::spent;
            e.phase = phase::handshake;
            return std::unexpected(e);
        }
        if (!deadline_) deadline_ = detail::moment_after(detail::now_of(*transport_), timeout_);
        auto done = go_on();
        if (!done && start_over()) done = go_on();
        if (!done) return std::unexpected(done.error());
        spent_ = true;
        return Session(std::move(connection_), std::move(transport_));
    }

    /// What is to be signed, after `want_signature`; nothing at any other time. Valid until the next step.
    [[nodiscard]] std::optional<signature_request> wanted_signature() const noexcept {
        return connection_.wanted_signature();
    }
    /// Brings the signature that is wanted; the next step goes on with it.
    ///
    /// Errors: signing_failed if none is wanted, or if our certificate's key has not made this one for what is wanted;
    /// out_of_memory. Nothing was taken then, and another may be brought.
    [[nodiscard]] result<void> give_signature(std::span<std::byte const> made) noexcept {
        return connection_.give_signature(made);
    }
    /// Says that the signature that is wanted does not come: the next step tells the server and answers
    /// `signing_failed`, with this reason in `error::about`.
    void refuse_signature(std::string_view why) noexcept {
        waits_for_signature_ = false;
        connection_.refuse_signature(why);
    }

    /// The transport underneath, to wait on.
    [[nodiscard]] auto& transport() noexcept { return *transport_; }

    /// When the handshake must be over, for a program that waits itself: from then on `step` answers `timeout`. Known
    /// after the first step; by the transport's clock if it keeps time.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept { return deadline_; }

    // Never callable; see <tls/core/misuse.hpp>.
    void read_some(auto&&...)
        requires step_the_handshake_until_it_returns_the_session<basic_handshake>;
    void write_some(auto&&...)
        requires step_the_handshake_until_it_returns_the_session<basic_handshake>;
    void write_all(auto&&...)
        requires step_the_handshake_until_it_returns_the_session<basic_handshake>;

protected:
    basic_handshake(
        Connection c, detail::transport_holder<Transport> t, Again again, std::chrono::milliseconds timeout) noexcept
        : connection_(std::move(c)),
          transport_(std::move(t)),
          again_(std::move(again)),
          timeout_(timeout) {}

private:
    [[nodiscard]] result<void> go_on() noexcept {
        using over = std::remove_reference_t<Transport>;
        // The transport cannot tell: it is not asked while a signature is waited for, and is not what was late.
        auto const is_late = [this]() noexcept {
            return waits_for_signature_ &&
                   detail::now_of(*transport_) >= std::min(*deadline_, detail::expiry_of(*transport_));
        };
        if (is_late()) return connection_.times_out();
        detail::timed_transport<over> timed(*transport_, detail::timed_call::handshake, *deadline_);
        auto const done = connection_.handshake(detail::transport_ref::of(timed));
        waits_for_signature_ = !done && done.error() == errc::want_signature;
        return is_late() ? connection_.times_out() : done;
    }

    /// The time that it takes to connect again does not count.
    [[nodiscard]] bool start_over() noexcept {
        auto const before = detail::now_of(*transport_);
        if (!again_.start_over(connection_, *transport_)) return false;
        *deadline_ += detail::now_of(*transport_) - before;
        return true;
    }

    Connection connection_;
    detail::transport_holder<Transport> transport_;
    [[no_unique_address]] Again again_;
    std::chrono::milliseconds timeout_;
    std::optional<std::chrono::steady_clock::time_point> deadline_;
    bool waits_for_signature_ = false;
    bool spent_ = false;
};

namespace detail {

template <backend Backend, class Transport>
using handshake_of = basic_handshake<
    connection<Backend>, Transport, second_attempt<Backend, std::remove_reference_t<Transport>>,
    session<Backend, Transport>>;

} // namespace detail

/// A handshake in progress, to be stepped by a program that does not block. `basic_handshake` says what it does.
template <backend Backend, class Transport> class handshake : public detail::handshake_of<Backend, Transport> {
    friend class client<Backend>;

    using second_attempt = detail::second_attempt<Backend, std::remove_reference_t<Transport>>;

    handshake(
        detail::connection<Backend> c, detail::transport_holder<Transport> t, second_attempt again,
        std::chrono::milliseconds timeout) noexcept
        : detail::handshake_of<Backend, Transport>(std::move(c), std::move(t), std::move(again), timeout) {}
};

} // namespace tls

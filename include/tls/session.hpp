// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/core/acceptance.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace tls {

template <backend Backend> class client;
template <backend Backend, class Transport> class handshake;

/// An established connection: what `client::connect` and `handshake::step` return.
///
/// Move-only; the C object behind it goes with it. The transport is owned, or referred to if it was given as an lvalue.
/// Not safe to use from two threads at once; sessions of one client may run in different threads. Destroying a session
/// does no I/O: call `close()` first if the peer should know that nothing was cut off.
template <backend Backend, class Transport> class session {
public:
    session(session const&) = delete; // one connection, one session: hand it on with std::move
    session& operator=(session const&) = delete;
    session(session&&) noexcept = default;
    session& operator=(session&&) noexcept = default;
    ~session() = default;

    /// Reads at least one byte.
    ///
    /// The count is zero only for an empty buffer, which reads nothing. Errors: `closed` (the peer's authenticated
    /// close_notify: everything arrived), `truncated` (the stream ended without one), `want_read` (a non-blocking
    /// transport has nothing), `timeout` (the transport's `read_timeout` for the whole call, however many records came
    /// that had nothing for the caller; reading may go on later), and failures. `want_read` and `timeout` alone do not
    /// repeat. Reading works after our own `close()`. RFC 8446 section 6.1.
    [[nodiscard]] result<std::size_t> read_some(std::span<std::byte> into) noexcept {
        return within(
            detail::timed_call::reading, [&](detail::transport_ref t) noexcept { return connection_.read(t, into); });
    }

    /// Writes at least one byte, at most one record (16 KiB).
    ///
    /// The bytes counted are encrypted and on their way: what the transport does not take now is sent first by the next
    /// call. The count is zero only for an empty buffer, which sends nothing. Errors: `want_write` (earlier bytes still
    /// wait; nothing of this call was taken), `not_writable` after `close()`, `timeout` (the transport's
    /// `write_timeout` for the whole call), and failures; all but `want_write` repeat.
    [[nodiscard]] result<std::size_t> write_some(std::span<std::byte const> from) noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.write(t, from); });
    }

    /// Writes everything; each record has a `write_timeout` of its own.
    ///
    /// Errors as `write_some`; `error::transferred` counts the bytes taken before. On a transport that answers
    /// would_block this may stop with `want_write`: go on with the rest from there.
    [[nodiscard]] result<void> write_all(std::span<std::byte const> from) noexcept {
        std::uint64_t taken = 0;
        while (taken < from.size()) {
            auto const n = write_some(from.subspan(static_cast<std::size_t>(taken)));
            if (!n) {
                error e = n.error();
                e.transferred = taken;
                return std::unexpected(e);
            }
            taken += *n;
        }
        return {};
    }

    /// Sends what a non-blocking transport has not taken yet. Errors: `want_write` if some still waits, and failures.
    [[nodiscard]] result<void> flush() noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.flush(t); });
    }

    /// True if written bytes still wait for the transport.
    [[nodiscard]] bool unsent() const noexcept { return connection_.unsent(); }

    /// Sends close_notify and does not wait for the peer's. Nothing can be written afterwards; reading still works.
    ///
    /// Takes no longer than the transport's `write_timeout`. May be called again, and must be after `want_write`.
    /// Errors: `want_write`, and how the connection failed before.
    [[nodiscard]] result<void> close() noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.close(t); });
    }

    /// Bytes that the next read returns without touching the transport; ask before waiting in `poll`.
    [[nodiscard]] std::size_t pending() const noexcept { return connection_.pending(); }

    /// Waits until it is known whether the server accepts our certificate, or our having none.
    ///
    /// Under TLS 1.3 a server judges it after our handshake is complete, and its refusal would otherwise be met by the
    /// first read. Waits for the server's first bytes after the handshake: a session ticket, data, or its alert.
    /// Accepted at once, without reading, under TLS 1.2 (the handshake says so) and where no certificate was requested.
    /// `unknown` if nothing came until the deadline: many servers have nothing to say before the first request. A
    /// refusal is the error that reading would give, usually peer_rejected_certificate with the alert; so are
    /// `closed`, `truncated` and failures. No data is lost: it is there for the next read. The answer, once known,
    /// repeats; after `unknown` call again. A deadline of zero only looks at what is there.
    ///
    /// The deadline holds on a `tcp_stream`, and on any transport with `read_some_until(span, time_point)`; others wait
    /// as they always do, and `unknown` is their would_block or timeout. One limit: a server that sends data before it
    /// has judged us ("0.5-RTT" data, before our Finished) counts as having accepted. RFC 8446 sections 2 and 4.4.2.
    [[nodiscard]] result<acceptance> confirm_accepted(std::chrono::milliseconds deadline) noexcept {
        using over = std::remove_reference_t<Transport>;
        if constexpr (reads_until<over>) {
            auto const moment = detail::moment_after(detail::now_of(*transport_), deadline);
            detail::timed_transport<over> timed(*transport_, detail::timed_call::looking, moment);
            return connection_.confirm(detail::transport_ref::of(timed));
        } else {
            return connection_.confirm(detail::transport_ref::of(*transport_));
        }
    }

    /// A ticket for a later connection to the same server, the oldest first; nothing if there is none (yet).
    ///
    /// For clients with `.resumption(own_tickets)`; with a ticket store, tickets go there by themselves. Servers of TLS
    /// 1.3 send tickets when they please, so they are found by reading; of TLS 1.2 there is one once the handshake is
    /// complete. Up to four wait here, then the oldest is dropped.
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept { return connection_.take_ticket(); }

    /// What the handshake negotiated. Views in it live as long as the session.
    ///
    /// The server's certificate is read at the first call, and kept read from then on in 136 bytes.
    [[nodiscard]] tls::facts facts() noexcept { return connection_.facts(); }

    /// The transport underneath, for its own settings (deadlines, descriptor). Do not read or write through it.
    [[nodiscard]] auto& transport() noexcept { return *transport_; }

private:
    friend class handshake<Backend, Transport>;

    session(detail::connection<Backend> c, detail::transport_holder<Transport> t) noexcept
        : connection_(std::move(c)),
          transport_(std::move(t)) {}

    /// Does something with the transport, within the time that it allows for such a call.
    template <class Call> auto within(detail::timed_call what, Call call) noexcept {
        using over = std::remove_reference_t<Transport>;
        if constexpr (has_timeouts<over>) {
            bool const reads = what == detail::timed_call::reading;
            auto const allowed = reads ? (*transport_).read_timeout() : (*transport_).write_timeout();
            auto const moment = detail::moment_after(detail::now_of(*transport_), allowed);
            detail::timed_transport<over> timed(*transport_, what, moment);
            return call(detail::transport_ref::of(timed));
        } else {
            return call(detail::transport_ref::of(*transport_));
        }
    }

    detail::connection<Backend> connection_;
    detail::transport_holder<Transport> transport_;
};

} // namespace tls

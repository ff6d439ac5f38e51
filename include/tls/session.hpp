// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/connection/gathered.hpp>
#include <tls/connection/mistakes.hpp>
#include <tls/core/acceptance.hpp>
#include <tls/core/bytes.hpp>
#include <tls/transport/deadline.hpp>
#include <tls/transport/transport.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tls {

template <class Connection, class Transport, class Again, class Session> class basic_handshake;

/// What every session does, over whatever connection and transport: see `session` and `any_session`.
///
/// Move-only; the C object behind it goes with it. The transport is owned, or referred to if it was given as an lvalue.
/// Not safe to use from two threads at once; sessions of one client may run in different threads. Destroying a session
/// does no I/O: call `close()` first if the peer should know that nothing was cut off.
template <class Connection, class Transport> class basic_session : detail::mistaken_io {
public:
    using mistaken_io::read_some;
    using mistaken_io::write_all;
    using mistaken_io::write_some;

    basic_session(basic_session const&) = delete; // one connection, one session: hand it on with std::move
    basic_session& operator=(basic_session const&) = delete;
    basic_session(basic_session&&) noexcept = default;
    basic_session& operator=(basic_session&&) noexcept = default;
    ~basic_session() = default;

    /// Reads at least one byte.
    ///
    /// The count is zero only for an empty buffer, which reads nothing. Errors: `closed` (the peer's authenticated
    /// close_notify: everything arrived), `truncated` (the stream ended without one), `want_read` (a non-blocking
    /// transport has nothing), `timeout` (`read_timeout` for the whole call, however many records came that had nothing
    /// for the caller; reading may go on later), and failures. `want_read` and `timeout` alone do not repeat. Reading
    /// works after our own `close()`. RFC 8446 section 6.1.
    [[nodiscard]] result<std::size_t> read_some(std::span<std::byte> into) noexcept {
        return within(
            detail::timed_call::reading, [&](detail::transport_ref t) noexcept { return connection_.read(t, into); });
    }
    /// As above, into characters.
    template <detail::characters_or_octets Buffer> [[nodiscard]] result<std::size_t> read_some(Buffer&& into) noexcept {
        return read_some(detail::writable_bytes_of(into));
    }

    /// Writes at least one byte, at most one record (16 KiB).
    ///
    /// The bytes counted are encrypted and on their way: what the transport does not take now is sent first by the next
    /// call. The count is zero only for an empty buffer, which sends nothing. Errors: `want_write` (earlier bytes still
    /// wait; nothing of this call was taken), `timeout` (`write_timeout` for the whole call; `error::transferred`
    /// counts the bytes that were taken all the same, so go on behind them), `not_writable` after `close()`, and
    /// failures. `want_write` and `timeout` alone do not repeat.
    [[nodiscard]] result<std::size_t> write_some(std::span<std::byte const> from) noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.write(t, from); });
    }
    /// As above, of characters. Of an array, a literal for example, the last one is not written if it is NUL.
    template <detail::text_or_octets Data> [[nodiscard]] result<std::size_t> write_some(Data const& from) noexcept {
        return write_some(detail::bytes_of(from));
    }
    /// As above, of several pieces one after the other, which share records: a header and its body become one.
    ///
    /// A record that begins with less than its fill has a copy made of up to 16 KiB, wiped at once; where memory runs
    /// out, a piece has a record for itself.
    [[nodiscard]] result<std::size_t> write_some(std::span<std::span<std::byte const> const> pieces) noexcept {
        return write_some(detail::gathered(pieces, 0).bytes());
    }

    /// Writes everything; each record has a `write_timeout` of its own.
    ///
    /// Errors as `write_some`; `error::transferred` counts the bytes taken in all. After `want_write`, which a
    /// transport that answers would_block brings about, and after `timeout`: go on with the rest from there.
    [[nodiscard]] result<void> write_all(std::span<std::byte const> from) noexcept {
        return write_until_empty([&](std::uint64_t taken) noexcept {
            auto const rest = from.subspan(static_cast<std::size_t>(taken));
            return rest.empty() ? result<std::size_t>(0) : write_some(rest);
        });
    }
    /// As above, of characters. Of an array, a literal for example, the last one is not written if it is NUL.
    template <detail::text_or_octets Data> [[nodiscard]] result<void> write_all(Data const& from) noexcept {
        return write_all(detail::bytes_of(from));
    }
    /// As above, of several pieces that share records.
    [[nodiscard]] result<void> write_all(std::span<std::span<std::byte const> const> pieces) noexcept {
        return write_until_empty([&](std::uint64_t taken) noexcept {
            detail::gathered const next(pieces, taken);
            return next.bytes().empty() ? result<std::size_t>(0) : write_some(next.bytes());
        });
    }

    /// Sends what the transport has not taken yet. Errors: `want_write` or `timeout` if some still waits, and failures.
    [[nodiscard]] result<void> flush() noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.flush(t); });
    }

    /// True if written bytes still wait for the transport.
    [[nodiscard]] bool unsent() const noexcept { return connection_.unsent(); }

    /// Sends close_notify and does not wait for the peer's. Nothing can be written afterwards; reading still works.
    ///
    /// Takes no longer than `write_timeout`. May be called again, and must be after `want_write` and `timeout`, which
    /// mean that it has not left. Other errors: how the connection failed before.
    [[nodiscard]] result<void> close() noexcept {
        return within(
            detail::timed_call::writing, [&](detail::transport_ref t) noexcept { return connection_.close(t); });
    }

    /// Bytes that the next read returns without touching the transport; ask before waiting in `poll`.
    [[nodiscard]] std::size_t pending() const noexcept { return connection_.pending(); }

    /// Changes how long each call that reads may take, from the next one on; zero only takes what is there, and more
    /// than three weeks is no time-out. At first it is what the transport says.
    ///
    /// Holds as far as the transport returns or can be told when to (`reads_until`, `writes_until`).
    void set_read_timeout(std::chrono::milliseconds in_all) noexcept { read_timeout_ = in_all; }
    /// The same for calls that write or close.
    void set_write_timeout(std::chrono::milliseconds in_all) noexcept { write_timeout_ = in_all; }

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
            detail::timed_transport<over> timed(*transport_, detail::timed_call::reading, moment);
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

    /// Derives keying material that only this connection's two ends can know (RFC 5705, RFC 8446 section 7.5).
    ///
    /// For clients with `.exporter()`. `label` says what it is for: 1 to 48 bytes, not one that TLS uses itself;
    /// protocols register theirs, and yours begins with "EXPERIMENTAL". `context` is mixed in; none and an empty one
    /// differ under TLS 1.2. 1 to 8160 bytes come out; under TLS 1.2 label and context have at most 62 bytes together.
    /// Wipe them when they are no longer needed. Errors: not_exportable, and `about` says why: also under TLS 1.2 with
    /// a server that lacks extended master secret (RFC 7627), because another connection could have the same secrets;
    /// out_of_memory.
    [[nodiscard]] result<void> export_keying_material(
        std::string_view label, std::optional<std::span<std::byte const>> context, std::span<std::byte> into) noexcept {
        return connection_.export_keying_material({.label = label, .context = context, .into = into});
    }

    /// The channel binding "tls-exporter" (RFC 9266), for authentication inside the connection: it differs for whoever
    /// is in the middle. For clients with `.exporter()`; errors as `export_keying_material`.
    [[nodiscard]] result<std::array<std::byte, 32>> channel_binding() noexcept {
        return detail::channel_binding_of(connection_);
    }

    /// The transport underneath, for its own settings (deadlines, descriptor). Do not read or write through it.
    [[nodiscard]] auto& transport() noexcept { return *transport_; }

protected:
    basic_session(Connection c, detail::transport_holder<Transport> t) noexcept
        : connection_(std::move(c)),
          transport_(std::move(t)) {}

private:
    /// Writes what comes after the bytes already taken, again and again until that is nothing.
    template <class Write> [[nodiscard]] static result<void> write_until_empty(Write write) noexcept {
        for (std::uint64_t taken = 0;;) {
            auto n = write(taken);
            taken += n ? *n : n.error().transferred;
            if (!n) {
                n.error().transferred = taken;
                return std::unexpected(n.error());
            }
            if (*n == 0) return {};
        }
    }

    /// Does something with the transport, within the time that is allowed for such a call.
    template <class Call> auto within(detail::timed_call what, Call call) noexcept {
        using over = std::remove_reference_t<Transport>;
        auto const& own = what == detail::timed_call::reading ? read_timeout_ : write_timeout_;
        if (has_timeouts<over> || expires<over> || own.is_set()) {
            auto const allowed = own.is_set() ? own.value() : detail::timeout_of(*transport_, what);
            auto const moment = detail::moment_after(detail::now_of(*transport_), allowed);
            detail::timed_transport<over> timed(*transport_, what, moment);
            return call(detail::transport_ref::of(timed));
        }
        return call(detail::transport_ref::of(*transport_));
    }

    Connection connection_;
    detail::transport_holder<Transport> transport_;
    detail::own_timeout read_timeout_; // instead of the transport's
    detail::own_timeout write_timeout_;
};

/// An established connection: what `client::connect` and `handshake::step` return. `basic_session` says what it does.
template <backend Backend, class Transport>
class session : public basic_session<detail::connection<Backend>, Transport> {
public:
    session(session const&) = delete; // one connection, one session: hand it on with std::move
    session& operator=(session const&) = delete;
    session(session&&) noexcept = default;
    session& operator=(session&&) noexcept = default;
    ~session() = default;

private:
    template <class, class, class, class> friend class basic_handshake;

    session(detail::connection<Backend> c, detail::transport_holder<Transport> t) noexcept
        : basic_session<detail::connection<Backend>, Transport>(std::move(c), std::move(t)) {}
};

} // namespace tls

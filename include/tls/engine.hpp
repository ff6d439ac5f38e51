// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/connection/gathered.hpp>
#include <tls/connection/mistakes.hpp>
#include <tls/core/byte_queue.hpp>
#include <tls/core/bytes.hpp>
#include <tls/core/limits.hpp>
#include <tls/credentials/awaited_signature.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace tls {

template <backend Backend> class client;

/// What every engine does: see `engine` and `any_engine`. The same protocol as a session with no I/O at all: the caller
/// carries the bytes.
///
/// `feed` what arrived, call `handshake`, `read_some` or `write_some`, and send what `drain` gives. Every call answers
/// as on a non-blocking transport: `want_read` means "feed more", and `want_signature` that the handshake waits for
/// one. There is no deadline: whoever carries the bytes knows the time. Move-only; not safe to use from two threads at
/// once.
template <class Connection> class basic_engine : detail::mistaken_io {
public:
    using mistaken_io::read_some;
    using mistaken_io::write_some;

    basic_engine(basic_engine const&) = delete;
    basic_engine& operator=(basic_engine const&) = delete;
    basic_engine(basic_engine&&) noexcept = default;
    basic_engine& operator=(basic_engine&&) noexcept = default;
    ~basic_engine() = default;

    /// Takes bytes from the peer. Errors, and then none were taken: out_of_memory, and how reading has ended.
    ///
    /// They wait in memory until `handshake` or `read_some` takes them, so feed only what you then let it take:
    /// `unread` counts what waits.
    [[nodiscard]] result<void> feed(std::span<std::byte const> arrived) noexcept {
        if (auto const taking = takes(); !taking) return taking;
        if (!queues_.in.push(arrived)) return std::unexpected(not_now(errc::out_of_memory, phase::reading));
        return {};
    }

    /// Memory of `size` bytes for what comes from the peer next, which saves the copy that `feed` makes: read into it,
    /// then call `fed`. Errors as of `feed`.
    ///
    /// It stays where it is, whatever is read and written meanwhile and also if the engine is moved, until the next
    /// `room`, `feed` or `fed`. So a read into it may be in progress all the while.
    [[nodiscard]] result<std::span<std::byte>> room(std::size_t size) noexcept {
        if (auto const taking = takes(); !taking) return std::unexpected(taking.error());
        std::byte* const place = queues_.in.room(size);
        if (place == nullptr && size != 0) return std::unexpected(not_now(errc::out_of_memory, phase::reading));
        return std::span(place, size);
    }
    /// Takes the first `n` bytes of what `room` gave, at most all of it; nothing if no room was given.
    void fed(std::size_t n) noexcept { queues_.in.fill(n); }

    /// How many of the bytes that were fed still wait to be taken.
    [[nodiscard]] std::size_t unread() const noexcept { return queues_.in.size(); }

    /// Says that the peer's bytes have ended; unless a close_notify came first, reading then answers `truncated`.
    void feed_end() noexcept {
        if (queues_.end == io_status::ok) queues_.end = io_status::end;
    }

    /// Says that the transport broke, with its errno or own code: what was fed is still read, an alert of the peer
    /// among it, then everything answers `io_error` with that code. A reset is this, and never an end.
    void feed_failure(std::int32_t system) noexcept {
        if (queues_.end == io_status::failed) return;
        queues_.end = io_status::failed;
        queues_.system = system;
    }

    /// The bytes to send to the peer, oldest first; empty if there are none. Call `drained` for those sent, and ask
    /// again: more may wait behind them.
    ///
    /// They stay where they are, whatever is fed, read and written meanwhile, until `drained` has counted them or the
    /// engine is gone; a move of the engine changes nothing either. So a write of them may be in progress all the
    /// while.
    [[nodiscard]] std::span<std::byte const> drain() noexcept {
        queues_.shown = !queues_.out.empty();
        return queues_.out.front();
    }

    /// Drops the first `n` bytes of what `drain` showed.
    ///
    /// Of answers to what the peer asks for (key updates) 128 KiB wait at most, and then `read_some` ends with
    /// `flooded`: they have to leave before more is read.
    void drained(std::size_t n) noexcept {
        queues_.drop(n);
        if (queues_.unsent() == 0 && connection_.established() && connection_.unsent())
            (void)connection_.flush(port(calls::writing));
    }

    /// How many bytes wait to be drained.
    [[nodiscard]] std::size_t unsent() const noexcept { return queues_.unsent(); }

    /// From so many waiting bytes on `write_some` takes no more and answers `want_write`; at first 64 KiB. Up to one
    /// record more may wait.
    void set_unsent_limit(std::size_t bytes) noexcept { queues_.limit = bytes; }

    /// Goes on with the handshake. Errors: `want_read`, `want_signature`; every other error is final.
    [[nodiscard]] result<void> handshake() noexcept { return connection_.handshake(port(calls::writing)); }

    /// As `basic_handshake::wanted_signature`.
    [[nodiscard]] std::optional<signature_request> wanted_signature() const noexcept {
        return connection_.wanted_signature();
    }
    /// As `basic_handshake::give_signature`.
    [[nodiscard]] result<void> give_signature(std::span<std::byte const> made) noexcept {
        return connection_.give_signature(made);
    }
    /// As `basic_handshake::refuse_signature`.
    void refuse_signature(std::string_view why) noexcept { connection_.refuse_signature(why); }

    /// As `basic_session::read_some`.
    [[nodiscard]] result<std::size_t> read_some(std::span<std::byte> into) noexcept {
        if (connection_.in_handshake()) return std::unexpected(handshake_wants());
        return connection_.read(port(calls::reading), into);
    }
    template <detail::characters_or_octets Buffer> [[nodiscard]] result<std::size_t> read_some(Buffer&& into) noexcept {
        return read_some(detail::writable_bytes_of(into));
    }

    /// As `basic_session::write_some`. Errors also: `want_write` while more waits than `set_unsent_limit` says.
    [[nodiscard]] result<std::size_t> write_some(std::span<std::byte const> from) noexcept {
        bool const usable = connection_.refusal() == errc::ok && connection_.end() == nullptr;
        if (usable && queues_.unsent() >= queues_.limit)
            return std::unexpected(not_now(errc::want_write, phase::writing));
        return write(from);
    }
    template <detail::text_or_octets Data> [[nodiscard]] result<std::size_t> write_some(Data const& from) noexcept {
        return write_some(detail::bytes_of(from));
    }
    [[nodiscard]] result<std::size_t> write_some(std::span<std::span<std::byte const> const> pieces) noexcept {
        return write_some(detail::gathered(pieces, 0).bytes());
    }

    /// The former name of `read_some`, kept for this release.
    [[nodiscard]] result<std::size_t> read(std::span<std::byte> into) noexcept { return read_some(into); }

    /// The former name of `write_some`, kept for this release; without its limit, so never `want_write`.
    [[nodiscard]] result<std::size_t> write(std::span<std::byte const> from) noexcept {
        if (connection_.in_handshake()) return std::unexpected(handshake_wants());
        return connection_.write(port(calls::writing), from);
    }

    /// As `basic_session::close`.
    [[nodiscard]] result<void> close() noexcept {
        if (connection_.in_handshake()) return std::unexpected(handshake_wants());
        return connection_.close(port(calls::writing));
    }

    /// As `basic_session::pending`: decrypted bytes that the next read returns without being fed.
    [[nodiscard]] std::size_t pending() const noexcept { return connection_.pending(); }

    /// As `basic_session::confirm_accepted`, judging by what was fed: `unknown` means "feed more".
    [[nodiscard]] result<acceptance> confirm() noexcept {
        if (connection_.in_handshake()) return std::unexpected(handshake_wants());
        return connection_.confirm(port(calls::reading));
    }

    /// As `basic_session::take_ticket`.
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept { return connection_.take_ticket(); }

    /// True when the handshake is complete.
    [[nodiscard]] bool established() const noexcept { return connection_.established(); }

    /// As `basic_session::facts`.
    [[nodiscard]] tls::facts facts() noexcept { return connection_.facts(); }

    /// As `basic_session::export_keying_material`.
    [[nodiscard]] result<void> export_keying_material(
        std::string_view label, std::optional<std::span<std::byte const>> context, std::span<std::byte> into) noexcept {
        return connection_.export_keying_material({.label = label, .context = context, .into = into});
    }
    /// As `basic_session::channel_binding`.
    [[nodiscard]] result<std::array<std::byte, 32>> channel_binding() noexcept {
        return detail::channel_binding_of(connection_);
    }

protected:
    explicit basic_engine(Connection c) noexcept : connection_(std::move(c)) {}

    void record_into(flight_recorder& recorder) noexcept { connection_.record_into(recorder); }

private:
    enum class calls : std::uint8_t { reading, writing };

    /// What the connection takes for its transport.
    struct queues {
        detail::byte_queue in;
        detail::byte_queue out;   // what `drain` shows
        detail::byte_queue later; // what came while it was shown, because that must stay where it is
        std::size_t limit = limits::unsent_data;
        std::int32_t system = 0;
        io_status end = io_status::ok; // how the transport ended: ok, end or failed
        bool shown = false;
        bool answers = false; // what is written answers what was read

        [[nodiscard]] std::size_t unsent() const noexcept { return out.size() + later.size(); }

        void drop(std::size_t n) noexcept {
            out.pop(n);
            if (!out.empty()) return;
            std::swap(out, later);
            shown = false;
        }

        [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
            if (in.empty()) return at_the_end();
            std::size_t const n = std::min(into.size(), in.size());
            std::memcpy(into.data(), in.front().data(), n);
            in.pop(n);
            return io_result::moved(n);
        }

        [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept {
            if (end == io_status::failed) return io_result::broken(system);
            if (answers && unsent() + from.size() > limits::unsent_answers) return io_result::blocked();
            return (shown ? later : out).push(from) ? io_result::moved(from.size()) : io_result::broken(ENOMEM);
        }

    private:
        [[nodiscard]] io_result at_the_end() const noexcept {
            switch (end) {
            case io_status::end: return io_result::at_end();
            case io_status::failed: return io_result::broken(system);
            default: return io_result::blocked();
            }
        }
    };

    [[nodiscard]] detail::transport_ref port(calls what) noexcept {
        queues_.answers = what == calls::reading;
        return detail::transport_ref::of(queues_);
    }

    /// The error if nothing is read any more.
    [[nodiscard]] result<void> takes() noexcept {
        errc const barred = connection_.refusal();
        if (error const* const end = connection_.end()) return std::unexpected(*end);
        if (barred == errc::ok) return {};
        return std::unexpected(not_now(barred, phase::reading));
    }

    /// What is waited for before anything but the handshake can go on.
    [[nodiscard]] error handshake_wants() const noexcept {
        return not_now(connection_.wanted_signature() ? errc::want_signature : errc::want_read, phase::handshake);
    }

    [[nodiscard]] static error not_now(errc code, phase p) noexcept {
        error e;
        e.code = code;
        e.phase = p;
        return e;
    }

    Connection connection_;
    queues queues_;
};

/// A connection without I/O: what `client::engine` returns. `basic_engine` says what it does.
template <backend Backend> class engine : public basic_engine<detail::connection<Backend>> {
    friend class client<Backend>;

    explicit engine(detail::connection<Backend> c) noexcept : basic_engine<detail::connection<Backend>>(std::move(c)) {}
};

} // namespace tls

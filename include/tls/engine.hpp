// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/connection/connection.hpp>
#include <tls/core/byte_queue.hpp>
#include <tls/core/limits.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

namespace tls {

template <backend Backend> class client;

/// The same protocol with no I/O at all: the caller carries the bytes.
///
/// `feed` what arrived, call `handshake`, `read` or `write`, and send what `drain` gives. Every call answers as on a
/// non-blocking transport: `want_read` means "feed more". Move-only; not safe to use from two threads at once.
template <backend Backend> class engine {
public:
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;
    engine(engine&&) noexcept = default;
    engine& operator=(engine&&) noexcept = default;
    ~engine() = default;

    /// Takes bytes from the peer. Errors, and then none were taken: out_of_memory, and how reading has ended.
    ///
    /// They wait in memory until `handshake` or `read` takes them, so feed only what you then let it take: `unread`
    /// counts what waits.
    [[nodiscard]] result<void> feed(std::span<std::byte const> arrived) noexcept {
        errc const barred = connection_.refusal();
        if (error const* const end = connection_.end()) return std::unexpected(*end);
        if (barred == errc::ok && queues_.in.push(arrived)) return {};
        error e;
        e.code = barred != errc::ok ? barred : errc::out_of_memory;
        e.phase = phase::reading;
        return std::unexpected(e);
    }

    /// How many of the bytes that were fed still wait to be taken.
    [[nodiscard]] std::size_t unread() const noexcept { return queues_.in.size(); }

    /// Says that the peer's bytes have ended; unless a close_notify came first, reading then answers `truncated`.
    void feed_end() noexcept { queues_.ended = true; }

    /// The bytes to send to the peer, oldest first; valid until the next call. Call `drained` for those sent.
    [[nodiscard]] std::span<std::byte const> drain() const noexcept { return queues_.out.front(); }

    /// Drops the first `n` bytes of what `drain` showed.
    ///
    /// What you write waits there without limit; of the answers to what the peer asks for (key updates) 128 KiB, and
    /// then `read` ends with `flooded`: they have to leave before more is read.
    void drained(std::size_t n) noexcept {
        queues_.out.pop(n);
        if (queues_.out.empty() && connection_.established() && connection_.unsent()) (void)connection_.flush(port());
    }

    /// Goes on with the handshake. Errors: `want_read`; every other error is final.
    [[nodiscard]] result<void> handshake() noexcept { return connection_.handshake(port()); }

    /// As `session::read_some`.
    [[nodiscard]] result<std::size_t> read(std::span<std::byte> into) noexcept {
        if (connection_.in_handshake()) return std::unexpected(too_early());
        return connection_.read(port(true), into);
    }

    /// As `session::write_some`; never `want_write`.
    [[nodiscard]] result<std::size_t> write(std::span<std::byte const> from) noexcept {
        if (connection_.in_handshake()) return std::unexpected(too_early());
        return connection_.write(port(), from);
    }

    /// As `session::close`.
    [[nodiscard]] result<void> close() noexcept {
        if (connection_.in_handshake()) return std::unexpected(too_early());
        return connection_.close(port());
    }

    /// As `session::confirm_accepted`, judging by what was fed: `unknown` means "feed more".
    [[nodiscard]] result<acceptance> confirm() noexcept {
        if (connection_.in_handshake()) return std::unexpected(too_early());
        return connection_.confirm(port(true));
    }

    /// As `session::take_ticket`.
    [[nodiscard]] std::optional<ticket> take_ticket() noexcept { return connection_.take_ticket(); }

    /// True when the handshake is complete.
    [[nodiscard]] bool established() const noexcept { return connection_.established(); }

    /// As `session::facts`.
    [[nodiscard]] tls::facts facts() noexcept { return connection_.facts(); }

private:
    friend class client<Backend>;

    struct queues {
        detail::byte_queue in;
        detail::byte_queue out;
        bool ended = false;
        bool answers = false; // what is written answers what was read

        [[nodiscard]] io_result read_some(std::span<std::byte> into) noexcept {
            if (in.empty()) return ended ? io_result::at_end() : io_result::blocked();
            std::size_t const n = std::min(into.size(), in.size());
            std::memcpy(into.data(), in.front().data(), n);
            in.pop(n);
            return io_result::moved(n);
        }

        [[nodiscard]] io_result write_some(std::span<std::byte const> from) noexcept {
            if (answers && out.size() + from.size() > limits::unsent_answers) return io_result::blocked();
            return out.push(from) ? io_result::moved(from.size()) : io_result::broken(ENOMEM);
        }
    };

    [[nodiscard]] detail::transport_ref port(bool reads = false) noexcept {
        queues_.answers = reads;
        return detail::transport_ref::of(queues_);
    }

    explicit engine(detail::connection<Backend> c) noexcept : connection_(std::move(c)) {}

    [[nodiscard]] static error too_early() noexcept {
        error e;
        e.code = errc::want_read;
        e.phase = phase::handshake;
        return e;
    }

    detail::connection<Backend> connection_;
    queues queues_;
};

} // namespace tls

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/adapters/asio/config.hpp>
#include <tls/adapters/asio/link.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace tls::asio::detail {

// The operations: `step` goes as far as it can without the next layer. All but the handshake need one that is complete.

/// The whole handshake.
struct handshake_operation {
    static constexpr phase what = phase::handshake;
    static constexpr bool writes = true;
    static constexpr bool has_bytes = false;
    static constexpr bool is_handshake = true;

    std::optional<result<server_name>> name; ///< none goes on with the handshake that has begun

    template <class Link> [[nodiscard]] need step(Link& on, outcome& o) noexcept {
        if (auto const to = std::exchange(name, std::nullopt)) {
            if (auto const started = on.begin(*to); !started) {
                o.code = on.told(started.error());
                return need::nothing;
            }
        } else if (!on.in_handshake()) {
            o.code = on.told_not_connected(what);
            return need::nothing;
        }
        auto const done = on.engine().handshake();
        if (done) return need::nothing;
        if (done.error() == errc::want_read) return need::input;
        if (done.error() == errc::want_write) return need::output;
        o.code = on.told(done.error());
        return need::nothing;
    }
};

/// Fills the buffers with what is there, at least one byte.
template <class Buffers> struct read_operation {
    static constexpr phase what = phase::reading;
    static constexpr bool writes = false;
    static constexpr bool has_bytes = true;
    static constexpr bool is_handshake = false;

    Buffers buffers;

    template <class Link> [[nodiscard]] need step(Link& on, outcome& o) noexcept {
        for (auto it = net::buffer_sequence_begin(buffers); it != net::buffer_sequence_end(buffers); ++it) {
            for (auto into = bytes_of(net::mutable_buffer(*it)); !into.empty();) {
                auto const n = on.engine().read_some(into);
                if (n) {
                    o.bytes += *n;
                    into = into.subspan(*n);
                    continue;
                }
                if (o.bytes != 0) return need::nothing; // an error that ends the connection is answered again
                if (n.error() == errc::want_read) return need::input;
                if (n.error() == errc::want_write) return need::output;
                o.code = on.told(n.error());
                return need::nothing;
            }
        }
        return need::nothing;
    }
};

/// Encrypts as much as the engine's limit lets it, at least one record.
template <class Buffers> struct write_operation {
    static constexpr phase what = phase::writing;
    static constexpr bool writes = true;
    static constexpr bool has_bytes = true;
    static constexpr bool is_handshake = false;

    Buffers buffers;

    template <class Link> [[nodiscard]] need step(Link& on, outcome& o) noexcept {
        if (on.write_failed()) return need::nothing; // says the driver
        need const then = encrypt(on, o);
        on.wipe_copies();
        return then;
    }

private:
    template <class Link> [[nodiscard]] need encrypt(Link& on, outcome& o) noexcept {
        for (auto data = on.next_record(buffers, 0); !data.empty(); data = on.next_record(buffers, o.bytes)) {
            auto const n = on.engine().write_some(data);
            if (n) {
                o.bytes += *n;
                continue;
            }
            if (o.bytes != 0) return need::nothing;
            if (n.error().would_block()) return need::output;
            o.code = on.told(n.error());
            return need::nothing;
        }
        return need::nothing;
    }
};

/// Sends close_notify and does not wait for the peer's.
struct shutdown_operation {
    static constexpr phase what = phase::closing;
    static constexpr bool writes = true;
    static constexpr bool has_bytes = false;
    static constexpr bool is_handshake = false;

    template <class Link> [[nodiscard]] need step(Link& on, outcome& o) noexcept {
        if (on.write_failed()) return need::nothing;
        auto const done = on.engine().close();
        if (done) return need::nothing;
        if (done.error().would_block()) return need::output;
        o.code = on.told(done.error());
        return need::nothing;
    }
};

/// What a driver has to do next for an operation.
enum class act : std::uint8_t { complete, send, receive };

/// An operation on its way: decides what comes next, for drivers that wait and for those that do not.
template <class Operation> struct progress {
    Operation operation;
    outcome out{};
    need wants = need::nothing;
    bool steps = true;
    bool finished = false;
    bool sends_later = false;

    template <class Link> [[nodiscard]] act next(Link& on) noexcept {
        if (std::exchange(steps, false)) {
            if (Operation::is_handshake || on.established())
                wants = operation.step(on, out);
            else
                wants = refused(on);
            finished = wants == need::nothing;
        }
        if (!finished && wants == need::output && !on.has_output() && !on.write_failed())
            finish(on.told(error_code_of(errc::internal), errc::internal, Operation::what));
        // A handshake reads on: the peer may have said why it takes nothing.
        if (Operation::writes && on.write_failed() && !has_failed() && (finished || !Operation::is_handshake))
            finish(on.told_write_failure(Operation::what));
        if (on.has_output() && sends(on)) return act::send;
        return finished ? act::complete : act::receive;
    }
    /// Called before the next layer reads; false if there is no memory to read into, which ends the operation.
    template <class Link> [[nodiscard]] bool can_receive(Link& on) noexcept {
        auto const room = on.make_room();
        if (!room) finish(on.told(room.error()));
        return room.has_value();
    }
    void sent() noexcept { steps = !finished && wants == need::output; }
    void received() noexcept { steps = true; }
    /// The next layer takes nothing now: a read goes on without, because the peer may have to be read before it reads.
    void send_later() noexcept { sends_later = true; }

    /// Ends it early; what is decided already stands, unless that would be forgotten which still has to be sent.
    template <class Link> void interrupted(Link& on, error_code code) noexcept {
        if (finished && (has_failed() || !Operation::writes)) return;
        out.code = on.told(code, errc::io_error, Operation::what);
        finished = true;
        if (Operation::is_handshake)
            on.end();
        else if (Operation::writes)
            on.hold();
    }

    /// Answers that the next layer would block. What was encrypted counts, and leaves with the next operation.
    template <class Link> void paused(Link& on, error_code code) noexcept {
        if (finished && (out.code || out.bytes != 0)) return;
        out.code = on.told(code, wants == need::input ? errc::want_read : errc::want_write, Operation::what);
    }

private:
    /// A handshake that waits for a signature has not, and its answer does not stand before our certificate has left.
    [[nodiscard]] bool has_failed() const noexcept {
        return out.code && out.code != error_code_of(errc::want_signature);
    }

    template <class Link> [[nodiscard]] need refused(Link& on) noexcept {
        out.code = on.told_not_connected(Operation::what);
        return need::nothing;
    }

    void finish(error_code code) noexcept {
        out = {code, 0};
        finished = true;
    }

    /// A read sends what answers the peer before it waits for more, and an alert; what it has read does not wait.
    template <class Link> [[nodiscard]] bool sends(Link& on) const noexcept {
        return Operation::writes || (!on.held() && !sends_later && (!finished || out.code));
    }
};

} // namespace tls::asio::detail

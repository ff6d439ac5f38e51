// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#if !__has_include(<transport_interface.h>)
#    error "tls/adapters/coremqtt.hpp: coreMQTT's folder source/interface is not on the include path"
#endif

#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <transport_interface.h>

/// coreMQTT over a session.
namespace tls::coremqtt {

/// How long the functions that coreMQTT calls may take.
struct timeouts {
    /// For a recv of more than one byte. Short, because coreMQTT keeps its connection alive between such calls, and not
    /// zero, because its loops would then spin.
    std::chrono::milliseconds recv{10};
    /// For a send or writev; coreMQTT repeats them until its own MQTT_SEND_TIMEOUT_MS.
    std::chrono::milliseconds send{1000};
};

/// The transport of one coreMQTT connection over an established session: any `session`, or `any_session`.
///
///     tls::coremqtt::transport over(*session);
///     TransportInterface_t const functions = over.functions();
///     MQTT_Init(&context, &functions, ...);
///
/// Refers to the session, which must stay where it is, as must this object: coreMQTT keeps its address as the
/// NetworkContext_t, a type that stays free for you to define. It sets the session's time-outs. Neither connects nor
/// closes: close the session after MQTT_Disconnect. As safe to share between threads as the session: not at all.
template <class Session> class transport {
public:
    explicit transport(Session& session, timeouts const& allowed = {}) noexcept
        : session_(&session),
          allowed_(allowed) {}
    transport(transport const&) = delete;
    transport& operator=(transport const&) = delete;
    ~transport() = default;

    /// What MQTT_Init takes.
    [[nodiscard]] TransportInterface_t functions() noexcept {
        TransportInterface_t table{};
        table.recv = [](NetworkContext_t* context, void* into, std::size_t size) -> std::int32_t {
            return of(context).recv({static_cast<std::byte*>(into), size});
        };
        table.send = [](NetworkContext_t* context, void const* from, std::size_t size) -> std::int32_t {
            return of(context).send({static_cast<std::byte const*>(from), size});
        };
        table.writev = [](NetworkContext_t* context, TransportOutVector_t* pieces, std::size_t count) -> std::int32_t {
            return of(context).writev({pieces, count});
        };
        table.pNetworkContext = reinterpret_cast<NetworkContext_t*>(this);
        return table;
    }

    /// Why a call answered less than zero, for `explain`; nothing if none did.
    [[nodiscard]] std::optional<error> const& last_error() const noexcept { return last_error_; }

    /// Reads what there is: the bytes read, 0 if nothing came yet, or less than 0, the number of the `errc`.
    ///
    /// The end of the connection is an error: `closed` or `truncated`. One byte is not waited for, on any transport
    /// that can be told until when to wait (`reads_until`) or does not wait; more than one at most `timeouts::recv`.
    [[nodiscard]] std::int32_t recv(std::span<std::byte> into) noexcept {
        // What a send left behind goes first, or the answer to it would be waited for in vain.
        session_->set_write_timeout(std::chrono::milliseconds(0));
        auto const flushed = session_->unsent() ? session_->flush() : result<void>();
        session_->set_read_timeout(into.size() == 1 ? std::chrono::milliseconds(0) : allowed_.recv);
        auto const n = session_->read_some(into.first(std::min(into.size(), most)));
        if (n) return static_cast<std::int32_t>(*n);
        if (!is_for_later(n.error())) return failed(n.error());
        return flushed || is_for_later(flushed.error()) ? 0 : failed(flushed.error());
    }

    /// Writes at most one record: the bytes taken, 0 if there is no room yet, or less than 0, the number of the `errc`.
    ///
    /// Bytes taken leave with this call or the next ones, recv too.
    [[nodiscard]] std::int32_t send(std::span<std::byte const> from) noexcept {
        std::array<std::span<std::byte const>, 1> const one = {from};
        return write(one);
    }

    /// As send, of several pieces, which share a record.
    [[nodiscard]] std::int32_t writev(std::span<TransportOutVector_t const> pieces) noexcept {
        // Of more pieces than these the rest is for the next call, as of more bytes than a record holds.
        std::array<std::span<std::byte const>, 32> gathered;
        std::size_t const count = std::min(pieces.size(), gathered.size());
        for (std::size_t i = 0; i < count; ++i)
            gathered[i] = {static_cast<std::byte const*>(pieces[i].iov_base), pieces[i].iov_len};
        return write(std::span(gathered).first(count));
    }

private:
    static constexpr std::size_t most = INT32_MAX;

    [[nodiscard]] static transport& of(NetworkContext_t* context) noexcept {
        return *reinterpret_cast<transport*>(context);
    }

    [[nodiscard]] static bool is_for_later(error const& e) noexcept {
        return e.would_block() || e.code == errc::timeout;
    }

    [[nodiscard]] std::int32_t failed(error const& e) noexcept {
        last_error_ = e;
        return -static_cast<std::int32_t>(e.code);
    }

    [[nodiscard]] std::int32_t write(std::span<std::span<std::byte const> const> pieces) noexcept {
        session_->set_write_timeout(allowed_.send);
        auto const n = session_->write_some(pieces);
        if (n) return static_cast<std::int32_t>(*n);
        return is_for_later(n.error()) ? static_cast<std::int32_t>(n.error().transferred) : failed(n.error());
    }

    Session* session_;
    timeouts allowed_;
    std::optional<error> last_error_;
};

} // namespace tls::coremqtt

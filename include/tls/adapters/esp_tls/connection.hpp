// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/adapters/esp_tls/platform.hpp>
#include <tls/any_client.hpp>
#include <tls/core/error.hpp>
#include <tls/transport/descriptor.hpp>
#include <tls/transport/transport.hpp>

#include <algorithm>
#include <cstddef>
#include <fcntl.h>
#include <optional>
#include <span>
#include <sys/types.h>
#include <utility>

namespace tls::esp_tls {
namespace detail {

/// esp-tls's socket, which waits as long as esp-tls told it to (SO_RCVTIMEO, SO_SNDTIMEO) or not at all.
///
/// Not a descriptor_transport, which waits for its session's deadline instead.
class socket {
public:
    explicit socket(int descriptor) noexcept : held_(descriptor) {}
    [[nodiscard]] io_result read_some(std::span<std::byte> into) const noexcept { return held_.read_some(into); }
    [[nodiscard]] io_result write_some(std::span<std::byte const> from) const noexcept {
        return held_.write_some(from);
    }

private:
    descriptor_transport held_;
};

} // namespace detail

/// One connection of esp-tls. Its socket stays esp-tls's, which decides whether it blocks and for how long.
class connection {
public:
    connection(any_handshake begun, int socket, reporter report) noexcept
        : handshake_(std::move(begun)),
          socket_(socket),
          report_(report) {}
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() = default;

    /// The session; null before the handshake is complete.
    [[nodiscard]] any_session* session() noexcept { return session_ ? &*session_ : nullptr; }
    /// Why a call failed last; nothing if none did.
    [[nodiscard]] std::optional<error> const& last_error() const noexcept { return last_error_; }

    /// As esp_tls_stack_ops_t::handshake: 1, 0 for later, or -1. esp-tls's loop knows these three only: with the code
    /// for WANT_READ it would go round forever, past its own time-out.
    [[nodiscard]] int shake_hands(esp_tls_t& tls) noexcept {
        if (!handshake_) return session_ ? 1 : -1;
        auto done = handshake_->step();
        if (!done && done.error().would_block()) return 0;
        if (!done) {
            tls.conn_state = ESP_TLS_FAIL;
            (void)failed(tls, done.error(), "TLS handshake", ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED);
            return -1;
        }
        session_.emplace(std::move(*done));
        handshake_.reset();
        tls.conn_state = ESP_TLS_DONE;
        return 1;
    }

    /// As esp_tls_stack_ops_t::read: the bytes read, 0 after the server's close_notify, ESP_TLS_ERR_SSL_WANT_READ if
    /// nothing came as long as the socket waits, or the number of the `errc`, less than zero.
    [[nodiscard]] ssize_t read(esp_tls_t& tls, std::span<std::byte> into) noexcept {
        if (!session_) return -1;
        // What a write left behind goes first, or the answer to it would be waited for in vain.
        // Its failure is the next write's.
        [[maybe_unused]] auto const flushed = session_->unsent() ? session_->flush() : result<void>();
        auto const n = session_->read_some(into);
        if (n) return static_cast<ssize_t>(*n);
        if (n.error() == errc::closed) return 0;
        return failed(tls, n.error(), "reading", ESP_ERR_MBEDTLS_SSL_READ_FAILED);
    }

    /// As esp_tls_stack_ops_t::write: the bytes that have left, ESP_TLS_ERR_SSL_WANT_WRITE if none could, or the number
    /// of the `errc`, less than zero.
    ///
    /// Bytes that were encrypted and still wait for the socket are not counted: nobody might call again to send them.
    /// The caller comes back with the same bytes, as for every stack under esp-tls.
    [[nodiscard]] ssize_t write(esp_tls_t& tls, std::span<std::byte const> from) noexcept {
        if (!session_) return -1;
        std::size_t taken = std::min(owed_, from.size());
        owed_ -= taken;
        std::size_t left = 0;
        auto const sent = [&]() -> result<void> {
            for (;;) {
                if (auto flushed = session_->flush(); !flushed) return flushed;
                left = taken;
                if (left == from.size()) return {};
                auto const n = session_->write_some(from.subspan(left));
                if (!n) return std::unexpected(n.error());
                taken += *n;
            }
        }();
        owed_ += taken - left;
        if (sent || left != 0) return static_cast<ssize_t>(left);
        return failed(tls, sent.error(), "writing", ESP_ERR_MBEDTLS_SSL_WRITE_FAILED);
    }

    /// Bytes that the next read returns without the socket.
    [[nodiscard]] ssize_t pending() const noexcept { return session_ ? static_cast<ssize_t>(session_->pending()) : 0; }

    /// Sends close_notify if the socket takes it at once. What is left of the socket's life it does not block.
    void say_goodbye() noexcept {
        if (!session_) return;
        (void)::fcntl(socket_, F_SETFL, O_NONBLOCK);
        // The connection goes away whether or not the server hears of it.
        [[maybe_unused]] auto const told = session_->close();
    }

private:
    [[nodiscard]] ssize_t failed(esp_tls_t& tls, error const& e, char const* doing, esp_err_t code) noexcept {
        if (e == errc::want_read) return ESP_TLS_ERR_SSL_WANT_READ;
        if (e == errc::want_write) return ESP_TLS_ERR_SSL_WANT_WRITE;
        detail::capture(tls, e, e == errc::timeout ? ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT : code);
        if (!last_error_ || last_error_->code != e.code) report_(doing, e); // it repeats
        last_error_ = e;
        return -static_cast<ssize_t>(e.code);
    }

    std::optional<any_handshake> handshake_;
    std::optional<any_session> session_;
    std::optional<error> last_error_;
    int socket_;
    reporter report_;
    std::size_t owed_ = 0; // bytes taken by writes that have not counted them yet
};

} // namespace tls::esp_tls

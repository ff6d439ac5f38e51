// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/adapters/asio/config.hpp>
#include <tls/connection/gathered.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/errc.hpp>
#include <tls/core/error.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/secret.hpp>
#include <tls/core/server_name.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace tls::asio::detail {

/// What an operation came to.
struct outcome {
    error_code code{};
    std::size_t bytes = 0;
};

/// What an operation needs from the next layer to go on.
enum class need : std::uint8_t { nothing, input, output };

/// True if the next layer did nothing and is as it was: no failure of the connection.
[[nodiscard]] inline bool is_passing(error_code const& code) noexcept {
    return code == net::error::operation_aborted || code == net::error::would_block || code == net::error::try_again ||
           code == net::error::interrupted;
}

/// The buffers of an Asio sequence as bytes.
[[nodiscard]] inline std::span<std::byte const> bytes_of(net::const_buffer b) noexcept {
    return {static_cast<std::byte const*>(b.data()), b.size()};
}
[[nodiscard]] inline std::span<std::byte> bytes_of(net::mutable_buffer b) noexcept {
    return {static_cast<std::byte*>(b.data()), b.size()};
}

/// A client's engine, and how the next layer has answered so far: all that a stream knows and its operations share.
template <class Client> class link {
public:
    using engine_type =
        typename decltype(std::declval<Client const&>().engine(std::declval<result<server_name> const&>()))::value_type;

    explicit link(Client client) noexcept : client_(std::move(client)) {}

    /// Starts a connection, whatever there was before.
    [[nodiscard]] result<void> begin(result<server_name> const& name) noexcept {
        end();
        held_ = false;
        read_failure_ = write_failure_ = {};
        auto made = client_.engine(name);
        if (!made) return std::unexpected(made.error());
        engine_.emplace(std::move(*made));
        return {};
    }
    /// Ends it: nothing is read or written any more.
    void end() noexcept { engine_.reset(); }

    [[nodiscard]] engine_type& engine() noexcept { return *engine_; }
    [[nodiscard]] bool established() const noexcept { return engine_ && engine_->established(); }
    /// True if a handshake has begun that is not complete.
    [[nodiscard]] bool in_handshake() const noexcept { return engine_ && !engine_->established(); }

    /// Makes room for what arrives. Errors: out_of_memory, and then nothing is lost.
    [[nodiscard]] result<void> make_room() noexcept {
        auto const room = engine_->room(input_size);
        if (!room) return std::unexpected(room.error());
        input_ = *room;
        return {};
    }
    /// Where the next layer puts what arrives: into the engine itself, so that nothing is copied.
    [[nodiscard]] net::mutable_buffer input() noexcept { return {input_.data(), input_.size()}; }

    /// What the next layer answered to a read.
    void arrived(error_code code, std::size_t n) noexcept {
        if (!engine_) return;
        engine_->fed(n);
        if (!code || is_passing(code)) return;
        if (code == net::error::eof && !write_failure_) {
            engine_->feed_end();
        } else {
            read_failure_ = code == net::error::eof ? write_failure_ : code;
            engine_->feed_failure(read_failure_.value());
        }
    }

    /// Called when a write was cancelled: what it left waits for the next one, because a read that sent it first could
    /// wait for a peer that waits to be read.
    void hold() noexcept { held_ = engine_ && engine_->unsent() != 0; }
    [[nodiscard]] bool held() const noexcept { return held_; }

    /// True if something is to be sent and can be.
    [[nodiscard]] bool has_output() const noexcept { return engine_ && !write_failure_ && engine_->unsent() != 0; }
    /// What is to be sent next; stays in place until `left`.
    [[nodiscard]] net::const_buffer output() noexcept {
        auto const shown = engine_->drain();
        return {shown.data(), shown.size()};
    }
    /// What the next layer answered to a write.
    void left(error_code code, std::size_t n) noexcept {
        if (!engine_) return;
        engine_->drained(n);
        // An end is what the peer says; here it would be taken for one.
        if (code && !is_passing(code)) write_failure_ = code == net::error::eof ? net::error::broken_pipe : code;
        if (engine_->unsent() == 0) held_ = false;
    }
    /// True if the next layer has refused to send: nothing of ours leaves any more.
    [[nodiscard]] bool write_failed() const noexcept { return static_cast<bool>(write_failure_); }

    /// Keeps the error and says it as an error code.
    [[nodiscard]] error_code told(error const& e) noexcept {
        last_error_ = e;
        switch (e.code) {
        case errc::closed: return net::error::eof;
        case errc::io_error:
            if (read_failure_) return read_failure_;
            return write_failure_ ? write_failure_ : error_code_of(e.code);
        default: return error_code_of(e.code);
        }
    }
    /// The same for what is no error of the engine's.
    [[nodiscard]] error_code told(error_code code, errc as, phase p) noexcept {
        error e;
        e.code = as;
        e.phase = p;
        if (as == errc::io_error) e.system = code.value();
        last_error_ = e;
        return code;
    }
    [[nodiscard]] error_code told_not_connected(phase p) noexcept {
        return told(net::error::not_connected, errc::spent, p);
    }
    /// Nothing can be sent any more; the engine may have read why.
    [[nodiscard]] error_code told_write_failure(phase p) noexcept {
        auto const answer = engine_->write_some(std::span<std::byte const>());
        bool const goes_on = answer || answer.error().would_block() || answer.error() == errc::want_signature;
        if (!goes_on) return told(answer.error());
        return told(write_failure_, errc::io_error, p);
    }

    [[nodiscard]] error const& last_error() const noexcept { return last_error_; }

    /// The data for one record, after the first `skipped` bytes of a sequence: in place where it is in one buffer,
    /// otherwise copied together. Empty after the last.
    template <class Buffers>
    [[nodiscard]] std::span<std::byte const> next_record(Buffers const& all, std::size_t skipped) noexcept {
        return tls::detail::next_record(
            net::buffer_sequence_begin(all), net::buffer_sequence_end(all), skipped,
            [](net::const_buffer piece) noexcept { return bytes_of(piece); },
            [this](std::size_t size) noexcept {
                if (!together_) together_ = seam::make_bytes(limits::plaintext);
                to_wipe_ = std::max(to_wipe_, size);
                return together_.get();
            });
    }
    /// Wipes what `next_record` copied.
    void wipe_copies() noexcept {
        std::size_t const copied = std::exchange(to_wipe_, 0);
        if (together_) x509::wipe({together_.get(), copied});
    }

private:
    // Two full records, so that one read takes a whole one and the beginning of the next.
    static constexpr std::size_t input_size = std::size_t{32} << 10;

    Client client_;
    std::optional<engine_type> engine_;
    std::span<std::byte> input_;
    seam::owned<std::byte[]> together_;
    std::size_t to_wipe_ = 0;
    bool held_ = false;
    error_code read_failure_{};
    error_code write_failure_{};
    error last_error_{};
};

} // namespace tls::asio::detail

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/byte_queue.hpp>
#include <tls/core/config.hpp>
#include <tls/core/errc.hpp>
#include <tls/diagnosis/flight_recorder.hpp>
#include <tls/record/checks.hpp>
#include <tls/record/tap.hpp>
#include <tls/transport/transport.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::seam {

/// What a backend's receive callback gets.
struct received {
    enum class kind : std::uint8_t {
        bytes,       ///< `count` bytes are in the buffer
        would_block, ///< tell the library to wait
        end          ///< tell the library that the connection has ended; never "0 bytes"
    };
    kind what = kind::would_block;
    std::size_t count = 0;
};

/// Asked before anything but an alert is sent after ServerHello; without a function, nothing ever is.
struct flight_guard {
    bool (*allows)(void const* who) noexcept = nullptr;
    void const* who = nullptr;

    [[nodiscard]] bool is_open() const noexcept { return allows != nullptr && allows(who); }
};

/// What a wire needs only until the handshake is over.
struct handshake_buffers {
    flight_guard guard;
    detail::tap tap;
    std::array<std::byte, 2048> flight; ///< a client's second flight with a two-certificate chain fits
};

/// The bytes between a C library and a transport: the one place where records wait, leave and arrive.
///
/// The two functions a backend's callbacks call are `receive` and `send`. Sending never fails and never blocks: what a
/// handshake sends is collected and leaves as one write per flight; application records go straight to the transport
/// when nothing waits. Failures and ends are remembered here and never inferred from a library's return code.
class wire {
public:
    /// A handshake begins: its flights are collected, and unencrypted messages are read, in these buffers.
    void begin_handshake(handshake_buffers& buffers) noexcept {
        buffers_ = &buffers;
        out_.lend(buffers.flight);
    }

    /// From now on application records flow: nothing is collected, only record headers are read, and the buffers are no
    /// longer used. Call it when nothing is waiting.
    void end_handshake() noexcept {
        if (buffers_ == nullptr) return;
        out_.release();
        listening_ = seen().version == protocol_version::tls_1_3;
        longest_ =
            static_cast<std::uint16_t>(detail::longest_record(seen().max_fragment.value_or(0), true, listening_));
        position_ = buffers_->tap.position();
        buffers_ = nullptr;
    }

    /// For the backend: fills the front of a buffer that is not empty. Sends the waiting flight first.
    [[nodiscard]] received receive(std::span<std::byte> into) noexcept;

    /// For the backend: takes every byte. After the connection has ended the bytes are dropped.
    void send(std::span<std::byte const> bytes) noexcept;

    /// Lends the transport until the next call of this function; it may have moved since the last one.
    void attach(detail::transport_ref port) noexcept {
        port_ = port;
        read_blocked_ = false;
        read_timed_out_ = false;
        write_timed_out_ = false;
        stop_when_heard_ = false;
    }

    /// From now on, notes what passes; the recorder must outlive the connection.
    void record_into(flight_recorder& recorder) noexcept {
        recorder_ = &recorder;
        recorder.begin();
    }

    /// Drops what waits to leave in a handshake, sends an unencrypted fatal alert instead, and gives it to the
    /// transport; true if it has left.
    bool say_instead(alert what) noexcept;

    /// Gives waiting bytes to the transport: ok when none are left.
    io_status flush() noexcept { return out_.empty() ? write_failure_ : flush_waiting(); }

    /// For this call, nothing is read beyond the first record that comes after a TLS 1.3 handshake.
    void stop_when_heard() noexcept { stop_when_heard_ = true; }
    /// That record was given to the library; if the library then wants more input, it has decrypted it.
    [[nodiscard]] bool heard() const noexcept { return heard_; }

    /// A flight was dropped, because the guard did not allow it: nothing leaves any more.
    [[nodiscard]] bool held_back() const noexcept { return held_back_; }
    [[nodiscard]] bool waiting() const noexcept { return !out_.empty(); }
    [[nodiscard]] bool read_blocked() const noexcept { return read_blocked_; }
    [[nodiscard]] bool read_timed_out() const noexcept { return read_timed_out_; }
    /// After the handshake: the deadline passed while bytes waited, and they still wait.
    [[nodiscard]] bool write_timed_out() const noexcept { return write_timed_out_; }
    /// The peer sent everything, or reading failed: `receive` answers `end` from now on.
    [[nodiscard]] bool ended() const noexcept { return read_end_ != io_status::ok; }
    /// How reading ended: ok while it has not, else end or failed.
    [[nodiscard]] io_status read_end() const noexcept { return read_end_; }
    /// How writing failed: ok while it has not, else failed, or timeout in a handshake, where that is final.
    [[nodiscard]] io_status write_failure() const noexcept { return write_failure_; }
    [[nodiscard]] bool out_of_memory() const noexcept { return out_of_memory_; }
    [[nodiscard]] std::int32_t system() const noexcept { return system_; }
    /// What is wrong with a record that came after the handshake: it has no place there, or is longer than was agreed.
    /// Nothing more is given to the library then. Else ok.
    [[nodiscard]] errc bad_record() const noexcept { return bad_record_; }
    /// After the handshake, more came that brings nothing than is accepted, or more answers wait than that: nothing
    /// more is given to the library.
    [[nodiscard]] bool flooded() const noexcept { return flooded_ || overfull_; }
    /// An answer was dropped, because too many wait: nothing that is sent later would be understood.
    [[nodiscard]] bool overfull() const noexcept { return overfull_; }
    /// Data came, or the caller wrote some: what brings nothing is counted anew.
    void progress() noexcept {
        idle_records_ = 0;
        idle_bytes_ = 0;
        ignored_ = 0;
        flooded_ = false;
    }
    /// After the handshake, an alert of ours has left in a record of that type: TLS 1.3 hides them.
    [[nodiscard]] bool alert_sent_later() const noexcept { return alert_sent_later_; }
    /// How far the peer's bytes have come within a record.
    [[nodiscard]] detail::record_splitter const& position() const noexcept {
        return buffers_ != nullptr ? buffers_->tap.position() : position_;
    }
    /// What was read from unencrypted messages; only during the handshake.
    [[nodiscard]] detail::plaintext_facts const& seen() const noexcept { return buffers_->tap.seen(); }

private:
    io_status flush_waiting() noexcept;
    [[nodiscard]] bool may_leave() noexcept;
    [[nodiscard]] io_result write_some(std::span<std::byte const> bytes) noexcept;
    void note_write(io_result r) noexcept;
    void follow(std::span<std::byte const> bytes) noexcept;
    void count_record() noexcept;

    detail::transport_ref port_;
    detail::byte_queue out_;
    handshake_buffers* buffers_ = nullptr; // while the handshake lasts
    flight_recorder* recorder_ = nullptr;
    detail::record_splitter position_; // of the peer's bytes, after the handshake
    errc bad_record_ = errc::ok;       // after the handshake
    io_status read_end_ = io_status::ok;
    io_status write_failure_ = io_status::ok;
    std::int32_t system_ = 0;
    bool listening_ = false; // for the first record after the handshake
    bool heard_ = false;
    bool stop_when_heard_ = false;
    bool read_blocked_ = false;
    bool read_timed_out_ = false;
    bool write_timed_out_ = false;
    bool out_of_memory_ = false;
    bool held_back_ = false;
    bool alert_sent_later_ = false;
    bool flooded_ = false;
    bool overfull_ = false;
    std::uint16_t longest_ = UINT16_MAX; // body of a record of the peer's, after the handshake
    std::uint8_t ignored_ = 0;           // since the last progress
    std::uint32_t idle_records_ = 0;     // the same
    std::uint32_t idle_bytes_ = 0;       // the same
    std::size_t allowed_ = 0;            // of what waits to leave in a handshake
};

} // namespace tls::seam

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/record/impl/wire.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/limits.hpp>
#include <tls/record/checks.hpp>
#include <tls/record/wire.hpp>

#include <algorithm>

namespace tls::seam {

/// True for a violation after which nothing more is to be read.
[[nodiscard]] constexpr bool is_beyond_a_limit(errc violation) noexcept {
    return violation == errc::chain_too_long || violation == errc::request_too_long || violation == errc::flooded ||
           violation == errc::record_overflow;
}

TWINTLS_DECL received wire::receive(std::span<std::byte> into) noexcept {
    if (ended()) return {received::kind::end, 0};
    if ((stop_when_heard_ && heard_) || bad_record_ != errc::ok || flooded()) return {received::kind::would_block, 0};
    // What is beyond a limit is not waited for, whatever a library would accept.
    if (buffers_ != nullptr && is_beyond_a_limit(seen().violation)) return {received::kind::would_block, 0};
    io_status const flushed = flush();
    // The answer to a flight that has not left never comes. After the handshake the peer may be unable to read before
    // we do, so reading goes on.
    bool const stuck = flushed == io_status::would_block || flushed == io_status::timeout || held_back_;
    if (buffers_ != nullptr && stuck) return {received::kind::would_block, 0};

    io_result const r = port_.read(port_.self, into);
    switch (r.status) {
    case io_status::ok:
        if (buffers_ != nullptr)
            buffers_->tap.received(into.first(r.bytes));
        else
            follow(into.first(r.bytes));
        if (recorder_ != nullptr) recorder_->received(into.first(r.bytes));
        if (bad_record_ != errc::ok) return {received::kind::would_block, 0};
        return {received::kind::bytes, r.bytes};
    case io_status::would_block:
        if (write_failure_ == io_status::failed) break; // the transport is broken: nothing more will come
        read_blocked_ = true;
        return {received::kind::would_block, 0};
    case io_status::timeout:
        // The deadline is the caller's, not the connection's: the library must not take it for the end.
        read_timed_out_ = true;
        return {received::kind::would_block, 0};
    case io_status::end:
        read_end_ = io_status::end;
        if (recorder_ != nullptr) recorder_->stopped(false, flight_recorder::kind::end);
        return {received::kind::end, 0};
    case io_status::failed:
        system_ = r.system;
        if (recorder_ != nullptr) recorder_->stopped(false, flight_recorder::kind::failed, r.system);
        break;
    }
    read_end_ = io_status::failed;
    return {received::kind::end, 0};
}

TWINTLS_DECL void wire::send(std::span<std::byte const> bytes) noexcept {
    if (ended() || write_failure_ != io_status::ok || bytes.empty()) return;
    if (buffers_ != nullptr) {
        if (out_.empty()) buffers_->tap.begin_flight();
        buffers_->tap.sent(bytes);
    }
    // The libraries give whole records.
    if (buffers_ == nullptr && std::to_integer<std::uint8_t>(bytes[0]) == detail::record_type::alert)
        alert_sent_later_ = true;
    if (buffers_ == nullptr && out_.empty()) {
        while (!bytes.empty()) {
            io_result const r = write_some(bytes);
            if (r.status != io_status::ok) {
                note_write(r);
                break;
            }
            bytes = bytes.subspan(r.bytes);
        }
        if (write_failure_ != io_status::ok) return;
    }
    if (buffers_ == nullptr && out_.size() + bytes.size() > limits::unsent_answers) {
        overfull_ = true;
        return;
    }
    if (!out_.push(bytes)) {
        out_of_memory_ = true;
        write_failure_ = io_status::failed;
    }
}

TWINTLS_DECL bool wire::say_instead(alert what) noexcept {
    if (buffers_ == nullptr || ended()) return false;
    if (held_back_) write_failure_ = io_status::ok;
    held_back_ = false;
    if (!out_.empty()) buffers_->tap.drop_flight();
    out_.release();
    out_.lend(buffers_->flight);
    allowed_ = 0;
    constexpr std::byte fatal{2};
    std::array const record = {
        std::byte{detail::record_type::alert},
        std::byte{3},
        std::byte{3},
        std::byte{0},
        std::byte{2},
        fatal,
        std::byte{number(what)}};
    send(record);
    return flush() == io_status::ok;
}

/// True if the waiting bytes may be sent: before the server is vouched for nothing but alerts may, and our own hello as
/// long as no ServerHello was seen. What was allowed once stays allowed, so that it can leave in pieces.
TWINTLS_DECL bool wire::may_leave() noexcept {
    if (buffers_ == nullptr) return true;
    auto const what = seen().server_hello ? detail::unvouched::alerts : detail::unvouched::hello_and_alerts;
    bool const may = detail::holds_only(what, out_.front().subspan(allowed_)) || buffers_->guard.is_open();
    if (may) allowed_ = out_.front().size();
    return may;
}

TWINTLS_DECL io_status wire::flush_waiting() noexcept {
    if (!may_leave()) {
        held_back_ = true;
        write_failure_ = io_status::failed;
    }
    while (!out_.empty() && write_failure_ == io_status::ok) {
        io_result const r = write_some(out_.front());
        if (r.status == io_status::ok) {
            out_.pop(r.bytes);
            allowed_ -= std::min(allowed_, r.bytes);
            if (buffers_ != nullptr) buffers_->tap.flight_moves();
        }
        if (r.status != io_status::ok) note_write(r);
        if (r.status != io_status::ok && write_failure_ == io_status::ok) return io_status::would_block;
    }
    if (write_failure_ != io_status::ok) {
        if (buffers_ != nullptr && !out_.empty()) buffers_->tap.drop_flight();
        out_.release();
    }
    if (buffers_ == nullptr && out_.empty()) out_.release();
    return write_failure_;
}

TWINTLS_DECL io_result wire::write_some(std::span<std::byte const> bytes) noexcept {
    io_result const r = port_.write(port_.self, bytes);
    if (recorder_ != nullptr && r.status == io_status::ok) recorder_->sent(bytes.first(r.bytes));
    return r;
}

TWINTLS_DECL void wire::follow(std::span<std::byte const> bytes) noexcept {
    idle_bytes_ += static_cast<std::uint32_t>(bytes.size());
    if (idle_bytes_ > limits::idle_bytes) flooded_ = true;
    while (auto const piece = position_.next(bytes)) {
        if (piece->begins) count_record();
        // It has a meaning only in a handshake (RFC 8446 section 5, RFC 5246 section 7.1).
        if (piece->begins && position_.type() == detail::record_type::change_cipher_spec)
            bad_record_ = errc::unexpected_message;
        if (piece->begins && position_.length() > longest_) bad_record_ = errc::record_overflow;
        if (!listening_ || !piece->ends) continue;
        // ChangeCipherSpec proves nothing: it is not authenticated, so anybody may have inserted it.
        if (position_.type() == detail::record_type::change_cipher_spec) continue;
        heard_ = true;
        listening_ = false;
    }
}

TWINTLS_DECL void wire::count_record() noexcept {
    if (++idle_records_ > limits::idle_records) flooded_ = true;
    bool const is_data = position_.type() == detail::record_type::application_data;
    if (!is_data && ++ignored_ > limits::ignored_messages) flooded_ = true;
}

TWINTLS_DECL void wire::note_write(io_result r) noexcept {
    if (r.status == io_status::would_block) return;
    bool const timeout = r.status == io_status::timeout;
    // The deadline is the caller's, not the connection's: a record may go on later from where it stopped.
    if (timeout && buffers_ == nullptr)
        write_timed_out_ = true;
    else
        write_failure_ = timeout ? io_status::timeout : io_status::failed;
    if (r.status == io_status::failed) system_ = r.system;
    if (recorder_ == nullptr) return;
    recorder_->stopped(true, timeout ? flight_recorder::kind::timed_out : flight_recorder::kind::failed, r.system);
}

} // namespace tls::seam

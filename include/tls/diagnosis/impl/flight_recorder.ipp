// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/alert.hpp>
#include <tls/core/text_writer.hpp>
#include <tls/diagnosis/flight_recorder.hpp>

#include <algorithm>

namespace tls {
namespace detail {

inline constexpr std::uint8_t nothing_noted = 255;

[[nodiscard]] inline std::string_view record_name(std::uint8_t type) noexcept {
    switch (type) {
    case record_type::change_cipher_spec: return "change_cipher_spec";
    case record_type::alert: return "alert";
    case record_type::handshake: return "handshake";
    default: return "application_data";
    }
}

inline void put_padded(text_writer& out, std::uint64_t value, std::uint64_t least_too_wide) noexcept {
    for (std::uint64_t wide = least_too_wide; wide > 1 && value < wide; wide /= 10) out << " ";
    out << static_cast<long long>(value);
}

inline void put_time(text_writer& out, std::uint64_t microseconds) noexcept {
    put_padded(out, microseconds / 1000, 1000);
    std::array const digits = {
        '.', static_cast<char>('0' + microseconds / 100 % 10), static_cast<char>('0' + microseconds / 10 % 10),
        static_cast<char>('0' + microseconds % 10)};
    out << std::string_view(digits.data(), digits.size()) << " ms  ";
}

inline void put_alert(text_writer& out, flight_recorder::entry const& e) noexcept {
    if (e.messages[1] == nothing_noted) return;
    auto const which = static_cast<alert>(e.messages[1]);
    out << "  " << (e.messages[0] == 2 ? "fatal" : "warning") << " " << static_cast<long long>(number(which)) << " "
        << name(which);
}

inline void put_messages(text_writer& out, flight_recorder::entry const& e, std::uint8_t retry_request) noexcept {
    std::string_view before = "  ";
    for (std::uint8_t const type : e.messages) {
        if (type == nothing_noted) break;
        out << before << (type == retry_request ? "HelloRetryRequest" : name(static_cast<handshake_message>(type)));
        before = ", ";
    }
    if (e.more) out << ", ...";
    if (e.messages[0] == nothing_noted && e.length != 0) out << "  (continued)";
}

} // namespace detail

TWINTLS_DECL std::chrono::microseconds flight_recorder::steady_now() noexcept {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

TWINTLS_DECL flight_recorder::flight_recorder(clock_function now) noexcept : now_(now) {
    static constexpr calls own = {
        [](flight_recorder& r) noexcept { r.empty(); },
        [](flight_recorder& r, direction& d, std::span<std::byte const> bytes) noexcept { r.note(d, bytes); },
        [](flight_recorder& r, bool sending, kind how, std::int32_t system) noexcept {
            r.note_stop(sending, how, system);
        }};
    calls_ = &own;
}

TWINTLS_DECL void flight_recorder::empty() noexcept {
    written_ = 0;
    server_hello_ = false;
    sent_ = {.ours = true};
    received_ = {};
}

TWINTLS_DECL flight_recorder::entry& flight_recorder::add() noexcept {
    auto const now = now_();
    if (written_ == 0) origin_ = now;
    entry& e = entries_[static_cast<std::size_t>(written_++ % capacity)];
    e = entry();
    e.microseconds = static_cast<std::uint64_t>((now - origin_).count());
    return e;
}

/// The entry of the current record, or nullptr if it has been dropped.
TWINTLS_DECL flight_recorder::entry* flight_recorder::current(direction const& d) noexcept {
    return d.current < dropped() ? nullptr : &entries_[static_cast<std::size_t>(d.current % capacity)];
}

TWINTLS_DECL void flight_recorder::note(direction& d, std::span<std::byte const> bytes) noexcept {
    while (!d.lost) {
        auto const piece = d.records.next(bytes);
        if (!piece) return;
        if (piece->begins)
            record_begins(d);
        else
            record_body(d, piece->body);
        entry* const e = current(d);
        if (piece->ends && e != nullptr) e->complete = 1;
    }
}

TWINTLS_DECL void flight_recorder::record_begins(direction& d) noexcept {
    using namespace detail;
    entry& e = add();
    d.current = written_ - 1;
    d.noted = 0;
    d.lost = !is_tls(d.records);
    e.sent = d.ours ? 1 : 0;
    if (d.lost) {
        e.what = kind::not_tls;
        return;
    }
    e.type = d.records.type();
    e.length = static_cast<std::uint16_t>(d.records.length());
    d.clear.begins(d.records, server_hello_);
    bool const secret = e.type != record_type::change_cipher_spec && !d.clear.has_clear(d.records);
    e.encrypted = secret ? 1 : 0;
}

TWINTLS_DECL void flight_recorder::record_body(direction& d, std::span<std::byte const> part) noexcept {
    using namespace detail;
    std::uint8_t const type = d.records.type();
    if (!d.clear.has_clear(d.records)) return;
    if (type == record_type::alert)
        for (std::byte const b : part) note_inside(d, std::to_integer<std::uint8_t>(b));
    if (type != record_type::handshake) return;
    while (auto const piece = d.messages.next(part)) {
        if (piece->begins) {
            note_inside(d, d.messages.type());
            d.hello_at = 0;
            d.hello_is_retry = true;
        } else if (!d.ours && d.messages.type() == static_cast<std::uint8_t>(handshake_message::server_hello)) {
            server_hello(d, piece->body);
        }
    }
}

TWINTLS_DECL void flight_recorder::note_inside(direction& d, std::uint8_t value) noexcept {
    entry* const e = current(d);
    if (e == nullptr) return;
    if (d.noted < max_messages)
        e->messages[d.noted++] = value;
    else
        e->more = 1;
}

/// Tells a HelloRetryRequest from a ServerHello by its random (RFC 8446 section 4.1.3).
TWINTLS_DECL void flight_recorder::server_hello(direction& d, std::span<std::byte const> part) noexcept {
    constexpr std::uint32_t random_at = 2;
    constexpr std::uint32_t random_end = random_at + detail::retry_random.size();
    for (std::byte const b : part) {
        if (d.hello_at >= random_end) return;
        if (d.hello_at >= random_at && std::to_integer<std::uint8_t>(b) != detail::retry_random[d.hello_at - random_at])
            d.hello_is_retry = false;
        if (++d.hello_at != random_end) continue;
        if (!d.hello_is_retry) server_hello_ = true;
        entry* const e = current(d);
        // If it began in an earlier record, that entry keeps its name.
        if (d.hello_is_retry && e != nullptr && d.noted != 0) e->messages[d.noted - 1U] = retry_request;
    }
}

TWINTLS_DECL void flight_recorder::note_stop(bool sending, kind how, std::int32_t system) noexcept {
    entry& e = add();
    e.what = how;
    e.sent = sending ? 1 : 0;
    e.length = static_cast<std::uint16_t>(system);
}

TWINTLS_DECL std::string_view flight_recorder::print(std::span<char> into) const noexcept {
    detail::text_writer out(into);
    if (dropped() != 0) out << "(" << static_cast<long long>(dropped()) << " earlier entries were dropped)\n";
    for (std::size_t i = 0; i < size(); ++i) {
        entry const& e = (*this)[i];
        detail::put_time(out, e.microseconds);
        out << (e.sent ? "-> " : "<- ");
        switch (e.what) {
        case kind::not_tls: out << "not a TLS record"; break;
        case kind::end: out << "end of stream"; break;
        case kind::timed_out: out << "timed out"; break;
        case kind::failed: out << "failed, system error " << static_cast<long long>(e.length); break;
        case kind::record:
            out << detail::record_name(e.type);
            for (std::size_t n = detail::record_name(e.type).size(); n < 18; ++n) out << " ";
            detail::put_padded(out, e.length, 100'000);
            if (e.encrypted)
                out << "  (encrypted)";
            else if (e.type == detail::record_type::alert)
                detail::put_alert(out, e);
            else if (e.type == detail::record_type::handshake)
                detail::put_messages(out, e, retry_request);
            if (!e.complete) out << "  (incomplete)";
        }
        out << "\n";
    }
    return out.view();
}

TWINTLS_DECL std::string flight_recorder::to_text() const {
    constexpr std::size_t longest_line = 320;
    std::string text((size() + 1) * longest_line, '\0');
    text.resize(print(text).size());
    return text;
}

} // namespace tls

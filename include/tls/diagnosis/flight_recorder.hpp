// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/framing.hpp>
#include <tls/core/protocol.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tls {

/// The headers of the last records of one connection, to be printed like the summary of a packet capture.
///
/// Give it to `client::connect`, `start` or `engine`; that empties it. It must outlive the connection and is used by
/// the connection's thread only. It holds no payload and no secrets: directions, types, lengths and times, the types of
/// handshake messages and the alerts sent in the clear, and how the stream ended. What leaves is noted when the
/// transport has taken it, what arrives when it has been read. Never allocates, except in `to_text`.
class flight_recorder {
public:
    /// The time since some fixed moment; never goes back.
    using clock_function = std::chrono::microseconds (*)() noexcept;

    /// How many entries are kept; older ones are dropped.
    static constexpr std::size_t capacity = 64;
    /// How many handshake messages are kept of one record.
    static constexpr std::size_t max_messages = 8;

    /// What an entry is about.
    enum class kind : std::uint8_t {
        record,    ///< a TLS record
        not_tls,   ///< bytes that are not a record: nothing more is noted in this direction
        end,       ///< the peer's stream ended
        timed_out, ///< the transport's deadline for writing passed
        failed     ///< the transport failed; `length` is its code, usually errno
    };

    /// One line of the ladder.
    struct entry {
        std::uint64_t microseconds = 0; ///< since the first entry
        std::uint16_t length = 0;       ///< of the record, without its header of 5 bytes
        std::uint8_t type = 0;          ///< of the record, as on the wire: 20 to 23
        kind what : 3 = kind::record;
        std::uint8_t sent : 1 = 0;      ///< by us
        std::uint8_t encrypted : 1 = 0; ///< nothing inside is visible
        std::uint8_t complete : 1 = 0;  ///< all its bytes went by
        std::uint8_t more : 1 = 0;      ///< there were more messages than are kept
        /// The types of the handshake messages that begin in it, then 255; of an alert its level and description.
        std::array<std::uint8_t, max_messages> messages{255, 255, 255, 255, 255, 255, 255, 255};
    };

    /// `now` replaces the steady clock, for tests that check times.
    explicit flight_recorder(clock_function now = steady_now) noexcept;
    // Not copyable: a connection refers to it.
    flight_recorder(flight_recorder const&) = delete;
    flight_recorder& operator=(flight_recorder const&) = delete;
    ~flight_recorder() = default;

    /// Entries kept.
    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(written_ - dropped()); }
    /// Entries lost because there were too many.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return written_ > capacity ? written_ - capacity : 0; }
    /// The entry of an index below `size()`, oldest first.
    [[nodiscard]] entry const& operator[](std::size_t index) const noexcept {
        return entries_[static_cast<std::size_t>((dropped() + index) % capacity)];
    }

    /// Writes one line for each entry, each with its newline, and returns the text.
    ///
    /// Time in milliseconds, direction, type and length of the record, and what is visible in it:
    /// `   0.000 ms  -> handshake            245  ClientHello`. What does not fit is cut off.
    [[nodiscard]] std::string_view print(std::span<char> into) const noexcept;
    /// The same as a string. Allocates.
    [[nodiscard]] std::string to_text() const;

    // For the connection.
    void begin() noexcept { calls_->begin(*this); }
    void sent(std::span<std::byte const> bytes) noexcept { calls_->note(*this, sent_, bytes); }
    void received(std::span<std::byte const> bytes) noexcept { calls_->note(*this, received_, bytes); }
    void stopped(bool sending, kind how, std::int32_t system = 0) noexcept {
        calls_->stopped(*this, sending, how, system);
    }

private:
    /// A HelloRetryRequest, which is a ServerHello with a special random; the number is that of early drafts.
    static constexpr std::uint8_t retry_request = 6;

    struct direction {
        bool ours = false;
        detail::clear_records clear{};
        bool lost = false;
        detail::record_splitter records{};
        detail::message_splitter messages{};
        std::uint64_t current = 0;  // the entry of the record under way
        std::uint8_t noted = 0;     // messages or alert bytes noted in it
        std::uint32_t hello_at = 0; // bytes of a ServerHello so far
        bool hello_is_retry = false;
    };

    /// What a connection calls on a recorder. Only the constructor names these functions, so a program that makes no
    /// recorder links none of them.
    struct calls {
        void (*begin)(flight_recorder&) noexcept;
        void (*note)(flight_recorder&, direction&, std::span<std::byte const>) noexcept;
        void (*stopped)(flight_recorder&, bool sending, kind how, std::int32_t system) noexcept;
    };

    [[nodiscard]] static std::chrono::microseconds steady_now() noexcept;
    void empty() noexcept;
    entry& add() noexcept;
    [[nodiscard]] entry* current(direction const& d) noexcept;
    void note(direction& d, std::span<std::byte const> bytes) noexcept;
    void record_begins(direction& d) noexcept;
    void record_body(direction& d, std::span<std::byte const> part) noexcept;
    void note_inside(direction& d, std::uint8_t value) noexcept;
    void server_hello(direction& d, std::span<std::byte const> part) noexcept;
    void note_stop(bool sending, kind how, std::int32_t system) noexcept;

    calls const* calls_;
    clock_function now_;
    std::uint64_t written_ = 0;
    std::chrono::microseconds origin_{};
    bool server_hello_ = false;
    direction sent_{.ours = true};
    direction received_;
    std::array<entry, capacity> entries_;
};

static_assert(sizeof(flight_recorder::entry) <= 24);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/diagnosis/impl/flight_recorder.ipp>
#endif

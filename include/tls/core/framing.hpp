// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace tls::detail {

/// Splits a stream of bytes, however it arrives, into frames: a header that ends with the body's length, and the body.
///
/// Total on any input; keeps the header only.
template <std::size_t HeaderSize, std::size_t LengthSize> class frame_splitter {
public:
    /// What the next bytes are.
    struct piece {
        bool begins = false;               ///< a header is complete: `body` is empty
        bool ends = false;                 ///< the frame is complete
        std::span<std::byte const> body{}; ///< some of the body
    };

    /// Takes the next piece off the front of the bytes; nullopt when they do not complete one.
    [[nodiscard]] std::optional<piece> next(std::span<std::byte const>& bytes) noexcept {
        if (bytes.empty()) return std::nullopt;
        if (have_ == HeaderSize) {
            std::size_t const n = std::min<std::size_t>(left_, bytes.size());
            piece p{.body = bytes.first(n)};
            bytes = bytes.subspan(n);
            left_ -= static_cast<std::uint32_t>(n);
            p.ends = left_ == 0;
            if (p.ends) have_ = 0;
            return p;
        }
        std::size_t const n = std::min(HeaderSize - have_, bytes.size());
        std::memcpy(header_.data() + have_, bytes.data(), n);
        bytes = bytes.subspan(n);
        have_ = static_cast<std::uint8_t>(have_ + n);
        if (have_ < HeaderSize) return std::nullopt;
        left_ = length();
        if (left_ == 0) have_ = 0;
        return piece{.begins = true, .ends = left_ == 0};
    }

    /// The first byte of the current header.
    [[nodiscard]] std::uint8_t type() const noexcept { return header_[0]; }
    /// The current header, once a piece of its frame was given.
    [[nodiscard]] std::array<std::uint8_t, HeaderSize> const& header() const noexcept { return header_; }
    /// The length that the current header announces.
    [[nodiscard]] std::uint32_t length() const noexcept {
        std::uint32_t n = 0;
        for (std::size_t i = HeaderSize - LengthSize; i < HeaderSize; ++i) n = (n << 8) | header_[i];
        return n;
    }

private:
    std::array<std::uint8_t, HeaderSize> header_{};
    std::uint8_t have_ = 0;
    std::uint32_t left_ = 0;
};

/// TLS records: type, version, length (RFC 8446 section 5.1).
using record_splitter = frame_splitter<5, 2>;
/// Handshake messages: type, length (RFC 8446 section 4).
using message_splitter = frame_splitter<4, 3>;

/// The types of records.
namespace record_type {
inline constexpr std::uint8_t change_cipher_spec = 20;
inline constexpr std::uint8_t alert = 21;
inline constexpr std::uint8_t handshake = 22;
inline constexpr std::uint8_t application_data = 23;
} // namespace record_type

/// True if the header can be that of a TLS record.
[[nodiscard]] inline bool is_tls(record_splitter const& at) noexcept {
    return at.type() >= record_type::change_cipher_spec && at.type() <= record_type::application_data &&
           at.header()[1] == 3;
}

/// Which records of one direction of a handshake are unencrypted.
class clear_records {
public:
    /// A record begins; `server_hello` says whether a ServerHello has come that is not a HelloRetryRequest.
    ///
    /// After ChangeCipherSpec everything is encrypted. TLS 1.3 sends one for the sake of middleboxes; before
    /// ServerHello it means nothing.
    void begins(record_splitter const& at, bool server_hello) noexcept {
        if (at.type() == record_type::change_cipher_spec && server_hello) over_ = true;
    }
    /// Everything is encrypted from now on, for another reason.
    void end() noexcept { over_ = true; }

    /// True if the content of the current record can be read. An unencrypted alert is one record of two bytes; anything
    /// longer is encrypted.
    [[nodiscard]] bool has_clear(record_splitter const& at) const noexcept {
        if (over_ || at.type() == record_type::application_data) return false;
        return at.type() != record_type::alert || at.length() == 2;
    }

private:
    bool over_ = false;
};

/// RFC 8446 section 4.1.3: a ServerHello with this random is a HelloRetryRequest.
inline constexpr std::array<std::uint8_t, 32> retry_random = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

} // namespace tls::detail

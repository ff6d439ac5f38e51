// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>
#include <cstdint>

/// What twintls says to a server and takes from it at most, equal for every backend.
namespace tls::limits {

/// The most data that a record can have (RFC 8446 section 5.1).
inline constexpr std::size_t plaintext = 16384;

/// The most bytes that the application protocols offered may have together, each with one for its length: what fits the
/// hello of every backend.
inline constexpr std::size_t alpn_bytes = 8192;

/// The most certificates that a server may send.
inline constexpr std::size_t certificates = 9;
/// The most bytes that they may have together: what fits the buffers of every backend.
inline constexpr std::size_t certificate_bytes = 16000;
/// The longest request for a certificate: its list of authorities fits the buffers of every backend too.
inline constexpr std::size_t certificate_request_bytes = 16000;

/// The most messages that mean nothing where they are: ChangeCipherSpecs and warning alerts in a handshake, records of
/// alerts and of TLS 1.2's HelloRequests until the next piece of data.
inline constexpr unsigned ignored_messages = 32;
/// The most records, and bytes of records, that a server's part of a handshake may take: the longest that is accepted
/// may have each of its bytes in a record of its own.
inline constexpr std::size_t handshake_records = 40'000;
inline constexpr std::size_t handshake_bytes = std::size_t{1} << 20;
/// The most records, and bytes of records, until the next piece of data, or one of ours: tickets, key updates,
/// empty records. TLS 1.3 has all of them look alike, so they share the bound; the libraries' own bounds for some of
/// them lie above it in the builds we make.
inline constexpr std::size_t idle_records = 250;
inline constexpr std::size_t idle_bytes = std::size_t{512} << 10;
/// The most bytes of answers to what a server asks for, such as key updates, that wait because it takes none of them.
inline constexpr std::size_t unsent_answers = std::size_t{64} << 10;
/// How many bytes wait in an engine before it takes no more from its caller, unless the caller sets another bound.
inline constexpr std::size_t unsent_data = std::size_t{64} << 10;

/// Exported keying material: the longest label, the most bytes of it, the longest context; and under TLS 1.2 label and
/// context together.
inline constexpr std::size_t exporter_label = 48;
inline constexpr std::size_t exported_bytes = 8160; // 255 times SHA-256
inline constexpr std::size_t exporter_context = 65535;
inline constexpr std::size_t exporter_seed_of_tls_1_2 = 62;

/// Pre-shared keys: the longest identity, and the shortest and longest key, in bytes. RFC 9257 section 6 demands 16
/// bytes of a key; the others are what RFC 4279 section 5.3 demands of every library.
inline constexpr std::size_t psk_identity = 128;
inline constexpr std::size_t least_psk = 16;
inline constexpr std::size_t most_psk = 64;

/// The least that `.record_size(...)` allows a record to hold.
inline constexpr std::size_t least_record = 64;

/// The number that stands for a maximum fragment length on the wire (RFC 6066 section 4); 0 for a length that has none.
[[nodiscard]] constexpr std::uint8_t fragment_code(std::size_t length) noexcept {
    switch (length) {
    case 512: return 1;
    case 1024: return 2;
    case 2048: return 3;
    case 4096: return 4;
    default: return 0;
    }
}
/// The length that such a number stands for; 0 for none.
[[nodiscard]] constexpr std::uint16_t fragment_length(std::size_t code) noexcept {
    return code >= 1 && code <= 4 ? static_cast<std::uint16_t>(256U << code) : std::uint16_t{0};
}

} // namespace tls::limits

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <string_view>

/// How both ends of a connection come by its keys, for servers that a test plays: with SHA-256 and AES-128-GCM.
namespace testbed {

/// SHA-256.
[[nodiscard]] bytes sha256(byte_view of);

/// HKDF-Expand-Label of TLS 1.3 (RFC 8446 section 7.1).
[[nodiscard]] bytes expand_label(byte_view secret, std::string_view label, std::size_t size, byte_view context = {});

/// The secrets of a TLS 1.3 server, from what the key exchange gave (RFC 8446 section 7.1); without a PSK.
class key_schedule {
public:
    explicit key_schedule(byte_view shared_secret);

    /// By the hash of the hellos.
    [[nodiscard]] bytes server_handshake_secret(byte_view transcript_hash) const;
    /// By the hash of all up to the server's Finished.
    [[nodiscard]] bytes server_traffic_secret(byte_view transcript_hash) const;

private:
    bytes handshake_;
};

/// The secret that follows it after a KeyUpdate (RFC 8446 section 7.2).
[[nodiscard]] bytes next_traffic_secret(byte_view secret);

/// What a Finished message of TLS 1.3 holds, by the secret of its side and the hash of all that came before (RFC 8446
/// section 4.4.4).
[[nodiscard]] bytes finished_data(byte_view traffic_secret, byte_view transcript_hash);

/// The binder of an external PSK, by the hash of the hellos up to the binders (RFC 8446 section 4.2.11.2).
[[nodiscard]] bytes psk_binder(byte_view psk, byte_view transcript_hash);

/// The PRF of TLS 1.2 (RFC 5246 section 5).
[[nodiscard]] bytes prf(byte_view secret, std::string_view label, byte_view seed, std::size_t size);

/// The keys of a connection of TLS 1.2: of the client and the server, then the fixed parts of their nonces (RFC 5246
/// section 6.3).
[[nodiscard]] bytes key_block(byte_view master_secret, byte_view server_random, byte_view client_random);

/// The two sides of TLS 1.2, as its Finished messages name them.
inline constexpr std::string_view client_finished = "client finished";
inline constexpr std::string_view server_finished = "server finished";

/// What a Finished message of TLS 1.2 holds (RFC 5246 section 7.4.9).
[[nodiscard]] inline bytes finished_data(byte_view master_secret, std::string_view side, byte_view transcript_hash) {
    return prf(master_secret, side, transcript_hash, 12);
}

} // namespace testbed

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"
#include "key_schedule.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace testbed {

/// Makes records of TLS 1.3 as a server would, from its traffic secret (RFC 8446 sections 5.2 and 7.3).
///
/// For TLS_AES_128_GCM_SHA256. This way anything can be sent, also what no server would send.
class record_sealer {
public:
    /// The next record has the number `first`.
    explicit record_sealer(byte_view traffic_secret, std::uint64_t first = 0);

    /// One record with this content, and zeros behind its type; handshake is type 22.
    [[nodiscard]] bytes seal(byte_view content, unsigned type = 22, std::size_t padding = 0);

private:
    bytes key_;
    bytes iv_;
    std::uint64_t number_;
};

/// The same for TLS 1.2 with AES-128-GCM (RFC 5246 section 6.3, RFC 5288 section 3).
class old_record_sealer {
public:
    /// The next record has the number `first`.
    old_record_sealer(
        byte_view master_secret, byte_view client_random, byte_view server_random, std::uint64_t first = 0);

    [[nodiscard]] bytes seal(byte_view content, unsigned type = 22);

private:
    bytes key_;
    bytes salt_;
    std::uint64_t number_;
};

/// Keeps the secret in a line of a key log; `to` are the bytes that become it.
inline void keep_secret(void* to, std::string_view line) noexcept {
    auto const text = line.substr(line.rfind(' ') + 1);
    auto& secret = *static_cast<bytes*>(to);
    secret.clear();
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        secret.push_back(static_cast<std::byte>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
}

/// Keeps the secret with which a server protects its data.
inline void keep_server_secret(void* to, std::string_view line) noexcept {
    if (line.starts_with("SERVER_TRAFFIC_SECRET_0 ")) keep_secret(to, line);
}

/// Keeps the secret with which it protects its side of the handshake.
inline void keep_server_handshake_secret(void* to, std::string_view line) noexcept {
    if (line.starts_with("SERVER_HANDSHAKE_TRAFFIC_SECRET ")) keep_secret(to, line);
}

} // namespace testbed

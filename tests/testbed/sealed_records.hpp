// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bytes.hpp"

#include <cstdint>

namespace testbed {

/// Makes records of TLS 1.3 as a server would, from the secret that a key log gives (RFC 8446 sections 5.2 and 7.3).
///
/// For TLS_AES_128_GCM_SHA256. This way anything can be sent, also what no server would send.
class record_sealer {
public:
    /// The next record has the number `first`.
    explicit record_sealer(byte_view traffic_secret, std::uint64_t first = 0);

    /// One record with this content; handshake is type 22.
    [[nodiscard]] bytes seal(byte_view content, unsigned type = 22);

private:
    bytes key_;
    bytes iv_;
    std::uint64_t number_;
};

/// A NewSessionTicket message of TLS 1.3 (RFC 8446 section 4.6.1).
[[nodiscard]] bytes new_session_ticket(std::uint32_t lifetime, byte_view nonce, byte_view ticket);

} // namespace testbed

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// What became of resuming a session.
enum class resumption : std::uint8_t {
    off,      ///< this client does not resume sessions
    nothing,  ///< there was no ticket for this server
    unfit,    ///< there was one that may not be used here or now
    declined, ///< one was offered, and the server made a full handshake, if need be on a second connection
    accepted, ///< the server resumed the session
};

/// In words, for example "accepted by the server".
[[nodiscard]] constexpr std::string_view name(resumption r) noexcept {
    switch (r) {
    case resumption::off: return "off";
    case resumption::nothing: return "no ticket for this server";
    case resumption::unfit: return "the ticket may not be used here or now";
    case resumption::declined: return "declined by the server";
    case resumption::accepted: return "accepted by the server";
    }
    return "unknown";
}

} // namespace tls

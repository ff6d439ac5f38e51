// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// Whether the server is known to accept our certificate, or that we sent none. A refusal is an error instead.
enum class acceptance : std::uint8_t {
    accepted, ///< the server has gone on with the connection
    unknown,  ///< nothing has been heard yet
};

/// "accepted" or "unknown".
[[nodiscard]] constexpr std::string_view name(acceptance a) noexcept {
    return a == acceptance::accepted ? "accepted" : "unknown";
}

} // namespace tls

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

/// What is known of the server's judgement of our certificate, or of our having none. A refusal is an error instead.
enum class acceptance : std::uint8_t {
    accepted, ///< the server goes on with us
    unknown,  ///< nothing has been heard yet
};

/// "accepted" or "unknown".
[[nodiscard]] constexpr std::string_view name(acceptance a) noexcept {
    return a == acceptance::accepted ? "accepted" : "unknown";
}

} // namespace tls

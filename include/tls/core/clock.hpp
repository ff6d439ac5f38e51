// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/version.hpp>

#include <cstdint>
#include <ctime>

namespace tls {

/// Tells what time it is, in seconds since 1970-01-01 UTC.
///
/// Called from every thread that makes or uses connections.
using wall_clock = std::int64_t (*)() noexcept;

/// The system's clock: what clients ask unless told otherwise. Thread safe.
[[nodiscard]] inline std::int64_t system_wall_clock() noexcept { return static_cast<std::int64_t>(std::time(nullptr)); }

} // namespace tls

namespace tls::detail {

/// True if a clock that says this was never set: nothing of ours is older than 2024.
[[nodiscard]] constexpr bool is_time_of_unset_clock(std::int64_t now) noexcept {
    constexpr std::int64_t start_of_2024 = 1704067200;
    return now < start_of_2024;
}

} // namespace tls::detail

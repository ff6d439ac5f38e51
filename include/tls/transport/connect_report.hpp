// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace tls {

/// Which addresses of a host were tried, in that order, and why each failed.
struct connect_report {
    /// One address.
    struct attempt {
        short_text address;      ///< in digits
        std::int32_t system = 0; ///< errno; ETIMEDOUT while there was no answer; 0 for the one that is connected
    };
    std::array<attempt, 8> attempts{}; ///< the first ones
    std::size_t tried = 0;             ///< how many there were; `attempts` may hold fewer
};

} // namespace tls

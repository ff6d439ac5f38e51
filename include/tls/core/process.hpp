// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <cstdint>

#if __has_include(<unistd.h>)
#    include <unistd.h>
#endif

namespace tls::detail {

using process_number = std::int32_t;

/// The number of this process; 0 where there are none.
[[nodiscard]] inline process_number this_process() noexcept {
#if __has_include(<unistd.h>)
    return ::getpid();
#else
    return 0;
#endif
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace soak {

/// What a process has of the system's.
struct process_size {
    std::size_t heap = 0;        ///< bytes given out and not given back; 0 where malloc does not tell
    std::size_t resident = 0;    ///< bytes of memory in use, with what the allocator keeps
    std::size_t descriptors = 0; ///< open

    [[nodiscard]] static process_size now();
    [[nodiscard]] std::string text() const;
};

} // namespace soak

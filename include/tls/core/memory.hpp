// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>

#include <cstddef>
#include <optional>

namespace tls {

/// Where twintls and both C libraries take their memory from, for example a static pool.
///
/// Both functions are called from every thread that uses twintls; none is malloc and free. Every block gets 16 bytes
/// more, in which its size is kept. docs/memory.md says what each library takes from here and what stays outside.
struct memory {
    /// A block of at least this size, aligned for any object, or null.
    void* (*allocate)(void* user, std::size_t size) noexcept = nullptr;
    /// Takes such a block back; never null.
    void (*free)(void* user, void* block) noexcept = nullptr;
    void* user = nullptr;  ///< handed to both
    std::size_t limit = 0; ///< the most bytes in use at a time, our 16 for each block included; 0 for no limit
};

/// How much memory is in use; see `memory_in_use`.
struct memory_usage {
    std::size_t bytes = 0;       ///< in use now, our 16 for each block included
    std::size_t most_bytes = 0;  ///< the most that was in use at a time
    std::size_t blocks = 0;      ///< in use now
    std::size_t allocations = 0; ///< ever made
    std::size_t refused = 0;     ///< allocations that failed
};

/// Sets where memory comes from and starts counting; once, and before anything else of twintls is used.
///
/// What can be refused is answered with out_of_memory, as always. The functions and what they use must live as long as
/// the program. Errors: bad_configuration if something was allocated before, if it was set before, or if one function
/// is given without the other. Not safe to call while another thread uses twintls.
[[nodiscard]] result<void> set_memory(memory const& from) noexcept;

/// What was counted since `set_memory`; all zero without it. Safe from any thread.
[[nodiscard]] memory_usage memory_in_use() noexcept;

/// How many allocations this thread has made since `set_memory`, with twintls and the C libraries; nothing without it.
[[nodiscard]] std::optional<std::size_t> allocations_of_this_thread() noexcept;

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/core/impl/memory.ipp>
#endif

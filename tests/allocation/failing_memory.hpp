// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// The allocations of this thread in this program: one of them can be made to fail.
///
/// Covers operator new, and malloc and calloc in everything that is linked statically (the linker's `--wrap`).
namespace allocation {

/// Makes the `number`-th allocation from now on fail, once; 1 is the next.
void fail(std::size_t number) noexcept;
/// Stops that. True if the allocation was reached.
bool failed() noexcept;
/// How many blocks this thread has allocated and not freed.
[[nodiscard]] long live() noexcept;

} // namespace allocation

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// The allocations of this thread in this program: some of them can be made to fail.
///
/// Covers operator new, and malloc, calloc and realloc in everything that is linked statically (the linker's `--wrap`).
namespace allocation {

/// Makes the `number`-th allocation from now on fail, once; 1 is the next.
void fail(std::size_t number) noexcept;
/// Makes that one and all after it fail.
void fail_from(std::size_t number) noexcept;
/// Stops that. True if the allocation was reached.
bool failed() noexcept;
/// How many blocks this thread has allocated and not freed.
[[nodiscard]] long live() noexcept;

/// While one exists, allocations neither count nor fail: they are the test's own, or a server's.
class spared {
public:
    spared() noexcept;
    spared(spared const&) = delete;
    spared& operator=(spared const&) = delete;
    ~spared();
};

/// From now on notes for each allocation of this thread which functions made it, as a number.
void start_noting();
[[nodiscard]] std::vector<std::uint64_t> stop_noting();

} // namespace allocation

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/allocation.hpp>

#include <algorithm>
#include <cstdlib>
#include <version>

namespace tls::detail {

/// What allocates; exchanged as a whole by `set_memory`, so that programs without it do not link what counts.
struct allocator_calls {
    void* (*allocate)(std::size_t) noexcept;
    void* (*allocate_zeroed)(std::size_t) noexcept;
    void* (*reallocate)(void*, std::size_t) noexcept;
    void (*release)(void*) noexcept;
};

inline constexpr allocator_calls from_the_c_library = {
    [](std::size_t size) noexcept { return std::malloc(size); },
    [](std::size_t size) noexcept { return std::calloc(1, size); },
    [](void* block, std::size_t size) noexcept { return std::realloc(block, size); },
    [](void* block) noexcept { std::free(block); },
};

inline constinit std::atomic<allocator_calls const*> allocator{&from_the_c_library};
inline constinit std::atomic<bool> allocated_before{false};

// Where there are no threads, a thread_local may need an allocation of its own.
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_HAS_GTHREADS)
inline constinit std::size_t allocations_that_failed = 0;
#else
inline constinit thread_local std::size_t allocations_that_failed = 0;
#endif

[[nodiscard]] inline allocator_calls const& allocator_in_use() noexcept {
    if (!allocated_before.load(std::memory_order_relaxed)) allocated_before.store(true, std::memory_order_relaxed);
    return *allocator.load(std::memory_order_relaxed);
}

[[nodiscard]] inline void* noted(void* block) noexcept {
    if (block == nullptr) ++allocations_that_failed;
    return block;
}

} // namespace tls::detail

namespace tls::seam {

// malloc(0) may be null and is no failure.
TWINTLS_DECL void* allocate(std::size_t size) noexcept {
    return detail::noted(detail::allocator_in_use().allocate(std::max<std::size_t>(size, 1)));
}

TWINTLS_DECL void* reallocate(void* block, std::size_t size) noexcept {
    return detail::noted(detail::allocator_in_use().reallocate(block, std::max<std::size_t>(size, 1)));
}

TWINTLS_DECL void* allocate_zeroed(std::size_t count, std::size_t size) noexcept {
    if (size != 0 && count > SIZE_MAX / 2 / size) return detail::noted(nullptr);
    return detail::noted(detail::allocator_in_use().allocate_zeroed(std::max<std::size_t>(count * size, 1)));
}

TWINTLS_DECL void release(void* block) noexcept {
    if (block != nullptr) detail::allocator.load(std::memory_order_relaxed)->release(block);
}

TWINTLS_DECL std::size_t failed_allocations() noexcept { return detail::allocations_that_failed; }

TWINTLS_DECL bool growing_block::make_room(std::size_t bytes, bool exactly) noexcept {
    if (bytes <= capacity_) return true;
    constexpr std::size_t least = 64;
    std::size_t const wanted = exactly ? bytes : std::max({bytes, capacity_ + capacity_ / 2, least});
    void* const larger = allocate(wanted);
    if (larger == nullptr) return false;
    if (bytes_ != 0) std::memcpy(larger, data_, bytes_);
    release(data_);
    data_ = larger;
    capacity_ = wanted;
    return true;
}

TWINTLS_DECL bool growing_block::open(std::size_t at, std::size_t bytes) noexcept {
    if (bytes > SIZE_MAX / 4 - bytes_ || !make_room(bytes_ + bytes, false)) return false;
    auto* const gap = static_cast<std::byte*>(data_) + at;
    if (at != bytes_) std::memmove(gap + bytes, gap, bytes_ - at);
    bytes_ += bytes;
    return true;
}

} // namespace tls::seam

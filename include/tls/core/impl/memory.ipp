// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/impl/allocation.ipp>
#include <tls/core/memory.hpp>

#include <algorithm>
#include <cstdlib>

namespace tls {
namespace detail {

/// Counts what is in use, and knows the size of every block by what stands before it.
class counting_allocator {
public:
    static void set(memory const& m) noexcept {
        from_ = m;
        if (m.allocate == nullptr) {
            from_.allocate = [](void*, std::size_t size) noexcept { return std::malloc(size); };
            from_.free = [](void*, void* block) noexcept { std::free(block); };
        }
        allocator.store(&calls, std::memory_order_relaxed);
    }

    [[nodiscard]] static memory_usage usage() noexcept {
        return {
            .bytes = bytes_, .most_bytes = most_bytes_, .blocks = blocks_, .allocations = made_, .refused = refused_};
    }

    [[nodiscard]] static std::optional<std::size_t> made_by_this_thread() noexcept {
        bool const counts = allocator.load(std::memory_order_relaxed) == &calls;
        return counts ? std::optional(made_here_) : std::nullopt;
    }

private:
    static constexpr std::size_t before_a_block = 16;
    static_assert(before_a_block >= sizeof(std::size_t) && before_a_block % alignof(std::max_align_t) == 0);

    [[nodiscard]] static bool take(std::size_t bytes) noexcept {
        std::size_t const now = bytes_ += bytes;
        if (from_.limit != 0 && now > from_.limit) {
            bytes_ -= bytes;
            return false;
        }
        std::size_t most = most_bytes_;
        while (most < now && !most_bytes_.compare_exchange_weak(most, now)) {
        }
        return true;
    }

    [[nodiscard]] static void* allocate(std::size_t size) noexcept {
        std::size_t const whole = size + before_a_block;
        bool const fits = size <= SIZE_MAX / 2 && take(whole);
        void* const block = fits ? from_.allocate(from_.user, whole) : nullptr;
        if (block == nullptr) {
            if (fits) bytes_ -= whole;
            ++refused_;
            return nullptr;
        }
        ::new (block) std::size_t(size);
        ++blocks_;
        ++made_;
        ++made_here_;
        return static_cast<std::byte*>(block) + before_a_block;
    }

    [[nodiscard]] static void* allocate_zeroed(std::size_t size) noexcept {
        void* const block = allocate(size);
        if (block != nullptr) std::memset(block, 0, size);
        return block;
    }

    [[nodiscard]] static std::byte* begin_of(void* block) noexcept {
        return static_cast<std::byte*>(block) - before_a_block;
    }
    [[nodiscard]] static std::size_t size_of(void* block) noexcept {
        return *std::launder(reinterpret_cast<std::size_t const*>(begin_of(block)));
    }

    static void release(void* block) noexcept {
        bytes_ -= size_of(block) + before_a_block;
        --blocks_;
        from_.free(from_.user, begin_of(block));
    }

    [[nodiscard]] static void* reallocate(void* block, std::size_t size) noexcept {
        void* const other = allocate(size);
        if (other == nullptr || block == nullptr) return other;
        std::memcpy(other, block, std::min(size, size_of(block)));
        release(block);
        return other;
    }

    static constexpr allocator_calls calls = {allocate, allocate_zeroed, reallocate, release};
    static inline memory from_;
    static inline constinit std::atomic<std::size_t> bytes_{0}, most_bytes_{0}, blocks_{0}, made_{0}, refused_{0};
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_HAS_GTHREADS)
    static inline constinit std::size_t made_here_ = 0; // there are no threads
#else
    static inline constinit thread_local std::size_t made_here_ = 0;
#endif
};

} // namespace detail

TWINTLS_DECL result<void> set_memory(memory const& from) noexcept {
    if ((from.allocate == nullptr) != (from.free == nullptr))
        return std::unexpected(configuration_error(errc::bad_configuration, "one function of the memory is missing"));
    if (detail::allocated_before.exchange(true))
        return std::unexpected(configuration_error(errc::bad_configuration, "the memory is in use already"));
    detail::counting_allocator::set(from);
    return {};
}

TWINTLS_DECL memory_usage memory_in_use() noexcept { return detail::counting_allocator::usage(); }

TWINTLS_DECL std::optional<std::size_t> allocations_of_this_thread() noexcept {
    return detail::counting_allocator::made_by_this_thread();
}

} // namespace tls

// SPDX-License-Identifier: Apache-2.0
#include "failing_memory.hpp"

#include <array>
#include <cstdlib>
#include <execinfo.h>
#include <new>
#include <utility>

namespace {

thread_local std::size_t left = 0; // until the allocation that is to fail; 0: none fails
thread_local bool all_after = false;
thread_local bool reached = false;
thread_local long blocks = 0;
thread_local int sparing = 0;
thread_local bool noting = false;
thread_local std::vector<std::uint64_t> noted;

/// The functions that are active, as one number.
std::uint64_t place() noexcept {
    constexpr int depth = 10;
    std::array<void*, depth> frames;
    int const n = backtrace(frames.data(), depth);
    std::uint64_t hash = 1469598103934665603U;
    for (int i = 0; i < n; ++i) {
        hash ^= reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)]);
        hash *= 1099511628211U;
    }
    return hash;
}

void note() {
    allocation::spared const own;
    noted.push_back(place());
}

bool is_to_fail() noexcept {
    if (sparing != 0) return false;
    if (noting) note();
    if (left == 0) return false;
    if (left > 1) {
        --left;
        return false;
    }
    if (!all_after) left = 0;
    reached = true;
    return true;
}

void* counted(void* p) noexcept {
    if (p != nullptr) ++blocks;
    return p;
}

} // namespace

// The names are the linker's.
// NOLINTBEGIN
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* p, std::size_t size);
void __real_free(void* p);

void* __wrap_malloc(std::size_t size) { return is_to_fail() ? nullptr : counted(__real_malloc(size)); }
void* __wrap_calloc(std::size_t count, std::size_t size) {
    return is_to_fail() ? nullptr : counted(__real_calloc(count, size));
}
void* __wrap_realloc(void* p, std::size_t size) {
    if (is_to_fail()) return nullptr;
    void* const other = __real_realloc(p, size);
    return p == nullptr ? counted(other) : other;
}
void __wrap_free(void* p) {
    if (p != nullptr) --blocks;
    __real_free(p);
}
}
// NOLINTEND

void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return std::malloc(size); }
void* operator new(std::size_t size) {
    if (void* const p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace allocation {

void fail(std::size_t number) noexcept {
    left = number;
    all_after = false;
    reached = false;
}

void fail_from(std::size_t number) noexcept {
    fail(number);
    all_after = true;
}

bool failed() noexcept {
    left = 0;
    return reached;
}

long live() noexcept { return blocks; }

spared::spared() noexcept { ++sparing; }
spared::~spared() { --sparing; }

void start_noting() {
    (void)place(); // the first call loads what it needs
    noted.clear();
    noting = true;
}

std::vector<std::uint64_t> stop_noting() {
    noting = false;
    return std::exchange(noted, {});
}

} // namespace allocation

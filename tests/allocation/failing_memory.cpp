// SPDX-License-Identifier: Apache-2.0
#include "failing_memory.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t left = 0; // until the allocation that is to fail; 0: none fails
thread_local bool reached = false;
thread_local long blocks = 0;

bool is_to_fail() noexcept {
    if (left == 0 || --left != 0) return false;
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
void __real_free(void* p);

void* __wrap_malloc(std::size_t size) { return is_to_fail() ? nullptr : counted(__real_malloc(size)); }
void* __wrap_calloc(std::size_t count, std::size_t size) {
    return is_to_fail() ? nullptr : counted(__real_calloc(count, size));
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
    reached = false;
}

bool failed() noexcept {
    left = 0;
    return reached;
}

long live() noexcept { return blocks; }

} // namespace allocation

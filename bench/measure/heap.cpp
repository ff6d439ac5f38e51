// SPDX-License-Identifier: Apache-2.0
#include "heap.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <malloc.h>

namespace {

thread_local bench::heap_use* watched = nullptr;

void* counted(void* p) {
    if (watched == nullptr || p == nullptr) return p;
    auto const size = static_cast<std::int64_t>(::malloc_usable_size(p));
    ++watched->allocations;
    watched->bytes += static_cast<std::uint64_t>(size);
    watched->live += size;
    watched->peak = std::max(watched->peak, watched->live);
    return p;
}

void forget(void* p) {
    if (watched != nullptr && p != nullptr) watched->live -= static_cast<std::int64_t>(::malloc_usable_size(p));
}

} // namespace

// The program's own definitions replace glibc's everywhere in it, and call them.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* p, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* p);

void* malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size)); }
void* realloc(void* p, std::size_t size) {
    forget(p);
    return counted(__libc_realloc(p, size));
}
void* memalign(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
int posix_memalign(void** into, std::size_t alignment, std::size_t size) {
    *into = counted(__libc_memalign(alignment, size));
    return *into != nullptr ? 0 : ENOMEM;
}
void free(void* p) {
    forget(p);
    __libc_free(p);
}
}

namespace bench {

void heap_watch::start() { watched = &use_; }
void heap_watch::stop() {
    if (watched == &use_) watched = nullptr;
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/signature/memory.hpp>

#include <algorithm>
#include <new>

namespace tls::signature {

TWINTLS_DECL memory::memory(std::size_t edges) noexcept
    : capacity_(std::min(edges, max_edges)),
      edges_(capacity_ == 0 ? nullptr : new(std::nothrow) edge[capacity_]) {
    if (!edges_) capacity_ = 0;
}

TWINTLS_DECL std::size_t memory::size() const noexcept {
    std::scoped_lock const guard(lock_);
    return size_;
}

TWINTLS_DECL bool memory::knows(edge const& e) const noexcept {
    std::scoped_lock const guard(lock_);
    std::span const held(edges_.get(), size_);
    return std::ranges::find(held, e) != held.end();
}

TWINTLS_DECL void memory::keep(std::span<edge const> good) noexcept {
    if (capacity_ == 0 || good.empty()) return;
    std::scoped_lock const guard(lock_);
    for (edge const& e : good) {
        auto* const begin = edges_.get();
        auto* place = std::find(begin, begin + size_, e);
        if (place == begin + size_) {
            // A new one: into a free place, or over the least recently used.
            if (size_ != capacity_) ++size_;
            place = begin + (size_ - 1);
            *place = e;
        }
        std::rotate(begin, place, place + 1);
    }
}

TWINTLS_DECL void memory::clear() noexcept {
    std::scoped_lock const guard(lock_);
    size_ = 0;
}

} // namespace tls::signature

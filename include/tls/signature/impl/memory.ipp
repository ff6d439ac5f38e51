// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/signature/memory.hpp>

#include <algorithm>
#include <new>

namespace tls::signature {

TWINTLS_DECL memory::memory(std::size_t edges) noexcept
    : capacity_(std::min(edges, max_edges)),
      block_(capacity_ == 0 ? nullptr : seam::make_bytes(capacity_ * sizeof(edge))) {
    if (block_)
        edges_ = ::new (block_.get()) edge[capacity_];
    else
        capacity_ = 0;
}

TWINTLS_DECL std::size_t memory::size() const noexcept {
    std::scoped_lock const guard(lock_);
    return size_;
}

TWINTLS_DECL bool memory::knows(edge const& e) const noexcept {
    std::scoped_lock const guard(lock_);
    std::span const held(edges_, size_);
    return std::ranges::find(held, e) != held.end();
}

TWINTLS_DECL void memory::keep(std::span<edge const> good) noexcept {
    if (capacity_ == 0 || good.empty()) return;
    std::scoped_lock const guard(lock_);
    for (edge const& e : good) {
        auto* const begin = edges_;
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

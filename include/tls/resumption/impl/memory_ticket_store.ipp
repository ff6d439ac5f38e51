// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/resumption/memory_ticket_store.hpp>

#include <algorithm>
#include <memory>

namespace tls {

TWINTLS_DECL memory_ticket_store::memory_ticket_store(std::size_t servers) noexcept
    : count_(std::clamp<std::size_t>(servers, 1, SIZE_MAX / 2 / sizeof(shelf))) {}

TWINTLS_DECL memory_ticket_store::~memory_ticket_store() {
    std::ranges::destroy(shelves());
    seam::release(shelves_);
}

TWINTLS_DECL memory_ticket_store::shelf* memory_ticket_store::find(ticket_key const& key) noexcept {
    auto const all = shelves();
    auto const found = std::ranges::find_if(all, [&](shelf const& s) { return s.used != 0 && s.key == key; });
    return found == all.end() ? nullptr : &*found;
}

TWINTLS_DECL void memory_ticket_store::put(ticket&& t) noexcept {
    std::scoped_lock const guard(lock_);
    if (shelves_ == nullptr) {
        void* const room = seam::allocate(count_ * sizeof(shelf));
        if (room == nullptr) return;
        shelves_ = static_cast<shelf*>(room);
        std::uninitialized_value_construct_n(shelves_, count_);
    }
    shelf* place = find(t.key());
    if (place == nullptr) {
        place = &*std::ranges::min_element(shelves(), {}, &shelf::used);
        for (auto& old : place->tickets) old.reset();
        place->count = 0;
        place->key = t.key();
    }
    place->used = ++clock_;
    if (place->count == tickets_each) {
        std::ranges::move(place->tickets.begin() + 1, place->tickets.end(), place->tickets.begin());
        --place->count;
    }
    place->tickets[place->count++] = std::move(t);
}

TWINTLS_DECL std::optional<ticket> memory_ticket_store::take(ticket_key const& key) noexcept {
    std::scoped_lock const guard(lock_);
    shelf* const place = find(key);
    if (place == nullptr) return std::nullopt;
    auto taken = std::exchange(place->tickets[--place->count], std::nullopt);
    place->used = place->count == 0 ? 0 : ++clock_; // an empty shelf is free
    return taken;
}

TWINTLS_DECL void memory_ticket_store::clear() noexcept {
    std::scoped_lock const guard(lock_);
    for (shelf& s : shelves()) {
        for (auto& t : s.tickets) t.reset();
        s.count = 0;
        s.used = 0;
    }
}

TWINTLS_DECL std::size_t memory_ticket_store::size() const noexcept {
    std::scoped_lock const guard(lock_);
    std::size_t all = 0;
    for (shelf const& s : shelves()) all += s.count;
    return all;
}

} // namespace tls

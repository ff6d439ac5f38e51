// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/resumption/ticket_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

namespace tls {

/// A ticket store in memory for a limited number of servers; the least recently used server is dropped first.
///
/// One store may serve many clients, of both backends and of any configuration: a client finds only tickets that were
/// issued to one configured alike. Safe to use from many threads. All places are allocated by the first `put`, and
/// nothing after that; where memory runs out, the ticket is dropped, and the next one tries again.
class memory_ticket_store {
public:
    static constexpr std::size_t default_servers = 64;
    static constexpr std::size_t tickets_each = 4; ///< for one server; the oldest is dropped first

    /// A store for tickets of this many servers, each counted once for every client configuration that uses it.
    explicit memory_ticket_store(std::size_t servers = default_servers) noexcept;
    memory_ticket_store(memory_ticket_store const&) = delete;
    memory_ticket_store& operator=(memory_ticket_store const&) = delete;
    ~memory_ticket_store();

    void put(ticket&& t) noexcept;
    [[nodiscard]] std::optional<ticket> take(ticket_key const& key) noexcept;

    /// Drops every ticket.
    void clear() noexcept;
    /// How many tickets there are.
    [[nodiscard]] std::size_t size() const noexcept;

private:
    struct shelf {
        ticket_key key;
        std::uint64_t used = 0;                                  ///< when, by `clock_`; 0 for a free shelf
        std::array<std::optional<ticket>, tickets_each> tickets; ///< oldest first
        std::size_t count = 0;
    };

    [[nodiscard]] shelf* find(ticket_key const& key) noexcept;

    mutable std::mutex lock_;
    [[nodiscard]] std::span<shelf> shelves() const noexcept { return {shelves_, shelves_ == nullptr ? 0 : count_}; }

    std::size_t count_;
    shelf* shelves_ = nullptr; // `count_` of them, since the first ticket
    std::uint64_t clock_ = 0;
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/resumption/impl/memory_ticket_store.ipp>
#endif

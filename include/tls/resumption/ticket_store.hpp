// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/resumption/ticket.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace tls::seam {
struct resumption_calls;
}

namespace tls {

/// Where tickets wait for the next connection: anything that keeps them by `ticket::key()`.
///
/// `put` takes a ticket, and may drop it or others. `take` hands out one with exactly this key, the newest if it has
/// several, so that none is used twice. Both are called inside connections, from every thread that has one, and must
/// not block for long or use the connection. A store need not be trusted with more than secrecy: whether a ticket fits
/// is checked again when it is offered.
template <class S>
concept ticket_store = requires(S& s, ticket&& t, ticket_key const& k) {
    { s.put(std::move(t)) } noexcept;
    { s.take(k) } noexcept -> std::same_as<std::optional<ticket>>;
};

/// For `.resumption(own_tickets)`: the application takes tickets from sessions and gives them to connections itself.
struct own_tickets_t {
    explicit own_tickets_t() = default;
};
inline constexpr own_tickets_t own_tickets{};

namespace detail {

/// A type-erased ticket store, owned or borrowed; false if there is none.
class any_ticket_store {
public:
    any_ticket_store() noexcept = default;
    template <ticket_store S>
    explicit any_ticket_store(S& lent) noexcept
        : self_(std::addressof(lent)),
          put_([](void* self, ticket&& t) noexcept { static_cast<S*>(self)->put(std::move(t)); }),
          take_([](void* self, ticket_key const& k) noexcept { return static_cast<S*>(self)->take(k); }) {}
    template <ticket_store S>
    explicit any_ticket_store(std::shared_ptr<S> shared) noexcept : any_ticket_store(*shared) {
        owner_ = std::move(shared);
    }

    [[nodiscard]] explicit operator bool() const noexcept { return self_ != nullptr; }
    void put(ticket&& t) const noexcept { put_(self_, std::move(t)); }
    [[nodiscard]] std::optional<ticket> take(ticket_key const& key) const noexcept { return take_(self_, key); }

private:
    void* self_ = nullptr;
    void (*put_)(void*, ticket&&) noexcept = nullptr;
    std::optional<ticket> (*take_)(void*, ticket_key const&) noexcept = nullptr;
    std::shared_ptr<void> owner_;
};

/// What a client was told about resumption.
struct resumption_settings {
    seam::resumption_calls const* calls = nullptr; ///< null: sessions are not resumed
    any_ticket_store store;                        ///< none: the application keeps its own tickets
    std::array<std::byte, 32> client{};            ///< the client's part of every ticket's key
};

} // namespace detail
} // namespace tls

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/fingerprint.hpp>
#include <tls/connection/connection.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/transport/transport.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace tls::detail {

/// A transport that knows the port it is connected to.
template <class T>
concept knows_its_port = requires(T const& t) {
    { t.peer_port() } noexcept -> std::same_as<std::uint16_t>;
};

/// That port, or 0.
template <class T> [[nodiscard]] std::uint16_t port_of([[maybe_unused]] T const& transport) noexcept {
    if constexpr (knows_its_port<T>)
        return transport.peer_port();
    else
        return 0;
}

/// Where a connection goes, and with which ticket.
struct destination {
    server_name name;
    std::uint16_t port = 0;        ///< of the transport, where the name has none
    std::optional<ticket> given{}; ///< instead of one from the store
    bool anew = false;             ///< with no ticket at all
};

/// A connection that has sent nothing yet. Errors: bad_configuration for a ticket that can never be used,
/// out_of_memory, and what the C library refuses.
template <backend Backend>
[[nodiscard]] result<connection<Backend>>
begin(typename Backend::context const& context, settings const& s, destination to) noexcept {
    std::unique_ptr<connection_tickets> tickets;
    if (to.given && !s.resumption.on)
        return std::unexpected(configuration_error(errc::bad_configuration, "a ticket, and no .resumption(...)"));
    if (s.resumption.on) {
        auto const server = server_part<Backend>(to.name, to.name.port() != 0 ? to.name.port() : to.port);
        if (!server) return std::unexpected(server.error());
        tickets.reset(new (std::nothrow) connection_tickets(s.resumption, s.clock, {s.resumption.client, *server}));
        if (!tickets) return std::unexpected(configuration_error(errc::out_of_memory));
        if (!to.anew) tickets->choose(std::move(to.given));
    }
    auto e = Backend::make_engine(context, to.name, tickets ? tickets->offer() : seam::offered_session{});
    if (!e) return std::unexpected(e.error());
    if (!e->core().handshake) return std::unexpected(configuration_error(errc::out_of_memory));
    if (tickets) {
        tickets->offered(e->session_offered());
        e->core().tickets = std::move(tickets);
    }
    return connection<Backend>(std::move(*e), s);
}

} // namespace tls::detail

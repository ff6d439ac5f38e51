// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/bytes.hpp"
#include <tls/resumption/connection_tickets.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/resumption/ticket_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

/// Tickets without a connection, made where connections make them.
namespace made {

inline constexpr std::int64_t day = 86400;
inline constexpr std::int64_t start = 1'750'000'000; ///< what the test's clock says unless told otherwise

inline std::int64_t now = start;
inline std::int64_t clock() noexcept { return now; }

/// Sets the test's clock for as long as it lives.
struct at {
    explicit at(std::int64_t moment) { now = moment; }
    at(at const&) = delete;
    at& operator=(at const&) = delete;
    ~at() { now = start; }
};

/// A key of its own for each pair of numbers.
inline tls::ticket_key key(std::uint32_t client, std::uint32_t server) {
    tls::ticket_key k;
    for (std::size_t i = 0; i != 4; ++i) {
        k.client[i] = static_cast<std::byte>(client >> (8 * i));
        k.server[i] = static_cast<std::byte>(server >> (8 * i));
    }
    return k;
}

/// How a ticket came about.
struct ticket_options {
    tls::ticket_key key = made::key(1, 1);
    char const* backend = "none";
    tls::protocol_version version = tls::protocol_version::tls_1_3;
    std::uint32_t lifetime = 3600;
    std::int64_t verified_at = start;
    std::int64_t trusted_from = start - 30 * day;
    std::int64_t trusted_until = start + 30 * day;
    std::array<std::byte, 32> lists{};
    testbed::bytes leaf = testbed::pattern(40, 2);
    testbed::bytes session = testbed::pattern(60, 3);
};

inline tls::x509::secret_bytes secret(testbed::byte_view bytes) {
    auto copy = tls::x509::secret_bytes::copy_of(bytes);
    return copy ? std::move(*copy) : tls::x509::secret_bytes();
}

inline tls::detail::session_origin origin(ticket_options const& o) {
    return {secret(o.leaf), o.verified_at, o.trusted_from, o.trusted_until, o.lists};
}

/// Settings of an application that keeps its own tickets.
inline tls::detail::resumption_settings own_tickets() { return {}; }

/// The ticket that a full handshake and one NewSessionTicket leave, if they leave one.
inline std::optional<tls::ticket> try_ticket(ticket_options const& o) {
    auto const settings = own_tickets();
    tls::detail::connection_tickets desk(settings, clock, o.key);
    desk.full_handshake(origin(o));
    desk.issued(secret(o.session), o.backend, o.version, o.lifetime);
    return desk.take();
}
inline tls::ticket ticket(ticket_options const& o = {}) { return std::move(try_ticket(o).value()); }

} // namespace made

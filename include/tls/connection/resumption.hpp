// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/fingerprint.hpp>
#include <tls/connection/backend.hpp>
#include <tls/connection/destination.hpp>
#include <tls/connection/resumption_calls.hpp>
#include <tls/core/allocation.hpp>

#include <cstdint>
#include <optional>
#include <utility>

/// The steps of a connection that resumes sessions. Nothing but `.resumption(...)` refers to them.
namespace tls::detail {

/// The stamp of the revocation lists that a session must have been made with; nullopt if the library fails.
[[nodiscard]] inline std::optional<verify::digest> lists_now(settings const& s) noexcept {
    return s.further ? s.further->revocation.stamp() : verify::digest{};
}

/// See `seam::resumption_calls::begin`.
template <backend Backend>
[[nodiscard]] result<void>
begin_resumption(seam::engine_core& core, settings const& s, destination const& to) noexcept {
    auto const server = server_part<Backend>(to.name, to.name.port() != 0 ? to.name.port() : to.port);
    if (!server) return std::unexpected(server.error());
    core.tickets.reset(
        seam::make_owned<connection_tickets>(s.resumption, s.clock, ticket_key{s.resumption.client, *server})
            .release());
    if (!core.tickets) return std::unexpected(configuration_error(errc::out_of_memory));
    connection_tickets& tickets = *core.tickets;
    if (to.anew)
        tickets.declined_before();
    else if (auto const lists = lists_now(s))
        tickets.choose(to.given != nullptr ? std::optional(std::move(*to.given)) : std::nullopt, *lists);
    seam::memory_watch const memory;
    core.session_offered = Backend::sessions.offer(core, s, tickets.offer());
    // What a library took of it before memory ran out would be in the hello.
    if (!core.session_offered && memory.ran_out()) return std::unexpected(configuration_error(errc::out_of_memory));
    tickets.offered(core.session_offered);
    return {};
}

/// What a full handshake has found out about the server.
[[nodiscard]] inline result<session_origin>
origin_of(seam::engine_core const& core, settings const& s, seam::completed_handshake const& h) noexcept {
    auto leaf = x509::secret_bytes::copy_of(h.leaf);
    if (!leaf) return std::unexpected(leaf.error());
    verify::server_verification const& check = core.handshake->check;
    if (!check.lists()) return std::unexpected(configuration_error(errc::internal, "SHA-256"));
    return session_origin{std::move(*leaf), s.clock(), check.trusted_from(), check.trusted_until(), *check.lists()};
}

/// See `seam::resumption_calls::completed`.
template <backend Backend>
void complete_resumption(seam::engine_core& core, settings const& s, seam::completed_handshake const& h) noexcept {
    constexpr std::uint32_t unspecified = 86400; // RFC 5077 section 3.3 leaves it to the client
    plaintext_facts const& seen = core.wire.seen();
    connection_tickets& tickets = *core.tickets;
    if (h.resumed)
        tickets.resumed(seen.ticket_lifetime.has_value());
    else
        tickets.full_handshake(origin_of(core, s, h));
    bool const new_session = seen.ticket_lifetime || (!h.resumed && seen.session_id);
    if (h.version != protocol_version::tls_1_2 || !new_session || !seen.extended_master_secret) return;
    std::uint32_t const lifetime = seen.ticket_lifetime.value_or(0);
    tickets.issued(
        Backend::sessions.current(core), Backend::name, protocol_version::tls_1_2,
        lifetime != 0 ? lifetime : unspecified);
}

/// What `.resumption(...)` puts into the settings.
template <backend Backend>
inline constexpr seam::resumption_calls resumption_of = {
    .backend = Backend::sessions,
    .client_part = client_part<Backend>,
    .begin = begin_resumption<Backend>,
    .may_go_on =
        [](seam::engine_core const& core) noexcept {
            return core.tickets->may_go_on(lists_now(*core.handshake->configured));
        },
    .completed = complete_resumption<Backend>,
    .failed = [](connection_tickets& tickets) noexcept { tickets.failed(); },
    .release = [](connection_tickets* tickets) noexcept { seam::destroyer<connection_tickets>{}(tickets); },
};

} // namespace tls::detail

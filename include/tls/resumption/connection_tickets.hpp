// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/clock.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/fact.hpp>
#include <tls/core/protocol.hpp>
#include <tls/resumption/resumption.hpp>
#include <tls/resumption/ticket.hpp>
#include <tls/resumption/ticket_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::seam {

/// A session that a backend is to offer, as its library serialised it.
struct offered_session {
    std::span<std::byte const> session; ///< empty: offer none
    std::int64_t age = 0;               ///< since its ticket was received, in seconds by the wall clock
};

} // namespace tls::seam

namespace tls::detail {

/// The tickets of one connection: chooses the one to offer, and looks after those the server sends.
///
/// Only connections of clients that resume sessions have one.
class connection_tickets {
public:
    /// The settings must outlive this object; the clock says how old tickets are.
    connection_tickets(resumption_settings const& s, wall_clock clock, ticket_key const& key) noexcept
        : settings_(&s),
          clock_(clock),
          key_(key) {}

    /// Decides what to offer: the ticket given, or one from the store. Only one whose server was looked up in the
    /// revocation lists of this stamp, so that no session goes on that newer lists may forbid.
    void choose(std::optional<ticket> given, std::array<std::byte, 32> const& lists = {}) noexcept;
    /// The session to offer, empty if none; valid until `offered` or the end of the handshake.
    [[nodiscard]] seam::offered_session offer() const noexcept;
    /// Whether the library took it.
    void offered(bool taken) noexcept;
    [[nodiscard]] bool has_offered() const noexcept { return chosen_ && outcome_ == resumption::declined; }
    /// This connection is made because an earlier one failed for the ticket that it offered.
    void declined_before() noexcept { outcome_ = resumption::declined; }

    /// The version of the session that is offered.
    [[nodiscard]] std::optional<protocol_version> offered_version() const noexcept {
        if (!chosen_) return std::nullopt;
        return chosen_->version();
    }

    /// The server resumes the session offered: whether it may go on, judged anew by the clock and by the stamp of the
    /// revocation lists that are there by now, nullopt if it is not known. Once it may not, it never may.
    [[nodiscard]] bool may_go_on(std::optional<std::array<std::byte, 32>> const& lists) noexcept;
    /// A full handshake is complete. If the origin is an error, because memory ran out, no session is kept.
    void full_handshake(result<session_origin> origin) noexcept;
    /// The server has resumed the session offered. Under TLS 1.2 its ticket remains in use if no new one came.
    void resumed(bool new_ticket_came) noexcept;
    /// The handshake failed because of the ticket: the store's others for this server are no better, and are dropped.
    void failed() noexcept;

    /// The server's own certificate, in DER, as the original handshake got it; empty unless the session was resumed.
    [[nodiscard]] std::span<std::byte const> remembered_leaf() const noexcept {
        if (outcome_ != resumption::accepted || !origin_) return {};
        return origin_->leaf.span();
    }
    [[nodiscard]] resumption outcome() const noexcept { return outcome_; }
    [[nodiscard]] resumption_settings const& configuration() const noexcept { return *settings_; }

    /// The server has issued a session; `lifetime` is in seconds. Dropped before a handshake is complete, with a
    /// lifetime of zero, and where memory runs out.
    void
    issued(x509::secret_bytes session, char const* backend, protocol_version version, std::uint32_t lifetime) noexcept;
    /// The oldest ticket of those the server issued, where the application keeps its own.
    [[nodiscard]] std::optional<ticket> take() noexcept;

private:
    static constexpr std::size_t kept = 4; // more unclaimed tickets than these are dropped, the oldest first

    void hand_over(ticket&& t) noexcept;

    resumption_settings const* settings_;
    wall_clock clock_;
    ticket_key key_;
    resumption outcome_ = resumption::nothing;
    std::optional<ticket> chosen_;
    bool is_outdated_ = false;                      // the one chosen, since it was offered
    std::optional<session_origin> origin_;          // of this connection's session, once the handshake is complete
    std::array<seam::owned<ticket>, kept> waiting_; // on the heap: most connections have none
};

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/resumption/impl/connection_tickets.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>
#include <tls/core/secret.hpp>
#include <tls/resumption/connection_tickets.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace tls::detail {
struct destination;
} // namespace tls::detail

namespace tls::seam {

struct engine_core;

/// What a backend does for clients that resume sessions: its `sessions`.
///
/// Held as function pointers, which only the builder's `.resumption(...)` sets, so that a program that never calls it
/// links none of them. None of them ever fails a connection.
struct session_calls {
    /// Prepares the library's configuration, in which resumption is off by default.
    void (*configure)(void* library_configuration, settings const& s) noexcept;
    /// Before the handshake: makes the connection ask for tickets, and offers the session unless it is empty. True if
    /// the library took it.
    bool (*offer)(engine_core& core, settings const& s, offered_session const& session) noexcept;
    /// TLS 1.2, after the handshake: the session as the library serialises it, empty if it cannot be had. Sessions of
    /// TLS 1.3 are given to core.tickets->issued() as their tickets arrive.
    x509::secret_bytes (*current)(engine_core& core) noexcept;
    /// The same for a session of TLS 1.3, called by the backend itself where its library has no callback for tickets.
    void (*ticket_came)(engine_core& core) noexcept;
};

/// A handshake that is complete, as far as tickets are concerned.
struct completed_handshake {
    protocol_version version = protocol_version::tls_1_2;
    bool resumed = false;
    std::span<std::byte const> leaf; ///< the server's own certificate in DER, of a full handshake
};

/// Everything that resuming sessions adds to a client, as function pointers for the same reason.
struct resumption_calls {
    session_calls backend;
    /// The client's part of every ticket's key. Errors: internal.
    result<std::array<std::byte, 32>> (*client_part)(settings const& s) noexcept;
    /// Gives a new connection its tickets, and offers one. Errors: internal, out_of_memory.
    result<void> (*begin)(engine_core& core, settings const& s, detail::destination const& to) noexcept;
    /// The server resumes the session that was offered: whether it still may. Only during the handshake.
    bool (*may_go_on)(engine_core const& core) noexcept;
    /// Tells the tickets how the handshake ended, and under TLS 1.2 takes the session, which is complete by now.
    void (*completed)(engine_core& core, settings const& s, completed_handshake const& h) noexcept;
    /// The handshake failed for the session that was offered.
    void (*failed)(detail::connection_tickets& tickets) noexcept;
    void (*release)(detail::connection_tickets* tickets) noexcept;
};

/// Deletes a connection's tickets.
struct release_tickets {
    void operator()(detail::connection_tickets* t) const noexcept { t->configuration().calls->release(t); }
};

} // namespace tls::seam

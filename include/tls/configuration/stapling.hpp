// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/error.hpp>

#include <cstddef>
#include <span>

namespace tls::seam {

struct engine_core;

/// What a backend does for clients that want stapled statuses (RFC 6066 section 8): its `stapling`.
///
/// Held as function pointers, which only the builder's calls for them set, so that other programs link none of them.
/// Null where the library cannot ask for a status.
struct stapling_calls {
    /// Has the connections of a context give each status that a server staples to its own certificate to
    /// `server_verification::judge_status`, before anything of ours leaves that depends on it.
    result<void> (*receive)(void* library_configuration) noexcept;
    /// Before the handshake: has one connection ask for it.
    result<void> (*ask)(engine_core& core) noexcept;
};

} // namespace tls::seam

namespace tls::verify {

class server_verification;

/// What is done about stapled statuses. Only the builder's calls for them refer to it, so that other programs do not
/// link it: see `server_verification`.
struct status_rules {
    void (*expect)(server_verification& check, std::span<std::byte const> issuer) noexcept;
    void (*is_missing)(server_verification& check) noexcept;
    bool (*judge)(server_verification& check, std::span<std::byte const> response) noexcept;
};

} // namespace tls::verify

namespace tls::detail {

/// What a client was told about stapled statuses.
struct stapling_settings {
    bool required = false;                       ///< from every server
    bool honours_must_staple = false;            ///< from those whose certificate promises one
    seam::stapling_calls const* calls = nullptr; ///< null: nothing was asked for
    verify::status_rules const* rules = nullptr; ///< the same

    /// Whether the library can ask for one.
    [[nodiscard]] bool can_ask() const noexcept { return calls != nullptr && calls->ask != nullptr; }
};

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/exporting.hpp>
#include <tls/configuration/own_identities.hpp>
#include <tls/configuration/stapling.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/server_name.hpp>
#include <tls/revocation/pins.hpp>
#include <tls/revocation/revocation_rule.hpp>
#include <tls/verify/judge.hpp>
#include <tls/verify/peer_path.hpp>
#include <tls/verify/server_check.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tls {

/// What most clients do not ask for. Apart from the rest, so that they do not link it.
struct further_settings {
    std::optional<key_pins> pins;
    verify::further_rule pin_rule; ///< theirs
    detail::revocation_settings revocation;
    detail::stapling_settings stapling;
    detail::server_check_settings also_require;
    decltype(&peer_path::of) keep_path = nullptr; ///< null: what the server sent is not kept
    verify::rule_asker ask_rules = nullptr;       ///< null without pins and revocation lists

    seam::array<server_name> names;              ///< a server proves one of these; empty: the one that was connected to
    std::size_t record_size = limits::plaintext; ///< the most data that we put into one record
    std::uint16_t max_fragment = 0; ///< the most that either side is to put into one, as asked for; 0: nothing is asked
    seam::exporting_calls const* exporting = nullptr; ///< null: no keying material is exported
    seam::shared<detail::identity_list> identities;   ///< null: one at most

    /// Whether any of it can refuse a server.
    [[nodiscard]] bool has_say() const noexcept {
        return ask_rules != nullptr || also_require.ask != nullptr || stapling.rules != nullptr;
    }
};

} // namespace tls

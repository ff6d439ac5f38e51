// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/revocation/revocation_lists.hpp>
#include <tls/revocation/rule.hpp>

#include <cstdint>
#include <optional>

namespace tls::detail {

/// What a client was told about revocation lists.
struct revocation_settings {
    std::optional<revocation_source> source;
    revocation_scope scope = revocation_scope::whole_path;
    /// The judge's question; null without lists.
    verify::rule_finding (*check)(void const* of, verify::proven_path const&, verify::inquiry const&) noexcept =
        nullptr;

    /// When the newest list was issued; null without lists.
    std::int64_t (*newest)(revocation_settings const&) noexcept = nullptr;

    [[nodiscard]] verify::further_rule rule() const noexcept { return {check, this}; }
    /// No session may be resumed whose server was judged up to this moment: newer lists may say otherwise.
    [[nodiscard]] std::int64_t sessions_from() const noexcept { return newest != nullptr ? newest(*this) : INT64_MIN; }
};

/// Looks up the certificates of a path, `of` being the settings.
[[nodiscard]] verify::rule_finding
check_revocation(void const* of, verify::proven_path const& path, verify::inquiry const& ask) noexcept;

/// When the newest list of these settings was issued.
[[nodiscard]] std::int64_t newest_list(revocation_settings const& of) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/revocation_rule.ipp>
#endif

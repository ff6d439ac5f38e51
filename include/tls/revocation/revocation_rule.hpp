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
    /// The stamp of the lists that are there now; null without lists.
    std::optional<verify::digest> (*stamp_now)(revocation_settings const&) noexcept = nullptr;

    [[nodiscard]] verify::further_rule rule() const noexcept { return {check, this}; }
    /// That stamp: no session is resumed whose server was looked up in others. Zeros without lists; nullopt if the
    /// library fails, and then none is resumed.
    [[nodiscard]] std::optional<verify::digest> stamp() const noexcept {
        return stamp_now != nullptr ? stamp_now(*this) : verify::digest{};
    }
};

/// Looks up the certificates of a path, `of` being the settings.
[[nodiscard]] verify::rule_finding
check_revocation(void const* of, verify::proven_path const& path, verify::inquiry const& ask) noexcept;

/// The stamp of the lists that these settings have now.
template <class Backend>
[[nodiscard]] std::optional<verify::digest> stamp_of_lists(revocation_settings const& of) noexcept {
    return stamp_of(of.source->current(), &Backend::sha256);
}

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/revocation_rule.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <cstdint>
#include <expected>
#include <string_view>

namespace tls::seam {

/// The error of a setting that a library refuses, with the library's code; 0 if it was not asked.
[[nodiscard]] inline std::unexpected<error>
refused_setting(char const* backend, errc code, std::int32_t native, std::string_view about = {}) noexcept {
    error e = configuration_error(code, about);
    e.native = native;
    e.backend = backend;
    return std::unexpected(e);
}

/// Gives the wanted values of a list to `take`, in order of preference. See `offer_suites`.
template <class List, class Value, class Wanted, class Take>
[[nodiscard]] std::string_view offer(
    List const& list, list_rules<Value> const* exactly_these, std::string_view all, Wanted wanted, Take take) noexcept {
    bool any = false;
    for (Value const v : list) {
        if (!wanted(v)) continue;
        if (take(v))
            any = true;
        else if (exactly_these != nullptr)
            return exactly_these->name(v);
    }
    return any ? std::string_view{} : all;
}

/// Gives each suite that goes into the offer to `take`, in order of preference, and returns what the library lacks for
/// it: nothing, the name of a suite, or "cipher suites" if none is left. What is lacking is the error `unsupported`.
///
/// `take(cipher_suite)` notes the library's own name of a suite, or returns false for one that the library as built
/// does not have. That one is left out of the default list, and lacking in a list that was asked for. Suites of
/// versions that are not offered are left out.
template <class Take> [[nodiscard]] std::string_view offer_suites(settings const& s, Take take) noexcept {
    auto const is_of_our_versions = [&](cipher_suite suite) noexcept {
        protocol_version const v = version_of(suite);
        return s.lowest_version <= v && v <= s.highest_version;
    };
    return offer(s.suites, s.exactly_these_suites, "cipher suites", is_of_our_versions, take);
}

/// The same for groups.
template <class Take> [[nodiscard]] std::string_view offer_groups(settings const& s, Take take) noexcept {
    auto const every = [](named_group) noexcept { return true; };
    return offer(s.groups, s.exactly_these_groups, "groups", every, take);
}

/// The same for signature schemes.
template <class Take> [[nodiscard]] std::string_view offer_schemes(settings const& s, Take take) noexcept {
    auto const every = [](signature_scheme) noexcept { return true; };
    return offer(s.schemes, s.exactly_these_schemes, "signature schemes", every, take);
}

} // namespace tls::seam

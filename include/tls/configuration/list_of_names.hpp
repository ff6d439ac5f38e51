// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/configuration/check.hpp>
#include <tls/configuration/offered_list.hpp>
#include <tls/configuration/profile.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <cstddef>
#include <expected>
#include <string_view>

/// What configuration files and command lines say, by names of IANA's registries.
namespace tls {

namespace detail {

/// Reads a list whose names are separated by colons, commas or blanks.
template <auto const& Known>
[[nodiscard]] result<seam::offered_list<Known>> list_of_names(std::string_view names, std::string_view what) noexcept {
    using value = seam::offered_list<Known>::value_type;
    constexpr std::string_view separators = ":, \t\r\n";
    std::array<value, std::size(Known) + 1> found;
    std::size_t size = 0;
    for (std::size_t at = 0; at < names.size();) {
        std::size_t const end = std::min(names.find_first_of(separators, at), names.size());
        std::string_view const one = names.substr(at, end - at);
        at = end + 1;
        if (one.empty()) continue;
        auto const* const known = std::ranges::find_if(Known, [&](value v) noexcept { return name(v) == one; });
        if (known == std::end(Known)) return bad_offer(one.substr(0, 24), what);
        // One too many has a duplicate among them, which the check of the list reports.
        if (size != found.size()) found[size++] = *known;
    }
    return seam::offered_list<Known>(std::span(found).first(size));
}

} // namespace detail

/// Cipher suites by their IANA names, for `.suites(...)`: "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384".
///
/// Separated by colons, commas or blanks. Errors: bad_configuration, naming what is no suite that twintls offers. An
/// empty list and a duplicate are refused by `build()`.
[[nodiscard]] inline result<seam::suite_list> suites_from(std::string_view names) noexcept {
    return detail::list_of_names<known_suites>(names, "no cipher suite that is offered");
}

/// Groups by their IANA names, for `.groups(...)`: "x25519:secp256r1".
[[nodiscard]] inline result<seam::group_list> groups_from(std::string_view names) noexcept {
    return detail::list_of_names<known_groups>(names, "no group that is offered");
}

/// Signature schemes by their IANA names, for `.signature_schemes(...)`: "ecdsa_secp256r1_sha256".
[[nodiscard]] inline result<seam::scheme_list> schemes_from(std::string_view names) noexcept {
    return detail::list_of_names<known_schemes>(names, "no signature scheme that is offered");
}

/// A profile by its name, for `.profile(...)`: "constrained_2026". Errors: bad_configuration, naming what is none.
[[nodiscard]] inline result<profile> profile_from(std::string_view name) noexcept {
    for (profile const* const p : known_profiles)
        if (p->name == name) return *p;
    return detail::bad_offer(name.empty() ? "nothing" : name.substr(0, 40), "no profile");
}

} // namespace tls

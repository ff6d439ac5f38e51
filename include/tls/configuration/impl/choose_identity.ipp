// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/configuration/choose_identity.hpp>
#include <tls/configuration/summary.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>

namespace tls::detail {

/// Whether a server of TLS 1.2 asks for certificates with such a key; TLS 1.3 has no such list.
[[nodiscard]] inline bool
is_of_type_wanted(x509::certificate_view const& ours, std::uint8_t types, protocol_version version) noexcept {
    if (version >= protocol_version::tls_1_3) return true;
    bool const is_rsa = ours.public_key_kind() == x509::public_key_kind::rsa;
    return (types & (is_rsa ? accepted_credentials::wants_rsa : accepted_credentials::wants_ecdsa)) != 0;
}

TWINTLS_DECL chosen_identity choose_identity(
    settings const& ours, accepted_credentials const& accepted, std::uint8_t named, protocol_version version) noexcept {
    using enum identity_reason;
    std::size_t const count = seam::identity_count(ours);
    chosen_identity best{.index = 0, .count = static_cast<std::uint8_t>(count), .why = none_can_sign};
    int best_rank = 0;
    for (std::size_t i = 0; i != count; ++i) {
        seam::own_identity const own = seam::identity_at(ours, i);
        if (!can_sign(ours, own, accepted, version)) continue;
        bool const any = accepted.issuer_count == 0;
        bool const of_type = is_of_type_wanted(own.who.leaf(), accepted.key_types, version);
        bool const is_named = any || (named >> i & 1U) != 0;
        int const rank = !of_type ? 1 : !is_named ? 2 : 3;
        if (rank <= best_rank) continue;
        best_rank = rank;
        best.index = static_cast<std::uint8_t>(i);
        best.why = !of_type ? other_key_type : !is_named ? no_authority_named : any ? any_authority : authority_named;
    }
    if (count == 1 && best_rank != 0) best.why = only_one;
    return best;
}

} // namespace tls::detail

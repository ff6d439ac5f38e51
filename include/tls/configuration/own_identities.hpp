// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/error.hpp>
#include <tls/credentials/credentials.hpp>
#include <tls/credentials/identity_choice.hpp>
#include <tls/credentials/signer.hpp>
#include <tls/record/certificate_request.hpp>
#include <tls/signature/primitive.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls {
struct settings;
} // namespace tls

namespace tls::detail {
struct signing_settings;
} // namespace tls::detail

namespace tls::seam {

/// One identity of a client, and what signs for it; both are parts of the client's settings.
struct own_identity {
    tls::identity const& who;
    detail::signing_settings const& signing;
};

/// What a client does whose private key is somewhere else. Only the builder's call for that refers to it, so that other
/// programs do not link it.
struct signing_calls {
    result<void> (*check)(settings const&, own_identity const&) noexcept;
    result<void> (*use)(void* library_configuration, own_identity const&) noexcept; ///< the backend's `use_signer`
    signature::primitive verify;                                                    ///< and its `verify_signature`
    bool may_wait; ///< whether the backend has `feature::deferred_signature`
};

} // namespace tls::seam

namespace tls::detail {

/// What a client was told about a private key that is somewhere else.
struct signing_settings {
    seam::signing_calls const* calls = nullptr; ///< null: the key is part of the identity
    any_signer signer;

    /// False for a scheme that the signer does not have.
    [[nodiscard]] bool can_make(signature_scheme s) const noexcept { return !signer || signer.schemes().has(s); }
};

/// The identities of a client that has several.
struct identity_list {
    static constexpr std::size_t max = identity_choice::max;

    struct other {
        std::optional<tls::identity> who; ///< never empty below `other_count`
        signing_settings signing;
    };
    /// The rule by which one is chosen: `choose_identity`.
    using rule = chosen_identity (*)(
        settings const&, accepted_credentials const&, std::uint8_t named, protocol_version) noexcept;

    std::array<other, max - 1> others; ///< behind the first, which is `settings::identity`
    std::size_t other_count = 0;
    std::array<issuer_names, max> issuers; ///< of all, the first included
    rule choose = nullptr;

    [[nodiscard]] issuers_by_identity all_issuers() const noexcept { return std::span(issuers).first(1 + other_count); }
};

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>

namespace tls::detail {

/// What an error keeps of a certificate: its names, its issuer and its validity. Never allocates.
[[nodiscard]] certificate_summary summary_of(x509::certificate_view const& certificate) noexcept;

/// The same of our own certificate; `issuer` is that of the last certificate of our chain, which is what a server that
/// does not know it would miss.
[[nodiscard]] certificate_summary summary_of(identity const& who) noexcept;

/// What a client was configured with, as far as it explains failures; of its identities, the one at `index` is the one
/// in question. Never allocates.
[[nodiscard]] client_summary summary_of(settings const& s, std::size_t index = 0) noexcept;

/// True if the key of an identity of ours can make one of the signatures the server accepts, with a scheme that we use
/// at all. RFC 8446 section 4.2.3: TLS 1.3 ties a scheme to a curve and knows only PSS for RSA.
/// Also true for a key that is neither RSA nor EC.
[[nodiscard]] bool can_sign(
    settings const& ours, seam::own_identity const& own, accepted_credentials const& accepted,
    protocol_version version) noexcept;

/// True if it can make a signature of the schemes that we use, at this version.
[[nodiscard]] bool can_sign_at(settings const& ours, seam::own_identity const& own, protocol_version version) noexcept;

/// The same, at a version that is offered.
[[nodiscard]] bool can_sign_at_all(settings const& ours, seam::own_identity const& own) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/configuration/impl/summary.ipp>
#endif

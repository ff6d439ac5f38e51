// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/configuration/settings.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/protocol.hpp>

#include <cstdint>

namespace tls::detail {

/// Which identity answers a server that accepts this; `named` has a bit for each whose chain has a certificate that an
/// authority issued which the server names.
///
/// The first that can sign with one of the server's schemes, whose key is of a type that it asks for (TLS 1.2) and
/// whose chain it may know: one of the authorities it names issued a certificate of it, or it names none. If there is
/// none, the first that can sign and is of such a type; then the first that can sign. Many servers name no authorities,
/// or others than they accept, so that, as with a single identity, what they name never keeps us from trying.
/// RFC 8446 section 4.4.2.3, RFC 5246 section 7.4.6.
[[nodiscard]] chosen_identity choose_identity(
    settings const& ours, accepted_credentials const& accepted, std::uint8_t named, protocol_version version) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/configuration/impl/choose_identity.ipp>
#endif

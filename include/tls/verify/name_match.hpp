// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/server_name.hpp>
#include <tls/x509/certificate.hpp>

#include <string_view>

namespace tls::verify {

/// True if the certificate is for this server (RFC 9525 section 6).
///
/// Only the subjectAltName extension counts, never the common name. A DNS name matches only a dNSName, an IP address
/// only an iPAddress of the same octets. Does not allocate.
[[nodiscard]] bool matches(x509::certificate_view const& certificate, server_name const& name) noexcept;

/// True if a certificate's dNSName, exact or with a wildcard, covers a DNS name that `server_name` has normalised.
///
/// ASCII case and one trailing dot do not count. "*" is a wildcard only as the whole left-most label with at least two
/// labels after it, and stands for exactly one label. Anything that is not a DNS name (a NUL, a space, an empty label)
/// matches nothing.
[[nodiscard]] bool dns_name_matches(std::string_view presented, std::string_view reference) noexcept;

/// How a certificate that does not match nearly does, for whoever has to say why. Does not allocate.
[[nodiscard]] near_match nearly_matches(x509::certificate_view const& certificate, server_name const& name) noexcept;

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/name_match.ipp>
#endif

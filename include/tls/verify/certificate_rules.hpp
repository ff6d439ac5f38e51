// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/verify/path_problems.hpp>
#include <tls/verify/policy.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>
#include <cstdint>

/// The rules that one certificate of a path, or it and its issuer, satisfy by themselves.
///
/// A `check_...` adds what is wrong to what was found, as about the certificate at this depth.
namespace tls::verify::detail {

/// The rules for every certificate of a path, whatever its place; `now` is in seconds since 1970-01-01 UTC.
void check_any(
    x509::certificate_view const& c, policy const& rules, std::int64_t now, std::size_t depth,
    path_problems& found) noexcept;

/// The rules for certificates that were sent, but not for anchors, whose own signature does not matter.
void check_sent(x509::certificate_view const& c, std::size_t depth, path_problems& found) noexcept;

/// What an anchor must be allowed to do.
void check_anchor(x509::certificate_view const& c, std::size_t depth, path_problems& found) noexcept;

/// The same of an issuer that was sent.
void check_intermediate(x509::certificate_view const& c, std::size_t depth, path_problems& found) noexcept;

/// What a server's own certificate must be allowed to do: sign handshakes.
void check_leaf_usage(x509::certificate_view const& c, path_problems& found) noexcept;

/// What a strict reading of extKeyUsage asks of leaf and intermediates.
[[nodiscard]] bool names_server_auth(x509::certificate_view const& c, bool is_leaf) noexcept;

[[nodiscard]] bool is_strong_key(x509::certificate_view const& c, policy const& rules) noexcept;
[[nodiscard]] bool may_sign_certificates(x509::certificate_view const& c) noexcept;

/// True unless both certificates name the issuer's key and name different ones.
[[nodiscard]] bool key_ids_agree(x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept;
/// True if names and key identifiers say so; signatures are another matter.
[[nodiscard]] bool may_have_issued(x509::certificate_view const& issuer, x509::certificate_view const& child) noexcept;

} // namespace tls::verify::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/certificate_rules.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/verify/judge.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/certificate.hpp>

/// Rules of `judge` about one certificate or two, for whoever wants to warn before a server does.
namespace tls::verify::detail {

[[nodiscard]] bool is_strong_hash(x509::signature_algorithm algorithm) noexcept;
[[nodiscard]] bool is_strong_key(x509::certificate_view const& certificate, policy const& rules) noexcept;
/// By its keyUsage, if it has one.
[[nodiscard]] bool may_sign_certificates(x509::certificate_view const& certificate) noexcept;
/// True unless both certificates name the issuer's key and name different ones.
[[nodiscard]] bool key_ids_agree(x509::certificate_view const& child, x509::certificate_view const& issuer) noexcept;

} // namespace tls::verify::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/judge.ipp>
#endif

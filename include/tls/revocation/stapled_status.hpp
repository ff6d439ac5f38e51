// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/revocation/rule.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace tls::ocsp {

/// What a server stapled to its certificate, and what is known of that certificate.
struct stapled_status {
    std::span<std::byte const> response; ///< OCSPResponse, as it came
    x509::certificate_view const& leaf;
    x509::certificate_view const& issuer; ///< whose signature on the leaf is good
    std::int64_t now = 0;                 ///< in seconds since 1970-01-01 UTC
    bool check_time = true;               ///< false: nothing expires
    unsigned minimum_rsa_bits = signature::min_rsa_bits;
};

/// Decides whether a stapled status says that a certificate is good (RFC 6960 section 3.2), and until when.
///
/// Codes: revoked, bad_stapled_status, stapled_status_expired, out_of_memory. Verifies two signatures at most, whatever
/// came; does not allocate.
[[nodiscard]] verify::rule_finding judge(stapled_status const& s, verify::inquiry const& ask) noexcept;

/// True if a certificate promises that its server staples a status (RFC 7633): "must staple". What is critical or
/// damaged of it is left to those who judge the certificate.
[[nodiscard]] bool is_must_staple(x509::certificate_view const& c) noexcept;

} // namespace tls::ocsp

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/revocation/impl/stapled_status.ipp>
#endif

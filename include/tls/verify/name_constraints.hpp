// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/certificate.hpp>

#include <cstddef>
#include <span>

namespace tls::verify {

/// How much work name constraints may cause: hostile certificates can have thousands of names and of constraints.
class work_limit {
public:
    /// Bytes that may be compared: many times what real chains need.
    static constexpr std::size_t standard = 4U << 20U;

    constexpr explicit work_limit(std::size_t bytes = standard) noexcept : left_(bytes) {}
    /// Uses up that much; false, from then on, if it is more than was left.
    [[nodiscard]] constexpr bool spend(std::size_t bytes) noexcept {
        left_ = bytes > left_ ? 0 : left_ - bytes;
        return left_ != 0;
    }

private:
    std::size_t left_;
};

/// True if an issuer's nameConstraints (the extension's value in DER) allow every name of a certificate below it.
///
/// RFC 5280 section 4.2.1.10 for dNSName, iPAddress, rfc822Name, uniformResourceIdentifier and directoryName: the
/// subject is a directoryName, and its emailAddress counts if there is no subjectAltName. In doubt the answer is no:
/// for constraints that are damaged, for names that cannot be compared with a constraint of their form, for constraints
/// on another form of which the certificate has a name, and when the work limit is reached.
[[nodiscard]] bool name_constraints_allow(
    std::span<std::byte const> constraints, x509::certificate_view const& certificate, work_limit& work) noexcept;

} // namespace tls::verify

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/verify/impl/name_constraints.ipp>
#endif

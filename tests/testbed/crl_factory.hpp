// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificate_factory.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace testbed {

/// A certificate that a list revokes.
struct revoked_certificate {
    bytes serial{}; ///< the content of its INTEGER
    std::chrono::sys_seconds when = now() - std::chrono::hours(1);
    std::optional<unsigned> reason{};
    std::vector<bytes> extra_extensions{}; ///< DER Extension
};

/// What a revocation list says. The defaults make a good, empty one; every member can make it a bad one.
struct crl_spec {
    std::vector<revoked_certificate> revoked{};
    std::chrono::sys_seconds this_update = now() - std::chrono::hours(1);
    std::optional<std::chrono::sys_seconds> next_update = now() + std::chrono::days(7);
    testbed::hash hash = testbed::hash::sha256;
    bool rsa_pss = false;
    bool authority_key_id = true;
    std::optional<bytes> issuer_name{}; ///< DER Name instead of the issuer's

    std::vector<std::string> distribution_point{}; ///< URIs of an issuingDistributionPoint
    bool relative_point = false;                   ///< a point named relative to the issuer
    bool only_end_entities = false;
    bool only_authorities = false;
    bool some_reasons = false;
    bool indirect = false;
    bool only_attribute_certificates = false;
    bool delta = false;
    bool unknown_critical_extension = false;

    bool corrupt_signature = false;
    bool mismatched_algorithm = false;
};

/// A certificate revocation list in DER.
[[nodiscard]] bytes issue_crl(crl_spec const& spec, issuer const& by);

/// Of any bytes.
[[nodiscard]] std::string crl_pem(byte_view der);

/// A cRLDistributionPoints extension, one point for each URI.
[[nodiscard]] bytes distribution_points(std::vector<std::string> const& uris);

/// The content of a certificate's serial number.
[[nodiscard]] bytes serial_of(certificate const& c);

} // namespace testbed

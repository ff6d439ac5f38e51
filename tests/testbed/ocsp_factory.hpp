// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificate_factory.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace testbed {

/// What an OCSP response says of one certificate.
struct ocsp_single {
    enum class status { good, revoked, unknown };

    bytes serial{}; ///< the content of its INTEGER
    status is = status::good;
    std::chrono::sys_seconds revoked_at = now() - std::chrono::hours(2);
    std::optional<unsigned> reason{};
    std::chrono::sys_seconds this_update = now() - std::chrono::hours(1);
    std::optional<std::chrono::sys_seconds> next_update = now() + std::chrono::days(2);
    testbed::hash hash = testbed::hash::sha1; ///< of the issuer's name and key
    issuer const* issued_by = nullptr;        ///< another authority than that of the response
    bool unknown_critical_extension = false;
};

/// What an OCSP response says. The defaults make a good one; every member can make it a bad one.
struct ocsp_spec {
    std::vector<ocsp_single> singles{};
    unsigned response_status = 0; ///< above 0 there is nothing but that
    bool by_key = true;           ///< how the responder says who it is
    bool version = false;         ///< writes the version that is the default
    testbed::hash hash = testbed::hash::sha256;
    bool rsa_pss = false;
    std::vector<bytes> certificates{}; ///< that come with it
    issuer const* responder = nullptr; ///< who signs instead of the issuer
    std::chrono::sys_seconds produced_at = now() - std::chrono::minutes(59);
    bool nonce = false;
    bool unknown_critical_extension = false;
    bool not_basic = false; ///< a type of response that nobody knows
    bool corrupt_signature = false;
};

/// An OCSPResponse in DER about certificates that `by` issued.
[[nodiscard]] bytes issue_ocsp(ocsp_spec const& spec, issuer const& by);

/// A certificate for responders, as its authority issues it.
[[nodiscard]] certificate_spec responder_spec();

/// What makes a certificate promise a stapled status (RFC 7633).
[[nodiscard]] bytes must_staple(bool critical = false);

} // namespace testbed

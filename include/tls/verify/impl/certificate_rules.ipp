// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/signature/primitive.hpp>
#include <tls/verify/certificate_rules.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/name_comparison.hpp>

#include <cstddef>
#include <cstdint>

namespace tls::verify::detail {

using x509::certificate_view;
using x509::key_usage_bit;

TWINTLS_DECL bool is_strong_key(certificate_view const& c, policy const& rules) noexcept {
    switch (c.public_key_kind()) {
    case x509::public_key_kind::rsa: {
        auto const key = c.rsa_key();
        return key && c.key_bits() >= rules.minimum_rsa_bits && signature::is_acceptable(*key);
    }
    case x509::public_key_kind::ec: {
        auto const key = c.ec_key();
        return key && signature::is_acceptable(*key);
    }
    case x509::public_key_kind::ed25519:
    case x509::public_key_kind::other: return false;
    }
    return false;
}

TWINTLS_DECL void check_any(
    certificate_view const& c, policy const& rules, std::int64_t now, std::size_t depth,
    path_problems& found) noexcept {
    if (rules.check_time && now > c.not_after()) found.add(errc::expired, depth);
    if (rules.check_time && now < c.not_before()) found.add(errc::not_yet_valid, depth);
    if (!is_strong_key(c, rules)) found.add(errc::weak_key, depth);
    if (!x509::is_name(c.subject_name()) || !x509::is_name(c.issuer_name()))
        found.add(errc::malformed_certificate, depth);
    if (c.has_unknown_critical_extension()) found.add(errc::critical_extension, depth);
    if (!c.allows_server_auth()) found.add(errc::bad_extended_key_usage, depth);
}

TWINTLS_DECL bool names_server_auth(certificate_view const& c, bool is_leaf) noexcept {
    return c.has_extended_key_usage() ? c.names_server_auth() : !is_leaf;
}

TWINTLS_DECL void check_sent(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    if (!x509::has_strong_hash(c.signature_algorithm())) found.add(errc::weak_hash, depth);
    bool const zero = c.serial().size() == 1 && c.serial()[0] == std::byte{0};
    if (zero) found.add(errc::malformed_certificate, depth);
}

TWINTLS_DECL bool may_sign_certificates(certificate_view const& c) noexcept {
    return !c.key_usage() || c.key_usage()->allows(key_usage_bit::key_cert_sign);
}

TWINTLS_DECL void check_anchor(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    // A certificate older than version 3 cannot say that it is a CA; being chosen as anchor says it.
    bool const old_root = c.version() < 3 && c.is_self_issued();
    if (!c.is_ca() && !old_root) found.add(errc::not_a_ca, depth);
    if (!may_sign_certificates(c)) found.add(errc::bad_key_usage, depth);
}

TWINTLS_DECL void check_intermediate(certificate_view const& c, std::size_t depth, path_problems& found) noexcept {
    if (!c.is_ca()) found.add(errc::not_a_ca, depth);
    if (!may_sign_certificates(c)) found.add(errc::bad_key_usage, depth);
}

TWINTLS_DECL void check_leaf_usage(certificate_view const& c, path_problems& found) noexcept {
    auto const usage = c.key_usage();
    if (!usage) return;
    bool const signs_handshake = usage->allows(key_usage_bit::digital_signature);
    bool const claims_to_sign_certificates = usage->allows(key_usage_bit::key_cert_sign) && !c.is_ca();
    if (!signs_handshake || claims_to_sign_certificates) found.add(errc::bad_key_usage, 0);
}

TWINTLS_DECL bool key_ids_agree(certificate_view const& child, certificate_view const& issuer) noexcept {
    auto const wanted = child.authority_key_id();
    auto const offered = issuer.subject_key_id();
    return !wanted || !offered || x509::der::equal(*wanted, *offered);
}

TWINTLS_DECL bool may_have_issued(certificate_view const& issuer, certificate_view const& child) noexcept {
    return x509::der::equal(issuer.subject_name(), child.issuer_name()) && key_ids_agree(child, issuer);
}

} // namespace tls::verify::detail

// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/general_name.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tls::x509 {

/// Which certificates a revocation list is about, apart from its distribution points.
enum class crl_scope : std::uint8_t { all, end_entities, authorities };

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
enum class revocation_reason : std::uint8_t {
    unspecified = 0,
    key_compromise = 1,
    ca_compromise = 2,
    affiliation_changed = 3,
    superseded = 4,
    cessation_of_operation = 5,
    certificate_hold = 6,
    remove_from_crl = 8,
    privilege_withdrawn = 9,
    aa_compromise = 10,
};

/// "key compromise", for example.
[[nodiscard]] constexpr std::string_view name(revocation_reason r) noexcept {
    switch (r) {
    case revocation_reason::unspecified: return "no reason given";
    case revocation_reason::key_compromise: return "key compromise";
    case revocation_reason::ca_compromise: return "compromise of the authority";
    case revocation_reason::affiliation_changed: return "affiliation changed";
    case revocation_reason::superseded: return "superseded";
    case revocation_reason::cessation_of_operation: return "cessation of operation";
    case revocation_reason::certificate_hold: return "on hold";
    case revocation_reason::remove_from_crl: return "removed from the list";
    case revocation_reason::privilege_withdrawn: return "privilege withdrawn";
    case revocation_reason::aa_compromise: return "compromise of the attribute authority";
    }
    return "unknown reason";
}

/// One certificate that was revoked.
struct crl_entry {
    std::span<std::byte const> serial; ///< the content of the INTEGER
    std::int64_t revoked_at = 0;       ///< in seconds since 1970-01-01 UTC
    revocation_reason reason = revocation_reason::unspecified;
};

class crl_reader;

/// A parsed certificate revocation list (RFC 5280 section 5) that refers to the bytes it was parsed from.
///
/// Parsing checks structure only: nothing here says that a list is genuine or current.
class crl_view {
public:
    /// Parses exactly one list in DER, every entry of it. Total on any input; does not allocate. nullopt if the
    /// structure is not that of RFC 5280.
    [[nodiscard]] static std::optional<crl_view> parse(std::span<std::byte const> der) noexcept;

    /// The whole list.
    [[nodiscard]] std::span<std::byte const> der() const noexcept { return {der_, size_}; }
    /// The signed part, with tag and length.
    [[nodiscard]] std::span<std::byte const> tbs() const noexcept { return at(tbs_); }
    /// The issuer's Name in DER, with tag and length.
    [[nodiscard]] std::span<std::byte const> issuer_name() const noexcept { return at(issuer_); }
    /// When it was issued, in seconds since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t this_update() const noexcept { return this_update_; }
    /// When the next one will be issued at the latest; nullopt if it does not say so.
    [[nodiscard]] std::optional<std::int64_t> next_update() const noexcept {
        return has_next_update_ ? std::optional(next_update_) : std::nullopt;
    }
    [[nodiscard]] x509::signature_algorithm signature_algorithm() const noexcept { return signature_algorithm_; }
    /// The parameters of an RSASSA-PSS signature, as `certificate_view::pss`.
    [[nodiscard]] std::optional<pss_parameters> pss() const noexcept;
    /// The octets of the signature.
    [[nodiscard]] std::span<std::byte const> signature() const noexcept { return at(signature_); }
    [[nodiscard]] std::optional<std::span<std::byte const>> authority_key_id() const noexcept {
        return authority_key_id_.at != 0 ? std::optional(at(authority_key_id_)) : std::nullopt;
    }

    /// How many certificates are revoked.
    [[nodiscard]] std::size_t size() const noexcept { return entries_; }
    /// The entries, one after the other in DER.
    [[nodiscard]] std::span<std::byte const> entries() const noexcept { return at(list_); }

    [[nodiscard]] crl_scope scope() const noexcept { return scope_; }
    /// The names of the distribution point that the list is for, if it is for one only; an empty range if not.
    [[nodiscard]] general_names distribution_point() const noexcept { return general_names(at(distribution_point_)); }
    /// True if it is for one distribution point only.
    [[nodiscard]] bool is_partition() const noexcept { return distribution_point_.at != 0; }

    /// What in the list is not understood, so that it must not be used to tell anything (RFC 5280 section 5.2): "an
    /// indirect list", for example. Empty if nothing.
    [[nodiscard]] std::string_view not_understood() const noexcept { return not_understood_; }

private:
    friend class crl_reader;

    crl_view() noexcept = default;

    [[nodiscard]] std::span<std::byte const> at(der::extent part) const noexcept { return {der_ + part.at, part.size}; }

    std::byte const* der_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t entries_ = 0;
    std::int64_t this_update_ = 0;
    std::int64_t next_update_ = 0;
    der::extent tbs_, issuer_, list_, signature_, authority_key_id_, distribution_point_;
    std::string_view not_understood_;
    x509::signature_algorithm signature_algorithm_ = x509::signature_algorithm::other;
    crl_scope scope_ = crl_scope::all;
    bool has_next_update_ = false;
};

/// Reads the entry at the beginning of `entries`, which a list that was parsed has.
[[nodiscard]] crl_entry read_crl_entry(std::span<std::byte const> entries) noexcept;

/// True if one of these distribution points of a certificate is the one that a list is for.
///
/// Compared name by name, byte for byte; those with another issuer of lists, or for some reasons only, do not count.
[[nodiscard]] bool has_distribution_point(certificate_view const& certificate, general_names const& wanted) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/crl.ipp>
#endif

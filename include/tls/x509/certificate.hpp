// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/algorithm.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/general_name.hpp>
#include <tls/x509/name.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace tls::x509 {

/// The bits of the keyUsage extension (RFC 5280 section 4.2.1.3).
enum class key_usage_bit : std::uint8_t {
    digital_signature = 0,
    content_commitment = 1,
    key_encipherment = 2,
    data_encipherment = 3,
    key_agreement = 4,
    key_cert_sign = 5,
    crl_sign = 6,
    encipher_only = 7,
    decipher_only = 8,
};

/// The uses a keyUsage extension allows.
class key_usage_set {
public:
    constexpr key_usage_set() noexcept = default;
    constexpr void add(key_usage_bit use) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | bit(use)); }
    [[nodiscard]] constexpr bool allows(key_usage_bit use) const noexcept { return (bits_ & bit(use)) != 0; }
    friend constexpr bool operator==(key_usage_set, key_usage_set) noexcept = default;

private:
    static constexpr unsigned bit(key_usage_bit use) noexcept { return 1U << static_cast<unsigned>(use); }
    std::uint16_t bits_ = 0;
};

class certificate_reader;
class certificate_collector;

/// A parsed X.509 certificate (RFC 5280) that refers to the bytes it was parsed from.
///
/// Trivially copyable, about 130 bytes; valid as long as those bytes are. Parsing checks structure only: nothing here
/// says that a certificate is genuine, current or fit for a purpose.
class certificate_view {
public:
    /// Parses exactly one certificate in DER.
    ///
    /// Total on any input; does not allocate. nullopt if the structure is not that of RFC 5280: bytes left over
    /// anywhere, a duplicate extension, more than 64 extensions, an extension this library reads with a damaged value,
    /// extensions outside version 3, dates that do not exist, or two different signature algorithms.
    [[nodiscard]] static std::optional<certificate_view> parse(std::span<std::byte const> der) noexcept;

    /// The view of no certificate, whose every part is empty: what an identity has that was moved from.
    [[nodiscard]] static certificate_view const& none() noexcept {
        static certificate_view const nothing;
        return nothing;
    }

    /// The whole certificate.
    [[nodiscard]] std::span<std::byte const> der() const noexcept { return {der_, size_}; }
    /// The signed part, with tag and length.
    [[nodiscard]] std::span<std::byte const> tbs() const noexcept { return at(tbs_); }
    /// 1, 2 or 3.
    [[nodiscard]] unsigned version() const noexcept { return version_; }
    /// The content of the INTEGER, as it stands in the certificate.
    [[nodiscard]] std::span<std::byte const> serial() const noexcept { return at(serial_); }
    /// The issuer's Name in DER, with tag and length; `to_text` makes it readable.
    [[nodiscard]] std::span<std::byte const> issuer_name() const noexcept { return at(issuer_); }
    /// The subject's Name in DER, with tag and length.
    [[nodiscard]] std::span<std::byte const> subject_name() const noexcept { return at(subject_); }
    /// True if the subject is an empty sequence.
    [[nodiscard]] bool has_empty_subject() const noexcept { return subject_.size <= 2; }
    /// True if issuer and subject are the same, byte for byte. Says nothing about the signature.
    [[nodiscard]] bool is_self_issued() const noexcept { return der::equal(issuer_name(), subject_name()); }
    /// The first second of validity, in seconds since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t not_before() const noexcept { return not_before_; }
    /// The last second of validity, in seconds since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t not_after() const noexcept { return not_after_; }

    /// The SubjectPublicKeyInfo in DER, with tag and length.
    [[nodiscard]] std::span<std::byte const> spki() const noexcept { return at(spki_); }
    [[nodiscard]] x509::public_key_kind public_key_kind() const noexcept { return key_kind_; }
    /// The size of an RSA modulus or of a known curve's field, in bits; 256 for Ed25519; 0 if not known.
    [[nodiscard]] std::size_t key_bits() const noexcept { return key_bits_; }
    [[nodiscard]] x509::curve curve() const noexcept { return curve_; }
    /// The numbers of an RSA key; nullopt if the key is of another kind.
    [[nodiscard]] std::optional<rsa_public_key> rsa_key() const noexcept;
    /// The point of an EC key; nullopt for another kind, an unknown curve, or a point without the curve's form and
    /// size.
    [[nodiscard]] std::optional<ec_public_key> ec_key() const noexcept;
    [[nodiscard]] x509::signature_algorithm signature_algorithm() const noexcept { return signature_algorithm_; }
    /// The parameters of an RSASSA-PSS signature; nullopt for another algorithm and if they are damaged anywhere.
    ///
    /// `signature_algorithm` looks at the hash functions only: whoever verifies a signature must ask here as well.
    [[nodiscard]] std::optional<pss_parameters> pss() const noexcept;
    /// The octets of the signature.
    [[nodiscard]] std::span<std::byte const> signature() const noexcept { return at(signature_); }

    [[nodiscard]] bool has_basic_constraints() const noexcept { return has_basic_constraints_; }
    /// True if basicConstraints says so; a certificate of version 1 has no way to say so.
    [[nodiscard]] bool is_ca() const noexcept { return is_ca_; }
    /// pathLenConstraint, of a CA only.
    [[nodiscard]] std::optional<std::uint32_t> path_len() const noexcept {
        return has_path_len_ ? std::optional(path_len_) : std::nullopt;
    }
    [[nodiscard]] std::optional<key_usage_set> key_usage() const noexcept {
        return has_key_usage_ ? std::optional(key_usage_) : std::nullopt;
    }

    [[nodiscard]] bool has_extended_key_usage() const noexcept { return has_extended_key_usage_; }
    /// True without the extension, with serverAuth in it, or with anyExtendedKeyUsage.
    [[nodiscard]] bool allows_server_auth() const noexcept {
        return !has_extended_key_usage_ || eku_server_auth_ || eku_any_;
    }
    /// True if the extension is there and lists serverAuth.
    [[nodiscard]] bool names_server_auth() const noexcept { return eku_server_auth_; }
    /// True without the extension, with clientAuth in it, or with anyExtendedKeyUsage.
    [[nodiscard]] bool allows_client_auth() const noexcept {
        return !has_extended_key_usage_ || eku_client_auth_ || eku_any_;
    }
    /// True if the extension is there and lists anyExtendedKeyUsage.
    [[nodiscard]] bool has_any_extended_key_usage() const noexcept { return eku_any_; }

    [[nodiscard]] std::optional<std::span<std::byte const>> subject_key_id() const noexcept {
        return if_there(subject_key_id_);
    }
    /// The keyIdentifier of the authorityKeyIdentifier extension.
    [[nodiscard]] std::optional<std::span<std::byte const>> authority_key_id() const noexcept {
        return if_there(authority_key_id_);
    }

    [[nodiscard]] bool has_subject_alternative_name() const noexcept { return is_there(names_); }
    /// The names of the subjectAltName extension; an empty range if there is none.
    [[nodiscard]] general_names subject_alternative_names() const noexcept { return general_names(at(names_)); }
    /// The value of the nameConstraints extension in DER, unparsed.
    [[nodiscard]] std::optional<std::span<std::byte const>> name_constraints() const noexcept {
        return if_there(name_constraints_);
    }
    /// True if a critical extension is not understood.
    ///
    /// Understood are basicConstraints, keyUsage, extKeyUsage, subjectAltName, nameConstraints, and certificatePolicies
    /// as long as they hold nothing but anyPolicy. The two key identifiers must not be critical (RFC 5280 sections
    /// 4.2.1.1 and 4.2.1.2) and count as not understood if they are.
    [[nodiscard]] bool has_unknown_critical_extension() const noexcept { return has_unknown_critical_; }

private:
    friend class certificate_reader;
    friend class certificate_collector;
    friend class certificate;

    certificate_view() noexcept = default;

    [[nodiscard]] std::span<std::byte const> at(der::extent part) const noexcept { return {der_ + part.at, part.size}; }
    /// A part is never at offset 0, where the certificate itself begins.
    [[nodiscard]] static bool is_there(der::extent part) noexcept { return part.at != 0; }
    [[nodiscard]] std::optional<std::span<std::byte const>> if_there(der::extent part) const noexcept {
        return is_there(part) ? std::optional(at(part)) : std::nullopt;
    }

    std::byte const* der_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t key_bits_ = 0;
    std::int64_t not_before_ = 0;
    std::int64_t not_after_ = 0;
    der::extent tbs_, serial_, issuer_, subject_, spki_, signature_;
    der::extent names_, subject_key_id_, authority_key_id_, name_constraints_;
    std::uint32_t path_len_ = 0;
    key_usage_set key_usage_;
    std::uint8_t version_ = 1;
    x509::public_key_kind key_kind_ = x509::public_key_kind::other;
    x509::curve curve_ = x509::curve::other;
    x509::signature_algorithm signature_algorithm_ = x509::signature_algorithm::other;
    bool has_basic_constraints_ : 1 = false;
    bool has_path_len_ : 1 = false;
    bool has_key_usage_ : 1 = false;
    bool has_extended_key_usage_ : 1 = false;
    bool has_unknown_critical_ : 1 = false;
    bool is_ca_ : 1 = false;
    bool eku_server_auth_ : 1 = false;
    bool eku_client_auth_ : 1 = false;
    bool eku_any_ : 1 = false;
};

/// A certificate that owns its bytes, for facts that outlive a connection.
///
/// Copyable. `view()` refers to this object and goes with it. Its bytes are in a std::vector: making and copying one
/// may throw std::bad_alloc.
class certificate {
public:
    /// Copies and parses; nullopt if the bytes are not a certificate.
    [[nodiscard]] static std::optional<certificate> parse(std::span<std::byte const> der) {
        auto const read = certificate_view::parse(der);
        if (!read) return std::nullopt;
        return certificate({der.begin(), der.end()}, *read);
    }
    certificate(certificate const& other) : certificate(other.der_, other.view_) {}
    certificate(certificate&&) noexcept = default;
    certificate& operator=(certificate const& other) { return *this = certificate(other); }
    certificate& operator=(certificate&&) noexcept = default;
    ~certificate() = default;

    [[nodiscard]] std::span<std::byte const> der() const noexcept { return der_; }
    /// The parsed view; a certificate that was moved from has none and must not be asked for it.
    [[nodiscard]] certificate_view const& view() const noexcept { return view_; }
    friend bool operator==(certificate const& a, certificate const& b) noexcept { return a.der_ == b.der_; }

private:
    certificate(std::vector<std::byte> der, certificate_view const& read) noexcept : der_(std::move(der)), view_(read) {
        view_.der_ = der_.data();
    }
    std::vector<std::byte> der_;
    certificate_view view_;
};

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/certificate.ipp>
#endif

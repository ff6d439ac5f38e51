// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/certificate.hpp>
#include <tls/x509/impl/algorithms.hpp>
#include <tls/x509/time.hpp>

#include <array>

namespace tls::x509 {

TWINTLS_DECL std::optional<certificate_view> certificate_view::parse(std::span<std::byte const> der) noexcept {
    certificate_view c;
    if (!c.parse_certificate(der)) return std::nullopt;
    return c;
}

// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
TWINTLS_DECL bool certificate_view::parse_certificate(std::span<std::byte const> der) noexcept {
    auto const whole = der::only(der, der::tag::sequence);
    if (!whole) return false;
    der::reader r(whole->content);
    auto const tbs = r.next(der::tag::sequence);
    auto const algorithm = r.next(der::tag::sequence);
    auto const signature = r.next(der::tag::bit_string);
    if (!tbs || !algorithm || !signature || !r.at_end()) return false;
    auto const octets = der::whole_octets(signature->content);
    if (!octets) return false;
    der_ = whole->whole;
    tbs_ = tbs->whole;
    signature_ = *octets;
    auto const known = algorithms::signature_of(algorithm->content);
    if (!known) return false;
    signature_algorithm_ = *known;
    return parse_tbs(tbs->content, algorithm->whole);
}

TWINTLS_DECL bool
certificate_view::parse_tbs(std::span<std::byte const> content, std::span<std::byte const> outer_algorithm) noexcept {
    using der::tag::context;
    using der::tag::context_constructed;
    der::reader r(content);
    if (r.next_is(context_constructed(0))) {
        auto const field = r.next();
        auto const number = field ? der::only(field->content, der::tag::integer) : std::nullopt;
        auto const value = number ? der::small_unsigned(number->content) : std::nullopt;
        if (!value || *value > 2) return false;
        version_ = static_cast<std::uint8_t>(*value + 1);
    }
    auto const serial = r.next(der::tag::integer);
    auto const algorithm = r.next(der::tag::sequence);
    auto const issuer = r.next(der::tag::sequence);
    auto const validity = r.next(der::tag::sequence);
    auto const subject = r.next(der::tag::sequence);
    auto const spki = r.next(der::tag::sequence);
    if (!serial || !algorithm || !issuer || !validity || !subject || !spki) return false;
    if (!der::is_integer(serial->content)) return false;
    // RFC 5280 section 4.1.1.2: otherwise the unsigned copy could name another algorithm than the signed one.
    if (!der::equal(algorithm->whole, outer_algorithm)) return false;
    serial_ = serial->content;
    issuer_ = issuer->whole;
    subject_ = subject->whole;
    spki_ = spki->whole;
    if (!parse_validity(validity->content) || !parse_public_key(spki->content)) return false;
    for (unsigned const unique_id : {1U, 2U}) {
        if (r.next_is(context(unique_id)) && (version_ < 2 || !r.next())) return false;
    }
    if (r.next_is(context_constructed(3))) {
        auto const field = r.next();
        auto const list = field ? der::only(field->content, der::tag::sequence) : std::nullopt;
        if (!list || version_ != 3 || !parse_extensions(list->content)) return false;
    }
    return r.at_end();
}

TWINTLS_DECL bool certificate_view::parse_validity(std::span<std::byte const> content) noexcept {
    der::reader r(content);
    auto const first = r.next();
    auto const last = r.next();
    if (!first || !last || !r.at_end()) return false;
    auto const begin = to_unix_time(*first);
    auto const end = to_unix_time(*last);
    if (!begin || !end) return false;
    not_before_ = *begin;
    not_after_ = *end;
    return true;
}

// SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }
TWINTLS_DECL bool certificate_view::parse_public_key(std::span<std::byte const> content) noexcept {
    der::reader r(content);
    auto const algorithm = r.next(der::tag::sequence);
    auto const key = r.next(der::tag::bit_string);
    if (!algorithm || !key || !r.at_end()) return false;
    auto const octets = der::whole_octets(key->content);
    if (!octets) return false;
    auto const known = algorithms::public_key_of(algorithm->content, *octets);
    if (!known) return false;
    key_kind_ = known->kind;
    curve_ = known->curve;
    key_bits_ = known->bits;
    return true;
}

// Parsing has walked these structures already; they are read again only by whoever verifies a signature, so that a
// view stays small.
namespace detail {

/// The octets of the subjectPublicKey; empty only if `spki` is not one.
TWINTLS_DECL std::span<std::byte const> key_octets(std::span<std::byte const> spki) noexcept {
    auto const fields = der::only(spki, der::tag::sequence);
    der::reader r(fields ? fields->content : std::span<std::byte const>{});
    if (!r.next(der::tag::sequence)) return {};
    auto const key = r.next(der::tag::bit_string);
    return key ? der::whole_octets(key->content).value_or(std::span<std::byte const>{}) : std::span<std::byte const>{};
}

} // namespace detail

TWINTLS_DECL std::optional<rsa_public_key> certificate_view::rsa_key() const noexcept {
    if (key_kind_ != x509::public_key_kind::rsa) return std::nullopt;
    return algorithms::rsa_key_of(detail::key_octets(spki_));
}

TWINTLS_DECL std::optional<ec_public_key> certificate_view::ec_key() const noexcept {
    auto const point = detail::key_octets(spki_);
    if (!algorithms::is_point_of(curve_, point)) return std::nullopt;
    return ec_public_key{curve_, point};
}

TWINTLS_DECL std::optional<pss_parameters> certificate_view::pss() const noexcept {
    auto const whole = der::only(der_, der::tag::sequence);
    der::reader r(whole ? whole->content : std::span<std::byte const>{});
    static_cast<void>(r.next());
    auto const algorithm = r.next(der::tag::sequence);
    return algorithm ? algorithms::pss_parameters_of(algorithm->content) : std::nullopt;
}

// Extensions ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }
TWINTLS_DECL bool certificate_view::parse_extensions(std::span<std::byte const> content) noexcept {
    constexpr std::size_t max_extensions = 64;
    std::array<std::span<std::byte const>, max_extensions> seen;
    std::size_t count = 0;
    der::reader list(content);
    if (list.at_end()) return false;
    while (!list.at_end()) {
        auto const extension = list.next(der::tag::sequence);
        if (!extension || count == max_extensions) return false;
        der::reader r(extension->content);
        auto const id = r.next(der::tag::oid);
        if (!id) return false;
        bool critical = false;
        if (r.next_is(der::tag::boolean)) {
            auto const field = r.next();
            auto const flag = field ? der::boolean(field->content) : std::nullopt;
            if (!flag) return false;
            critical = *flag;
        }
        auto const value = r.next(der::tag::octet_string);
        if (!value || !r.at_end()) return false;
        for (std::size_t i = 0; i != count; ++i) {
            if (der::equal(seen[i], id->content)) return false;
        }
        seen[count++] = id->content;
        if (!parse_extension(id->content, critical, value->content)) return false;
    }
    return true;
}

TWINTLS_DECL bool certificate_view::parse_extension(
    std::span<std::byte const> id, bool critical, std::span<std::byte const> value) noexcept {
    switch (algorithms::extension_of(id)) {
    case algorithms::extension::basic_constraints: return parse_basic_constraints(value);
    case algorithms::extension::key_usage: return parse_key_usage(value);
    case algorithms::extension::extended_key_usage: return parse_extended_key_usage(value);
    case algorithms::extension::subject_alternative_name: {
        auto const names = der::only(value, der::tag::sequence);
        if (!names || !general_names(names->content).is_well_formed()) return false;
        san_ = names->content;
        has_san_ = true;
        return true;
    }
    case algorithms::extension::name_constraints: name_constraints_ = value; return true;
    case algorithms::extension::subject_key_id: {
        auto const key_id = der::only(value, der::tag::octet_string);
        if (!key_id) return false;
        subject_key_id_ = key_id->content;
        if (critical) has_unknown_critical_ = true;
        return true;
    }
    case algorithms::extension::authority_key_id:
        if (critical) has_unknown_critical_ = true;
        return parse_authority_key_id(value);
    case algorithms::extension::certificate_policies:
        if (critical && !algorithms::is_any_policy_only(value)) has_unknown_critical_ = true;
        return true;
    case algorithms::extension::other:
        if (critical) has_unknown_critical_ = true;
        return true;
    }
    return false;
}

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }
TWINTLS_DECL bool certificate_view::parse_basic_constraints(std::span<std::byte const> value) noexcept {
    auto const fields = der::only(value, der::tag::sequence);
    if (!fields) return false;
    der::reader r(fields->content);
    if (r.next_is(der::tag::boolean)) {
        auto const flag = r.next();
        auto const ca = flag ? der::boolean(flag->content) : std::nullopt;
        if (!ca) return false;
        is_ca_ = *ca;
    }
    if (r.next_is(der::tag::integer)) {
        auto const number = r.next();
        auto const length = number ? der::small_unsigned(number->content) : std::nullopt;
        if (!length) return false;
        if (is_ca_) path_len_ = length;
    }
    has_basic_constraints_ = true;
    return r.at_end();
}

TWINTLS_DECL bool certificate_view::parse_key_usage(std::span<std::byte const> value) noexcept {
    auto const bits = der::only(value, der::tag::bit_string);
    if (!bits || bits->content.empty()) return false;
    auto const unused = std::to_integer<unsigned>(bits->content[0]);
    auto const octets = bits->content.subspan(1);
    if (unused > 7 || (octets.empty() && unused != 0)) return false;
    key_usage_set uses;
    for (unsigned i = 0; i != 9; ++i) {
        if (i / 8 >= octets.size() || (i / 8 == octets.size() - 1 && i % 8 >= 8 - unused)) break;
        if ((octets[i / 8] & (std::byte{0x80} >> (i % 8))) != std::byte{0}) uses.add(static_cast<key_usage_bit>(i));
    }
    key_usage_ = uses;
    return true;
}

// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
TWINTLS_DECL bool certificate_view::parse_extended_key_usage(std::span<std::byte const> value) noexcept {
    auto const list = der::only(value, der::tag::sequence);
    if (!list || list->content.empty()) return false;
    der::reader r(list->content);
    while (!r.at_end()) {
        auto const purpose = r.next(der::tag::oid);
        if (!purpose) return false;
        switch (algorithms::purpose_of(purpose->content)) {
        case algorithms::purpose::server_auth: eku_server_auth_ = true; break;
        case algorithms::purpose::client_auth: eku_client_auth_ = true; break;
        case algorithms::purpose::any: eku_any_ = true; break;
        case algorithms::purpose::other: break;
        }
    }
    has_extended_key_usage_ = true;
    return true;
}

// AuthorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier, [1] authorityCertIssuer, [2] authorityCertSerialNumber }
TWINTLS_DECL bool certificate_view::parse_authority_key_id(std::span<std::byte const> value) noexcept {
    auto const fields = der::only(value, der::tag::sequence);
    if (!fields) return false;
    der::reader r(fields->content);
    if (r.next_is(der::tag::context(0))) {
        auto const key_id = r.next();
        if (!key_id) return false;
        authority_key_id_ = key_id->content;
    }
    if (r.next_is(der::tag::context_constructed(1)) && !r.next()) return false;
    if (r.next_is(der::tag::context(2)) && !r.next()) return false;
    return r.at_end();
}

} // namespace tls::x509

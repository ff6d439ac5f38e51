// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/algorithm.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// The object identifiers of RFC 3279, 4055, 5280, 5480, 5758 and 8410, turned into our own names.
namespace tls::x509::algorithms {

/// What is known of a public key.
struct public_key {
    public_key_kind kind = public_key_kind::other;
    x509::curve curve = x509::curve::other;
    std::size_t bits = 0;
};

/// The extensions `certificate_view` reads.
enum class extension : std::uint8_t {
    basic_constraints,
    key_usage,
    extended_key_usage,
    subject_alternative_name,
    name_constraints,
    subject_key_id,
    authority_key_id,
    certificate_policies,
    other,
};

/// The purposes `certificate_view` tells apart.
enum class purpose : std::uint8_t { server_auth, client_auth, any, other };

[[nodiscard]] constexpr extension extension_of(der::bytes id) noexcept {
    if (is_oid(id, oid<2, 5, 29, 19>)) return extension::basic_constraints;
    if (is_oid(id, oid<2, 5, 29, 15>)) return extension::key_usage;
    if (is_oid(id, oid<2, 5, 29, 37>)) return extension::extended_key_usage;
    if (is_oid(id, oid<2, 5, 29, 17>)) return extension::subject_alternative_name;
    if (is_oid(id, oid<2, 5, 29, 30>)) return extension::name_constraints;
    if (is_oid(id, oid<2, 5, 29, 14>)) return extension::subject_key_id;
    if (is_oid(id, oid<2, 5, 29, 35>)) return extension::authority_key_id;
    if (is_oid(id, oid<2, 5, 29, 32>)) return extension::certificate_policies;
    return extension::other;
}

[[nodiscard]] constexpr purpose purpose_of(der::bytes id) noexcept {
    if (is_oid(id, oid<1, 3, 6, 1, 5, 5, 7, 3, 1>)) return purpose::server_auth;
    if (is_oid(id, oid<1, 3, 6, 1, 5, 5, 7, 3, 2>)) return purpose::client_auth;
    if (is_oid(id, oid<2, 5, 29, 37, 0>)) return purpose::any;
    return purpose::other;
}

/// True for a list of certificate policies that holds anyPolicy without qualifiers and nothing else.
[[nodiscard]] constexpr bool is_any_policy_only(der::bytes value) noexcept {
    auto const list = der::only(value, der::tag::sequence);
    if (!list || list->content.empty()) return false;
    der::reader r(list->content);
    while (!r.at_end()) {
        auto const information = r.next(der::tag::sequence);
        auto const id = information ? der::only(information->content, der::tag::oid) : std::nullopt;
        if (!id || !is_oid(id->content, oid<2, 5, 29, 32, 0>)) return false;
    }
    return true;
}

namespace detail {

constexpr hash_algorithm hash_of(der::bytes id) noexcept {
    if (is_oid(id, oid<1, 3, 14, 3, 2, 26>)) return hash_algorithm::sha1;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 4>)) return hash_algorithm::sha224;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 1>)) return hash_algorithm::sha256;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 2>)) return hash_algorithm::sha384;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 3>)) return hash_algorithm::sha512;
    return hash_algorithm::other;
}

// HashAlgorithm ::= SEQUENCE { algorithm, parameters NULL or absent }
constexpr hash_algorithm hash_in(der::bytes algorithm_identifier) noexcept {
    der::reader r(algorithm_identifier);
    auto const id = r.next(der::tag::oid);
    if (!id || (!r.at_end() && !r.next(der::tag::null)) || !r.at_end()) return hash_algorithm::other;
    return hash_of(id->content);
}

/// Takes the two hash functions from the fields of RSASSA-PSS-params; false if they are damaged or the mask is not
/// MGF1.
constexpr bool take_pss_hashes(der::reader& r, pss_parameters& out) noexcept {
    using der::tag::context_constructed;
    if (r.next_is(context_constructed(0))) {
        auto const field = r.next();
        auto const algorithm = field ? der::only(field->content, der::tag::sequence) : std::nullopt;
        if (!algorithm) return false;
        out.hash = hash_in(algorithm->content);
    }
    if (r.next_is(context_constructed(1))) {
        auto const field = r.next();
        auto const generator = field ? der::only(field->content, der::tag::sequence) : std::nullopt;
        if (!generator) return false;
        der::reader g(generator->content);
        auto const id = g.next(der::tag::oid);
        auto const algorithm = g.next(der::tag::sequence);
        if (!id || !algorithm || !g.at_end() || !is_oid(id->content, oid<1, 2, 840, 113549, 1, 1, 8>)) return false;
        out.mask_hash = hash_in(algorithm->content);
    }
    return true;
}

/// Takes the field [n] EXPLICIT INTEGER if it comes next; false if it is damaged.
constexpr bool take_number(der::reader& r, unsigned n, std::uint32_t& out) noexcept {
    if (!r.next_is(der::tag::context_constructed(n))) return true;
    auto const field = r.next();
    auto const number = field ? der::only(field->content, der::tag::integer) : std::nullopt;
    auto const value = number ? der::small_unsigned(number->content) : std::nullopt;
    if (value) out = *value;
    return value.has_value();
}

constexpr signature_algorithm pss_of(der::bytes parameters) noexcept {
    auto const fields = der::only(parameters, der::tag::sequence);
    if (!fields) return signature_algorithm::other;
    der::reader r(fields->content);
    pss_parameters read;
    if (!take_pss_hashes(r, read) || read.hash != read.mask_hash) return signature_algorithm::other;
    switch (read.hash) {
    case hash_algorithm::sha1: return signature_algorithm::rsa_pss_sha1;
    case hash_algorithm::sha224: return signature_algorithm::rsa_pss_sha224;
    case hash_algorithm::sha256: return signature_algorithm::rsa_pss_sha256;
    case hash_algorithm::sha384: return signature_algorithm::rsa_pss_sha384;
    case hash_algorithm::sha512: return signature_algorithm::rsa_pss_sha512;
    case hash_algorithm::other: break;
    }
    return signature_algorithm::other;
}

} // namespace detail

// RSASSA-PSS-params ::= SEQUENCE { [0] hash DEFAULT sha1, [1] maskGen DEFAULT mgf1SHA1, [2] saltLength, [3] trailer }
/// The parameters in the content of an AlgorithmIdentifier; nullopt if that is not RSASSA-PSS or damaged anywhere.
[[nodiscard]] constexpr std::optional<pss_parameters> pss_parameters_of(der::bytes content) noexcept {
    der::reader r(content);
    auto const id = r.next(der::tag::oid);
    if (!id || !is_oid(id->content, oid<1, 2, 840, 113549, 1, 1, 10>)) return std::nullopt;
    pss_parameters out;
    if (r.at_end()) return out;
    auto const sequence = r.next(der::tag::sequence);
    if (!sequence || !r.at_end()) return std::nullopt;
    der::reader fields(sequence->content);
    bool const good = detail::take_pss_hashes(fields, out) && detail::take_number(fields, 2, out.salt_length) &&
                      detail::take_number(fields, 3, out.trailer_field) && fields.at_end();
    return good ? std::optional(out) : std::nullopt;
}

/// The algorithm in the content of an AlgorithmIdentifier; nullopt if that is damaged.
[[nodiscard]] constexpr std::optional<signature_algorithm> signature_of(der::bytes content) noexcept {
    using enum signature_algorithm;
    der::reader r(content);
    auto const id = r.next(der::tag::oid);
    if (!id) return std::nullopt;
    auto const parameters = r.next();
    if (!r.at_end()) return std::nullopt;
    der::bytes const which = id->content;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 11>)) return rsa_pkcs1_sha256;
    if (is_oid(which, oid<1, 2, 840, 10045, 4, 3, 2>)) return ecdsa_sha256;
    if (is_oid(which, oid<1, 2, 840, 10045, 4, 3, 3>)) return ecdsa_sha384;
    if (is_oid(which, oid<1, 2, 840, 10045, 4, 3, 4>)) return ecdsa_sha512;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 12>)) return rsa_pkcs1_sha384;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 13>)) return rsa_pkcs1_sha512;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 10>)) {
        return parameters ? detail::pss_of(parameters->whole) : rsa_pss_sha1;
    }
    if (is_oid(which, oid<1, 3, 101, 112>)) return ed25519;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 5>)) return rsa_pkcs1_sha1;
    if (is_oid(which, oid<1, 3, 14, 3, 2, 29>)) return rsa_pkcs1_sha1;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 14>)) return rsa_pkcs1_sha224;
    if (is_oid(which, oid<1, 2, 840, 113549, 1, 1, 4>)) return rsa_pkcs1_md5;
    if (is_oid(which, oid<1, 2, 840, 10045, 4, 1>)) return ecdsa_sha1;
    if (is_oid(which, oid<1, 2, 840, 10045, 4, 3, 1>)) return ecdsa_sha224;
    return other;
}

/// The numbers of an RSAPublicKey; nullopt if it is damaged.
[[nodiscard]] constexpr std::optional<rsa_public_key> rsa_key_of(der::bytes key) noexcept {
    auto const fields = der::only(key, der::tag::sequence);
    if (!fields) return std::nullopt;
    der::reader numbers(fields->content);
    auto const modulus = numbers.next(der::tag::integer);
    auto const exponent = numbers.next(der::tag::integer);
    if (!modulus || !exponent || !numbers.at_end()) return std::nullopt;
    auto const n = der::magnitude(modulus->content);
    auto const e = der::magnitude(exponent->content);
    if (!n || !e) return std::nullopt;
    return rsa_public_key{*n, *e};
}

/// True if a point of a known curve has a form and size of SEC 1 section 2.3.3.
[[nodiscard]] constexpr bool is_point_of(x509::curve curve, der::bytes point) noexcept {
    std::size_t const field = curve == x509::curve::p256   ? 32
                              : curve == x509::curve::p384 ? 48
                              : curve == x509::curve::p521 ? 66
                                                           : 0;
    if (field == 0 || point.empty()) return false;
    if (point[0] == std::byte{4}) return point.size() == 1 + 2 * field;
    return (point[0] == std::byte{2} || point[0] == std::byte{3}) && point.size() == 1 + field;
}

/// The key described by the content of an AlgorithmIdentifier and the octets of the key itself; nullopt if damaged.
[[nodiscard]] constexpr std::optional<public_key> public_key_of(der::bytes algorithm, der::bytes key) noexcept {
    der::reader r(algorithm);
    auto const id = r.next(der::tag::oid);
    if (!id) return std::nullopt;
    auto const parameters = r.next();
    if (!r.at_end()) return std::nullopt;
    if (is_oid(id->content, oid<1, 2, 840, 113549, 1, 1, 1>)) {
        auto const numbers = rsa_key_of(key);
        if (!numbers) return std::nullopt;
        return public_key{public_key_kind::rsa, curve::other, der::bits_of(numbers->modulus)};
    }
    if (is_oid(id->content, oid<1, 2, 840, 10045, 2, 1>)) {
        if (!parameters) return std::nullopt;
        der::bytes const which = parameters->tag == der::tag::oid ? parameters->content : der::bytes{};
        if (is_oid(which, oid<1, 2, 840, 10045, 3, 1, 7>)) return public_key{public_key_kind::ec, curve::p256, 256};
        if (is_oid(which, oid<1, 3, 132, 0, 34>)) return public_key{public_key_kind::ec, curve::p384, 384};
        if (is_oid(which, oid<1, 3, 132, 0, 35>)) return public_key{public_key_kind::ec, curve::p521, 521};
        return public_key{public_key_kind::ec, curve::other, 0};
    }
    if (is_oid(id->content, oid<1, 3, 101, 112>)) return public_key{public_key_kind::ed25519, curve::other, 256};
    return public_key{};
}

} // namespace tls::x509::algorithms

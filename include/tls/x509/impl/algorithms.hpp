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

enum class hash : std::uint8_t { sha1, sha224, sha256, sha384, sha512, other };

constexpr hash hash_of(der::bytes id) noexcept {
    if (is_oid(id, oid<1, 3, 14, 3, 2, 26>)) return hash::sha1;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 4>)) return hash::sha224;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 1>)) return hash::sha256;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 2>)) return hash::sha384;
    if (is_oid(id, oid<2, 16, 840, 1, 101, 3, 4, 2, 3>)) return hash::sha512;
    return hash::other;
}

// HashAlgorithm ::= SEQUENCE { algorithm, parameters NULL or absent }
constexpr hash hash_in(der::bytes algorithm_identifier) noexcept {
    der::reader r(algorithm_identifier);
    auto const id = r.next(der::tag::oid);
    if (!id || (!r.at_end() && !r.next(der::tag::null)) || !r.at_end()) return hash::other;
    return hash_of(id->content);
}

// RSASSA-PSS-params ::= SEQUENCE { [0] hash DEFAULT sha1, [1] maskGen DEFAULT mgf1SHA1, [2] saltLength, [3] trailer }
constexpr signature_algorithm pss_of(der::bytes parameters) noexcept {
    using der::tag::context_constructed;
    auto const fields = der::only(parameters, der::tag::sequence);
    if (!fields) return signature_algorithm::other;
    der::reader r(fields->content);
    hash message = hash::sha1;
    hash mask = hash::sha1;
    if (r.next_is(context_constructed(0))) {
        auto const field = r.next();
        auto const algorithm = field ? der::only(field->content, der::tag::sequence) : std::nullopt;
        if (!algorithm) return signature_algorithm::other;
        message = hash_in(algorithm->content);
    }
    if (r.next_is(context_constructed(1))) {
        auto const field = r.next();
        auto const generator = field ? der::only(field->content, der::tag::sequence) : std::nullopt;
        if (!generator) return signature_algorithm::other;
        der::reader g(generator->content);
        auto const id = g.next(der::tag::oid);
        auto const algorithm = g.next(der::tag::sequence);
        if (!id || !algorithm || !g.at_end() || !is_oid(id->content, oid<1, 2, 840, 113549, 1, 1, 8>)) {
            return signature_algorithm::other;
        }
        mask = hash_in(algorithm->content);
    }
    if (message != mask) return signature_algorithm::other;
    switch (message) {
    case hash::sha1: return signature_algorithm::rsa_pss_sha1;
    case hash::sha224: return signature_algorithm::rsa_pss_sha224;
    case hash::sha256: return signature_algorithm::rsa_pss_sha256;
    case hash::sha384: return signature_algorithm::rsa_pss_sha384;
    case hash::sha512: return signature_algorithm::rsa_pss_sha512;
    case hash::other: break;
    }
    return signature_algorithm::other;
}

} // namespace detail

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

/// The key described by the content of an AlgorithmIdentifier and the octets of the key itself; nullopt if damaged.
[[nodiscard]] constexpr std::optional<public_key> public_key_of(der::bytes algorithm, der::bytes key) noexcept {
    der::reader r(algorithm);
    auto const id = r.next(der::tag::oid);
    if (!id) return std::nullopt;
    auto const parameters = r.next();
    if (!r.at_end()) return std::nullopt;
    if (is_oid(id->content, oid<1, 2, 840, 113549, 1, 1, 1>)) {
        auto const fields = der::only(key, der::tag::sequence);
        if (!fields) return std::nullopt;
        der::reader numbers(fields->content);
        auto const modulus = numbers.next(der::tag::integer);
        auto const exponent = numbers.next(der::tag::integer);
        if (!modulus || !exponent || !numbers.at_end() || !der::bit_length(exponent->content)) return std::nullopt;
        auto const bits = der::bit_length(modulus->content);
        if (!bits) return std::nullopt;
        return public_key{public_key_kind::rsa, curve::other, *bits};
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

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/algorithm.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/oid.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

/// The object identifiers of RFC 3279, 4055, 5280, 5480, 5758 and 8410, turned into our own names.
namespace tls::x509::algorithms {

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

/// The kinds of keys as their algorithm names them.
enum class key_algorithm : std::uint8_t { rsa, ec, ed25519, other };

namespace detail {

/// One identifier and what it stands for. One table per question: each is short, and most questions are answered by
/// its first entry.
template <class Value> struct known_oid {
    static constexpr std::size_t longest = 9;

    template <std::size_t Size>
    constexpr known_oid(std::array<std::byte, Size> const& id, Value stands_for) noexcept
        : size(Size),
          value(stands_for) {
        static_assert(Size <= longest);
        std::ranges::copy(id, octets.begin());
    }
    std::uint8_t size;
    Value value;
    std::array<std::byte, longest> octets{};
};

template <class Value>
[[nodiscard]] constexpr Value find(std::span<known_oid<Value> const> table, der::bytes id, Value otherwise) noexcept {
    for (auto const& known : table)
        if (known.size == id.size() && der::equal({known.octets.data(), known.size}, id)) return known.value;
    return otherwise;
}

inline constexpr known_oid<signature_algorithm> signatures[] = {
    {oid<1, 2, 840, 113549, 1, 1, 11>, signature_algorithm::rsa_pkcs1_sha256},
    {oid<1, 2, 840, 10045, 4, 3, 2>, signature_algorithm::ecdsa_sha256},
    {oid<1, 2, 840, 10045, 4, 3, 3>, signature_algorithm::ecdsa_sha384},
    {oid<1, 2, 840, 10045, 4, 3, 4>, signature_algorithm::ecdsa_sha512},
    {oid<1, 2, 840, 113549, 1, 1, 12>, signature_algorithm::rsa_pkcs1_sha384},
    {oid<1, 2, 840, 113549, 1, 1, 13>, signature_algorithm::rsa_pkcs1_sha512},
    {oid<1, 2, 840, 113549, 1, 1, 10>, signature_algorithm::rsa_pss_sha1}, // until its parameters say otherwise
    {oid<1, 3, 101, 112>, signature_algorithm::ed25519},
    {oid<1, 2, 840, 113549, 1, 1, 5>, signature_algorithm::rsa_pkcs1_sha1},
    {oid<1, 3, 14, 3, 2, 29>, signature_algorithm::rsa_pkcs1_sha1},
    {oid<1, 2, 840, 113549, 1, 1, 14>, signature_algorithm::rsa_pkcs1_sha224},
    {oid<1, 2, 840, 113549, 1, 1, 4>, signature_algorithm::rsa_pkcs1_md5},
    {oid<1, 2, 840, 10045, 4, 1>, signature_algorithm::ecdsa_sha1},
    {oid<1, 2, 840, 10045, 4, 3, 1>, signature_algorithm::ecdsa_sha224},
};

inline constexpr known_oid<hash_algorithm> hashes[] = {
    {oid<2, 16, 840, 1, 101, 3, 4, 2, 1>, hash_algorithm::sha256},
    {oid<2, 16, 840, 1, 101, 3, 4, 2, 2>, hash_algorithm::sha384},
    {oid<2, 16, 840, 1, 101, 3, 4, 2, 3>, hash_algorithm::sha512},
    {oid<1, 3, 14, 3, 2, 26>, hash_algorithm::sha1},
    {oid<2, 16, 840, 1, 101, 3, 4, 2, 4>, hash_algorithm::sha224},
};

inline constexpr known_oid<key_algorithm> keys[] = {
    {oid<1, 2, 840, 10045, 2, 1>, key_algorithm::ec},
    {oid<1, 2, 840, 113549, 1, 1, 1>, key_algorithm::rsa},
    {oid<1, 3, 101, 112>, key_algorithm::ed25519},
};

inline constexpr known_oid<curve> curves[] = {
    {oid<1, 2, 840, 10045, 3, 1, 7>, curve::p256},
    {oid<1, 3, 132, 0, 34>, curve::p384},
    {oid<1, 3, 132, 0, 35>, curve::p521},
};

inline constexpr known_oid<purpose> purposes[] = {
    {oid<1, 3, 6, 1, 5, 5, 7, 3, 1>, purpose::server_auth},
    {oid<1, 3, 6, 1, 5, 5, 7, 3, 2>, purpose::client_auth},
    {oid<2, 5, 29, 37, 0>, purpose::any},
};

inline constexpr auto& mgf1 = oid<1, 2, 840, 113549, 1, 1, 8>;
inline constexpr auto& any_policy = oid<2, 5, 29, 32, 0>;

} // namespace detail

/// The signature algorithm of an identifier, without regard to its parameters; every RSASSA-PSS is `rsa_pss_sha1`.
[[nodiscard]] constexpr signature_algorithm signature_of(der::bytes id) noexcept {
    return detail::find<signature_algorithm>(detail::signatures, id, signature_algorithm::other);
}
[[nodiscard]] constexpr hash_algorithm hash_of(der::bytes id) noexcept {
    return detail::find<hash_algorithm>(detail::hashes, id, hash_algorithm::other);
}
[[nodiscard]] constexpr key_algorithm key_of(der::bytes id) noexcept {
    return detail::find<key_algorithm>(detail::keys, id, key_algorithm::other);
}
[[nodiscard]] constexpr curve curve_of(der::bytes id) noexcept {
    return detail::find<curve>(detail::curves, id, curve::other);
}
[[nodiscard]] constexpr purpose purpose_of(der::bytes id) noexcept {
    return detail::find<purpose>(detail::purposes, id, purpose::other);
}

/// All extensions we read are in id-ce, 2.5.29.
[[nodiscard]] constexpr extension extension_of(der::bytes id) noexcept {
    if (id.size() != 3 || id[0] != std::byte{0x55} || id[1] != std::byte{0x1d}) return extension::other;
    switch (std::to_integer<unsigned>(id[2])) {
    case 14: return extension::subject_key_id;
    case 15: return extension::key_usage;
    case 17: return extension::subject_alternative_name;
    case 19: return extension::basic_constraints;
    case 30: return extension::name_constraints;
    case 32: return extension::certificate_policies;
    case 35: return extension::authority_key_id;
    case 37: return extension::extended_key_usage;
    default: return extension::other;
    }
}

/// True for a list of certificate policies that holds anyPolicy without qualifiers and nothing else.
[[nodiscard]] constexpr bool is_any_policy_only(der::bytes value) noexcept {
    der::cursor c(value);
    auto const list = c.enter(der::tag::sequence);
    if (c.at_end()) return false;
    while (!c.at_end()) {
        auto const information = c.enter(der::tag::sequence);
        if (!is_oid(c.at(c.take(der::tag::oid)), detail::any_policy)) return false;
        c.leave(information);
    }
    c.leave(list);
    return !c.failed() && c.at_end();
}

namespace detail {

// HashAlgorithm ::= SEQUENCE { algorithm, parameters NULL or absent }
constexpr hash_algorithm take_hash(der::cursor& c) noexcept {
    auto const outer = c.enter(der::tag::sequence);
    auto const id = c.take(der::tag::oid);
    if (c.next_is(der::tag::null)) static_cast<void>(c.take(der::tag::null));
    c.leave(outer);
    return hash_of(c.at(id));
}

/// Takes the field [n] EXPLICIT INTEGER if it comes next.
constexpr void take_number(der::cursor& c, unsigned n, std::uint32_t& out) noexcept {
    if (!c.next_is(der::tag::context_constructed(n))) return;
    auto const outer = c.enter(der::tag::context_constructed(n));
    auto const value = der::small_unsigned(c.at(c.take(der::tag::integer)));
    c.leave(outer);
    if (!value) return c.fail();
    out = *value;
}

/// Steps into RSASSA-PSS-params and takes the two hash functions; fails if they are damaged or the mask is not MGF1.
constexpr std::uint32_t take_pss_hashes(der::cursor& c, pss_parameters& out) noexcept {
    using der::tag::context_constructed;
    auto const params = c.enter(der::tag::sequence);
    if (c.next_is(context_constructed(0))) {
        auto const field = c.enter(context_constructed(0));
        out.hash = take_hash(c);
        c.leave(field);
    }
    if (c.next_is(context_constructed(1))) {
        auto const field = c.enter(context_constructed(1));
        auto const generator = c.enter(der::tag::sequence);
        if (!is_oid(c.at(c.take(der::tag::oid)), mgf1)) c.fail();
        out.mask_hash = take_hash(c);
        c.leave(generator);
        c.leave(field);
    }
    return params;
}

} // namespace detail

/// The RSASSA-PSS algorithm that these parameters in DER, which may be missing, name by their hash functions.
[[nodiscard]] constexpr signature_algorithm pss_of(der::bytes parameters) noexcept {
    pss_parameters read;
    der::cursor c(parameters);
    if (!c.at_end()) static_cast<void>(detail::take_pss_hashes(c, read));
    if (c.failed() || read.hash != read.mask_hash) return signature_algorithm::other;
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

// RSASSA-PSS-params ::= SEQUENCE { [0] hash DEFAULT sha1, [1] maskGen DEFAULT mgf1SHA1, [2] saltLength, [3] trailer }
/// All of those parameters; nullopt if they are damaged anywhere.
[[nodiscard]] constexpr std::optional<pss_parameters> pss_parameters_of(der::bytes parameters) noexcept {
    pss_parameters out;
    der::cursor c(parameters);
    if (c.at_end()) return out;
    auto const outer = detail::take_pss_hashes(c, out);
    detail::take_number(c, 2, out.salt_length);
    detail::take_number(c, 3, out.trailer_field);
    c.leave(outer);
    return !c.failed() && c.at_end() ? std::optional(out) : std::nullopt;
}

/// The numbers of an RSAPublicKey; nullopt if it is damaged.
[[nodiscard]] constexpr std::optional<rsa_public_key> rsa_key_of(der::bytes key) noexcept {
    der::cursor c(key);
    auto const outer = c.enter(der::tag::sequence);
    auto const modulus = c.take(der::tag::integer);
    auto const exponent = c.take(der::tag::integer);
    c.leave(outer);
    if (c.failed() || !c.at_end()) return std::nullopt;
    auto const n = der::magnitude(c.at(modulus));
    auto const e = der::magnitude(c.at(exponent));
    if (!n || !e) return std::nullopt;
    return rsa_public_key{*n, *e};
}

/// The size of a known curve's field in bits; 0 for another.
[[nodiscard]] constexpr std::uint32_t field_bits(x509::curve curve) noexcept {
    switch (curve) {
    case x509::curve::p256: return 256;
    case x509::curve::p384: return 384;
    case x509::curve::p521: return 521;
    case x509::curve::other: break;
    }
    return 0;
}

/// True if a point has a form and size that SEC 1 section 2.3.3 defines for this curve.
[[nodiscard]] constexpr bool is_point_of(x509::curve curve, der::bytes point) noexcept {
    std::size_t const coordinate = (field_bits(curve) + 7) / 8;
    if (coordinate == 0 || point.empty()) return false;
    if (point[0] == std::byte{4}) return point.size() == 1 + 2 * coordinate;
    return (point[0] == std::byte{2} || point[0] == std::byte{3}) && point.size() == 1 + coordinate;
}

} // namespace tls::x509::algorithms

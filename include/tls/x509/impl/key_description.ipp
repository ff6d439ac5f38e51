// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/impl/algorithms.hpp>
#include <tls/x509/key_description.hpp>
#include <tls/x509/oid_names.hpp>

#include <utility>

namespace tls::x509 {
namespace detail {

inline constexpr named_oid key_names[] = {
    {oid<1, 3, 101, 112>, "Ed25519"},
    {oid<1, 3, 101, 113>, "Ed448"},
    {oid<1, 3, 101, 110>, "X25519"},
    {oid<1, 3, 101, 111>, "X448"},
    {oid<1, 2, 840, 113549, 1, 1, 10>, "RSASSA-PSS"},
    {oid<1, 2, 840, 10040, 4, 1>, "DSA"},
    {oid<1, 2, 840, 113549, 1, 3, 1>, "DH"},
    {oid<1, 2, 840, 10046, 2, 1>, "DH"},
    {oid<2, 16, 840, 1, 101, 3, 4, 3, 17>, "ML-DSA-44"},
    {oid<2, 16, 840, 1, 101, 3, 4, 3, 18>, "ML-DSA-65"},
    {oid<2, 16, 840, 1, 101, 3, 4, 3, 19>, "ML-DSA-87"},
    {oid<1, 2, 840, 10045, 3, 1, 7>, "P-256"},
    {oid<1, 3, 132, 0, 34>, "P-384"},
    {oid<1, 3, 132, 0, 35>, "P-521"},
    {oid<1, 2, 840, 10045, 3, 1, 1>, "P-192"},
    {oid<1, 3, 132, 0, 33>, "P-224"},
    {oid<1, 3, 132, 0, 10>, "secp256k1"},
    {oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 7>, "brainpoolP256r1"},
    {oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 11>, "brainpoolP384r1"},
    {oid<1, 3, 36, 3, 3, 2, 8, 1, 1, 13>, "brainpoolP512r1"},
    {oid<1, 2, 156, 10197, 1, 301>, "SM2"},
};
inline constexpr auto packed_key_names = pack_named_oids<key_names>();

// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
TWINTLS_DECL key_description take_algorithm(der::cursor& in) noexcept {
    using enum key_description::algorithm;
    key_description key;
    auto const outer = in.enter(der::tag::sequence);
    key.id = in.at(in.take(der::tag::oid));
    switch (algorithms::key_of(key.id)) {
    case algorithms::key_algorithm::rsa: key.kind = rsa; break;
    case algorithms::key_algorithm::ed25519: key.kind = ed25519; break;
    case algorithms::key_algorithm::ec:
        key.kind = ec;
        key.id = in.next_is(der::tag::oid) ? in.at(in.take(der::tag::oid)) : der::bytes{};
        key.curve = algorithms::curve_of(key.id);
        break;
    case algorithms::key_algorithm::other:
        if (is_oid(key.id, oid<1, 3, 101, 113>)) key.kind = ed448;
        break;
    }
    in.to_end();
    in.leave(outer);
    return key;
}

// RSAPrivateKey ::= SEQUENCE { version, modulus INTEGER, ... }
TWINTLS_DECL std::size_t take_modulus_bits(der::cursor& in) noexcept {
    auto const outer = in.enter(der::tag::sequence);
    static_cast<void>(in.take(der::tag::integer));
    auto const bits = der::bit_length(in.at(in.take(der::tag::integer)));
    if (!bits) in.fail();
    in.to_end();
    in.leave(outer);
    return bits.value_or(0);
}

// ECPrivateKey ::= SEQUENCE { version, privateKey OCTET STRING, [0] parameters OPTIONAL, [1] publicKey OPTIONAL }
/// `alone`: nothing around it names the curve.
TWINTLS_DECL key_description take_ec_private_key(der::cursor& in, bool alone) noexcept {
    key_description key;
    key.kind = key_description::algorithm::ec;
    auto const outer = in.enter(der::tag::sequence);
    static_cast<void>(in.take(der::tag::integer));
    auto const size = in.take(der::tag::octet_string).size;
    if (in.next_is(der::tag::context_constructed(0))) {
        auto const field = in.enter(der::tag::context_constructed(0));
        if (in.next_is(der::tag::oid)) key.id = in.at(in.take(der::tag::oid));
        key.curve = algorithms::curve_of(key.id);
        in.to_end();
        in.leave(field);
    } else {
        // RFC 5915 section 3: the octets are as many as the curve's order has.
        key.curve = size == 32   ? x509::curve::p256
                    : size == 48 ? x509::curve::p384
                    : size == 66 ? x509::curve::p521
                                 : x509::curve::other;
        if (alone && key.curve == x509::curve::other) in.fail();
    }
    in.to_end();
    in.leave(outer);
    return key;
}

} // namespace detail

TWINTLS_DECL key_description describe_key(certificate_view const& certificate) noexcept {
    der::cursor in(certificate.spki());
    auto const outer = in.enter(der::tag::sequence);
    key_description key = detail::take_algorithm(in);
    in.to_end();
    in.leave(outer);
    key.bits = certificate.key_bits();
    return key;
}

TWINTLS_DECL std::optional<key_description>
describe_key(private_key_kind encoding, std::span<std::byte const> der) noexcept {
    using enum key_description::algorithm;
    key_description key;
    der::cursor in(der);
    switch (encoding) {
    case private_key_kind::pkcs8: {
        // PrivateKeyInfo ::= SEQUENCE { version, AlgorithmIdentifier, OCTET STRING, ... }
        auto const outer = in.enter(der::tag::sequence);
        static_cast<void>(in.take(der::tag::integer));
        key = detail::take_algorithm(in);
        auto const inner = in.enter(der::tag::octet_string);
        if (key.kind == rsa) key.bits = detail::take_modulus_bits(in);
        if (key.kind == ec) static_cast<void>(detail::take_ec_private_key(in, false));
        in.to_end();
        in.leave(inner);
        in.to_end();
        in.leave(outer);
        break;
    }
    case private_key_kind::pkcs1:
        key.kind = rsa;
        key.bits = detail::take_modulus_bits(in);
        break;
    case private_key_kind::sec1: key = detail::take_ec_private_key(in, true); break;
    case private_key_kind::encrypted_pkcs8:
    case private_key_kind::legacy_encrypted: return std::nullopt;
    }
    return in.failed() || !in.at_end() ? std::nullopt : std::optional(key);
}

TWINTLS_DECL void write_name(tls::detail::text_writer& out, key_description const& key) noexcept {
    using enum key_description::algorithm;
    switch (key.kind) {
    case rsa: out << "RSA key of " << static_cast<long long>(key.bits) << " bits"; return;
    case ec:
        if (key.id.empty()) {
            out << "EC key with explicit parameters";
            return;
        }
        out << "EC key on ";
        detail::write_oid(out, detail::packed_key_names, key.id);
        return;
    case ed25519:
    case ed448:
    case other: break;
    }
    detail::write_oid(out, detail::packed_key_names, key.id);
    out << " key";
}

} // namespace tls::x509

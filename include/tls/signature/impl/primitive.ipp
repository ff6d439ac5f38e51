// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/signature/primitive.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/impl/algorithms.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>

namespace tls::signature {
namespace detail {

using x509::der::bytes;

/// The content of an INTEGER without the octet that keeps it positive; empty if it is not positive.
[[nodiscard]] constexpr bytes positive(bytes integer) noexcept {
    if (!x509::der::bit_length(integer)) return {};
    return integer[0] == std::byte{0} ? integer.subspan(1) : integer;
}

[[nodiscard]] constexpr bool is_odd(bytes number) noexcept { return (number.back() & std::byte{1}) != std::byte{0}; }

/// Whether one number without leading zeros is less than another.
[[nodiscard]] constexpr bool less(bytes a, bytes b) noexcept {
    if (a.size() != b.size()) return a.size() < b.size();
    return std::ranges::lexicographical_compare(a, b);
}

/// The bytes of a number in hexadecimal digits.
template <std::size_t Size> [[nodiscard]] consteval auto number(char const (&digits)[Size]) noexcept {
    static_assert(Size % 2 == 1);
    std::array<std::byte, Size / 2> out{};
    for (std::size_t i = 0; i + 1 != Size; ++i) {
        auto const digit = static_cast<unsigned>(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
        out[i / 2] = static_cast<std::byte>(std::to_integer<unsigned>(out[i / 2]) << 4U | digit);
    }
    return out;
}

// FIPS 186-4, appendix D.1.2.
inline constexpr auto p256_prime = number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
inline constexpr auto p256_order = number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
inline constexpr auto p384_prime = number("ffffffffffffffffffffffffffffffffffffffffffffffff"
                                          "fffffffffffffffeffffffff0000000000000000ffffffff");
inline constexpr auto p384_order = number("ffffffffffffffffffffffffffffffffffffffffffffffff"
                                          "c7634d81f4372ddf581a0db248b0a77aecec196accc52973");
inline constexpr auto p521_prime = number("01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
inline constexpr auto p521_order = number("01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                                          "fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");
static_assert(p521_prime.size() == 66 && p521_order.size() == 66);

struct curve_numbers {
    bytes prime, order;
};

[[nodiscard]] constexpr std::optional<curve_numbers> numbers_of(x509::curve c) noexcept {
    switch (c) {
    case x509::curve::p256: return curve_numbers{p256_prime, p256_order};
    case x509::curve::p384: return curve_numbers{p384_prime, p384_order};
    case x509::curve::p521: return curve_numbers{p521_prime, p521_order};
    case x509::curve::other: break;
    }
    return std::nullopt;
}

struct algorithm_parts {
    signature::scheme scheme;
    signature::hash hash;
};

[[nodiscard]] constexpr std::optional<algorithm_parts> parts_of(x509::signature_algorithm algorithm) noexcept {
    switch (algorithm) {
        using enum x509::signature_algorithm;
    case rsa_pkcs1_md5: return algorithm_parts{scheme::rsa_pkcs1, hash::md5};
    case rsa_pkcs1_sha1: return algorithm_parts{scheme::rsa_pkcs1, hash::sha1};
    case rsa_pkcs1_sha224: return algorithm_parts{scheme::rsa_pkcs1, hash::sha224};
    case rsa_pkcs1_sha256: return algorithm_parts{scheme::rsa_pkcs1, hash::sha256};
    case rsa_pkcs1_sha384: return algorithm_parts{scheme::rsa_pkcs1, hash::sha384};
    case rsa_pkcs1_sha512: return algorithm_parts{scheme::rsa_pkcs1, hash::sha512};
    case rsa_pss_sha1: return algorithm_parts{scheme::rsa_pss, hash::sha1};
    case rsa_pss_sha224: return algorithm_parts{scheme::rsa_pss, hash::sha224};
    case rsa_pss_sha256: return algorithm_parts{scheme::rsa_pss, hash::sha256};
    case rsa_pss_sha384: return algorithm_parts{scheme::rsa_pss, hash::sha384};
    case rsa_pss_sha512: return algorithm_parts{scheme::rsa_pss, hash::sha512};
    case ecdsa_sha1: return algorithm_parts{scheme::ecdsa, hash::sha1};
    case ecdsa_sha224: return algorithm_parts{scheme::ecdsa, hash::sha224};
    case ecdsa_sha256: return algorithm_parts{scheme::ecdsa, hash::sha256};
    case ecdsa_sha384: return algorithm_parts{scheme::ecdsa, hash::sha384};
    case ecdsa_sha512: return algorithm_parts{scheme::ecdsa, hash::sha512};
    case ed25519: return algorithm_parts{scheme::ed25519, hash::none};
    case other: break;
    }
    return std::nullopt;
}

/// A SubjectPublicKeyInfo, as far as a question needs it.
struct key_parts {
    x509::public_key_kind kind = x509::public_key_kind::other;
    x509::curve curve = x509::curve::other;
    std::size_t bits = 0;
    bytes key;
    x509::rsa_public_key rsa{}; ///< of an RSA key
};

/// nullopt if it is damaged.
[[nodiscard]] constexpr std::optional<key_parts> key_parts_of(bytes spki) noexcept {
    namespace der = x509::der;
    namespace algorithms = x509::algorithms;
    auto const info = der::only(spki, der::tag::sequence);
    if (!info) return std::nullopt;
    der::reader r(info->content);
    auto const algorithm = r.next(der::tag::sequence);
    auto const key = r.next(der::tag::bit_string);
    if (!algorithm || !key || !r.at_end()) return std::nullopt;
    auto const octets = der::whole_octets(key->content);
    der::reader a(algorithm->content);
    auto const id = a.next(der::tag::oid);
    auto const parameters = a.next();
    if (!octets || !id || !a.at_end()) return std::nullopt;
    key_parts parts{.key = *octets};
    switch (algorithms::key_of(id->content)) {
    case algorithms::key_algorithm::rsa: {
        auto const numbers = algorithms::rsa_key_of(*octets);
        if (!numbers) return std::nullopt;
        parts.kind = x509::public_key_kind::rsa;
        parts.rsa = *numbers;
        parts.bits = der::bits_of(numbers->modulus);
        break;
    }
    case algorithms::key_algorithm::ec:
        parts.kind = x509::public_key_kind::ec;
        if (parameters && parameters->tag == der::tag::oid) parts.curve = algorithms::curve_of(parameters->content);
        parts.bits = algorithms::field_bits(parts.curve);
        break;
    case algorithms::key_algorithm::ed25519: parts.kind = x509::public_key_kind::ed25519; break;
    case algorithms::key_algorithm::other: break;
    }
    return parts;
}

/// Puts the parts of a key into a question; false if it is not one that we use.
[[nodiscard]] inline bool put_key(key_parts const& kind, checked_query& into) noexcept {
    bytes const key = kind.key;
    switch (kind.kind) {
    case x509::public_key_kind::rsa:
        into.modulus = kind.rsa.modulus;
        into.exponent = kind.rsa.exponent;
        return is_acceptable(kind.rsa);
    case x509::public_key_kind::ec: {
        auto const numbers = numbers_of(kind.curve);
        if (!numbers) return false;
        std::size_t const size = numbers->prime.size();
        if (key.size() != 1 + 2 * size || key[0] != std::byte{4}) return false;
        into.curve = kind.curve;
        into.point = key;
        return std::ranges::lexicographical_compare(key.subspan(1, size), numbers->prime) &&
               std::ranges::lexicographical_compare(key.subspan(1 + size), numbers->prime);
    }
    case x509::public_key_kind::ed25519: into.point = key; return key.size() == 32;
    case x509::public_key_kind::other: break;
    }
    return false;
}

/// Whether a key of a kind can sign with a scheme.
[[nodiscard]] constexpr bool fits(x509::public_key_kind kind, scheme s) noexcept {
    switch (s) {
    case scheme::rsa_pkcs1:
    case scheme::rsa_pss: return kind == x509::public_key_kind::rsa;
    case scheme::ecdsa: return kind == x509::public_key_kind::ec;
    case scheme::ed25519: return kind == x509::public_key_kind::ed25519;
    }
    return false;
}

/// Puts the numbers of an ECDSA signature into a question; false if it is not `SEQUENCE { r INTEGER, s INTEGER }` with
/// both in range.
[[nodiscard]] constexpr bool put_ecdsa(bytes order, checked_query& into) noexcept {
    namespace der = x509::der;
    auto const fields = der::only(into.signature, der::tag::sequence);
    if (!fields) return false;
    der::reader reader(fields->content);
    auto const r = reader.next(der::tag::integer);
    auto const s = reader.next(der::tag::integer);
    if (!r || !s || !reader.at_end()) return false;
    into.r = positive(r->content);
    into.s = positive(s->content);
    // The order of P-521 begins with an octet of one bit, so it has no leading zeros either.
    return !into.r.empty() && !into.s.empty() && less(into.r, order) && less(into.s, order);
}

/// Whether the signature is one that a key of this kind can have made.
[[nodiscard]] constexpr bool is_sound(std::size_t key_bits, checked_query& q) noexcept {
    switch (q.scheme) {
    case scheme::rsa_pss: {
        // RFC 8017 section 9.1.1: hash, salt and two octets fit a message of one bit less than the modulus.
        std::size_t const room = (key_bits - 1 + 7) / 8;
        if (q.salt_length > room || room - q.salt_length < size_of(q.hash) + 2) return false;
        [[fallthrough]];
    }
    case scheme::rsa_pkcs1:
        return q.signature.size() == q.modulus.size() && std::ranges::lexicographical_compare(q.signature, q.modulus);
    case scheme::ecdsa: return put_ecdsa(numbers_of(q.curve)->order, q);
    case scheme::ed25519: return q.signature.size() == 64;
    }
    return false;
}

} // namespace detail

TWINTLS_DECL bool is_acceptable(x509::rsa_public_key const& key) noexcept {
    std::size_t const bits = x509::der::bits_of(key.modulus);
    std::size_t const exponent_bits = x509::der::bits_of(key.exponent);
    return bits >= min_rsa_bits && bits <= max_rsa_bits && detail::is_odd(key.modulus) && exponent_bits >= 2 &&
           exponent_bits <= max_rsa_exponent_bits && detail::is_odd(key.exponent);
}

TWINTLS_DECL bool is_acceptable(x509::ec_public_key const& key) noexcept { return key.point.front() == std::byte{4}; }

// Not inlined: what it needs on the stack would be there while the signature is verified.
[[gnu::noinline]] TWINTLS_DECL std::expected<checked_query, answer> check(query const& q) noexcept {
    auto const kind = detail::key_parts_of(q.spki);
    auto const parts = detail::parts_of(q.algorithm);
    checked_query checked;
    if (!kind || !parts || !detail::put_key(*kind, checked)) return std::unexpected(answer::cannot);

    checked.scheme = parts->scheme;
    checked.hash = parts->hash;
    checked.message = q.message;
    checked.is_hashed = q.is_hashed;
    checked.signature = q.signature;
    checked.salt_length = q.salt_length;
    // One of the libraries ignores the first octet of such a message.
    if (checked.scheme == scheme::rsa_pss && kind->bits % 8 == 1) return std::unexpected(answer::cannot);
    if (!detail::fits(kind->kind, checked.scheme) || !detail::is_sound(kind->bits, checked))
        return std::unexpected(answer::bad);
    return checked;
}

TWINTLS_DECL std::uint32_t cost(checked_query const& q) noexcept {
    // Measured with the slower of the two backends, and rounded up.
    auto const hashing = static_cast<std::uint32_t>(std::min<std::size_t>(q.message.size(), 1U << 24U) / 256);
    auto const mathematics = [&]() -> std::uint32_t {
        switch (q.scheme) {
        case scheme::rsa_pkcs1:
        case scheme::rsa_pss: {
            // A few multiplications to begin and end with, and one or more for each bit of the exponent; each takes the
            // square of the modulus' size.
            auto const size = static_cast<std::uint32_t>(q.modulus.size());
            auto const first = std::bit_width(std::to_integer<unsigned>(q.exponent.front()));
            auto const exponent_bits =
                static_cast<std::uint32_t>(8 * (q.exponent.size() - 1)) + static_cast<std::uint32_t>(first);
            return size * size / 128 * (5 + exponent_bits) * 5 / 512;
        }
        case scheme::ecdsa:
            switch (q.curve) {
            case x509::curve::p256: return 1000;
            case x509::curve::p384: return 1900;
            case x509::curve::p521:
            case x509::curve::other: break;
            }
            return 3100;
        case scheme::ed25519: break;
        }
        return 1000;
    };
    return mathematics() + hashing + 10;
}

} // namespace tls::signature

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/der_writer.hpp"
#include "testbed/raw_ecdsa.hpp"
#include "testbed/raw_rsa.hpp"
#include <tls/signature/primitive.hpp>

#include <map>
#include <string>
#include <vector>

/// One signature at a time: the same answer from both libraries, and never "bad" for what they cannot tell.
namespace parity::signatures_cases {
namespace {

namespace der = testbed::der;
using testbed::bytes;
using testbed::hash;
using testbed::key_kind;
using testbed::octets;
using testbed::raw_rsa_key;
using tls::signature::answer;
using tls::signature::query;
using tls::x509::signature_algorithm;

std::string text(answer a) {
    switch (a) {
    case answer::good: return "good";
    case answer::bad: return "bad";
    case answer::cannot: return "cannot";
    case answer::out_of_memory: return "out_of_memory";
    }
    return "?";
}

signature_algorithm ecdsa_with(hash h) {
    switch (h) {
    case hash::sha1: return signature_algorithm::ecdsa_sha1;
    case hash::sha224: return signature_algorithm::ecdsa_sha224;
    case hash::sha256: return signature_algorithm::ecdsa_sha256;
    case hash::sha384: return signature_algorithm::ecdsa_sha384;
    case hash::sha512: return signature_algorithm::ecdsa_sha512;
    case hash::md5: break;
    }
    return signature_algorithm::other;
}

signature_algorithm pkcs1_with(hash h) {
    switch (h) {
    case hash::md5: return signature_algorithm::rsa_pkcs1_md5;
    case hash::sha1: return signature_algorithm::rsa_pkcs1_sha1;
    case hash::sha224: return signature_algorithm::rsa_pkcs1_sha224;
    case hash::sha256: return signature_algorithm::rsa_pkcs1_sha256;
    case hash::sha384: return signature_algorithm::rsa_pkcs1_sha384;
    case hash::sha512: return signature_algorithm::rsa_pkcs1_sha512;
    }
    return signature_algorithm::other;
}

signature_algorithm pss_with(hash h) {
    switch (h) {
    case hash::sha1: return signature_algorithm::rsa_pss_sha1;
    case hash::sha224: return signature_algorithm::rsa_pss_sha224;
    case hash::sha256: return signature_algorithm::rsa_pss_sha256;
    case hash::sha384: return signature_algorithm::rsa_pss_sha384;
    case hash::sha512: return signature_algorithm::rsa_pss_sha512;
    case hash::md5: break;
    }
    return signature_algorithm::other;
}

inline constexpr std::array ecdsa_hashes = {hash::sha1, hash::sha224, hash::sha256, hash::sha384, hash::sha512};

/// A question that owns its parts, so that each can be changed.
struct question {
    bytes spki{};
    signature_algorithm algorithm = signature_algorithm::other;
    bytes message{};
    bytes signature{};
    std::size_t salt = 0;

    template <class B> [[nodiscard]] std::string to() const {
        return text(tls::signature::verify({spki, algorithm, salt, message, signature}, &B::verify_signature));
    }
    /// Whether the library is asked at all.
    [[nodiscard]] bool reaches_library() const {
        return tls::signature::check({spki, algorithm, salt, message, signature}).has_value();
    }
    [[nodiscard]] question with_signature(bytes other) const {
        question q = *this;
        q.signature = std::move(other);
        return q;
    }
    [[nodiscard]] question with_key(bytes other) const {
        question q = *this;
        q.spki = std::move(other);
        return q;
    }
    [[nodiscard]] question with_algorithm(signature_algorithm other) const {
        question q = *this;
        q.algorithm = other;
        return q;
    }
};

bytes flipped(bytes of, std::size_t at, std::size_t bit = 0) {
    of[at] ^= static_cast<std::byte>(1U << bit);
    return of;
}

bytes message() { return testbed::pattern(611, 9); }

question ecdsa(key_kind kind, hash h) {
    auto const& key = testbed::pooled_key(kind);
    return {key.spki_der(), ecdsa_with(h), message(), key.sign(message(), h)};
}

/// The keys are made once, because even these take a while.
raw_rsa_key const& rsa(unsigned bits, bytes const& exponent = octets({1, 0, 1})) {
    static std::map<std::pair<unsigned, bytes>, raw_rsa_key> made;
    auto const found = made.find({bits, exponent});
    if (found != made.end()) return found->second;
    return made.emplace(std::pair(bits, exponent), raw_rsa_key(bits, exponent)).first->second;
}

question pkcs1(raw_rsa_key const& key, hash h = hash::sha256) {
    return {key.spki_der(), pkcs1_with(h), message(), key.sign_pkcs1(message(), h)};
}

question pss(raw_rsa_key const& key, hash h, std::size_t salt) {
    return {key.spki_der(), pss_with(h), message(), key.sign_pss(message(), h, salt), salt};
}

bytes ec_spki(std::string_view curve, testbed::byte_view point) {
    return der::sequence({der::sequence({der::oid("1.2.840.10045.2.1"), der::oid(curve)}), der::bit_string(point)});
}

std::string_view curve_oid(key_kind kind) {
    return kind == key_kind::p256 ? "1.2.840.10045.3.1.7" : kind == key_kind::p384 ? "1.3.132.0.34" : "1.3.132.0.35";
}

} // namespace

TEST_CASE_TEMPLATE_DEFINE("signatures: ECDSA of every curve and hash", B, ecdsa_good) {
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521}) {
        for (hash const h : ecdsa_hashes) {
            CAPTURE(name(kind));
            CAPTURE(name(h));
            question const q = ecdsa(kind, h);
            CHECK(q.to<B>() == "good");
            question changed = q;
            changed.message = flipped(q.message, 300);
            CHECK(changed.to<B>() == "bad");
            CHECK(q.with_key(testbed::pooled_key(kind, 1).spki_der()).template to<B>() == "bad");
            CHECK(
                q.with_algorithm(ecdsa_with(h == hash::sha256 ? hash::sha384 : hash::sha256)).template to<B>() ==
                "bad");
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(ecdsa_good, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: an ECDSA signature is taken in one form only", B, ecdsa_forms) {
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521}) {
        CAPTURE(name(kind));
        question const q = ecdsa(kind, hash::sha256);
        for (std::size_t i = 0; i != q.signature.size(); ++i) {
            CAPTURE(i);
            CHECK(q.with_signature(flipped(q.signature, i, i % 8)).template to<B>() == "bad");
            bytes shorter = q.signature;
            shorter.resize(i);
            CHECK(q.with_signature(shorter).template to<B>() == "bad");
        }
        CHECK(q.with_signature(der::join({q.signature, octets({0})})).template to<B>() == "bad");

        auto const good = testbed::parse_ecdsa(q.signature, kind);
        bytes const order = testbed::order_of(kind);
        bytes const zero(order.size());
        auto const with = [&](bytes const& r, bytes const& s) {
            return q.with_signature(testbed::ecdsa_numbers{r, s}.der()).template to<B>();
        };
        CHECK(with(good.r, good.s) == "good");
        CHECK(with(good.r, testbed::subtract(order, good.s)) == "good"); // both are signatures of the message
        CHECK(with(zero, good.s) == "bad");
        CHECK(with(good.r, zero) == "bad");
        CHECK(with(zero, zero) == "bad");
        CHECK(with(order, good.s) == "bad");
        CHECK(with(good.r, order) == "bad");
        CHECK(with(testbed::add(zero, octets({1})), testbed::add(zero, octets({1}))) == "bad");
        CHECK(with(testbed::subtract(order, octets({1})), testbed::subtract(order, octets({1}))) == "bad");
        CHECK(with(testbed::prime_of(kind), good.s) == "bad");
        bytes const wide = der::join({octets({0}), good.s});
        CHECK(with(good.r, testbed::add(wide, order)) == "bad"); // the same number, were it reduced
        CHECK(with(der::join({octets({1}), good.r}), good.s) == "bad");

        // The same numbers, written in ways that are not DER.
        auto const integer = [](bytes const& content) { return der::tlv(der::tag_integer, content); };
        bytes const r = der::join({octets({0, 0}), good.r});
        bytes const s = der::join({octets({0}), good.s});
        CHECK(q.with_signature(der::sequence({integer(r), integer(s)})).template to<B>() == "bad");
        CHECK(q.with_signature(der::sequence({der::integer(good.r)})).template to<B>() == "bad");
        CHECK(q.with_signature(der::sequence({integer({}), der::integer(good.s)})).template to<B>() == "bad");
        CHECK(q.with_signature(der::join({good.r, good.s})).template to<B>() == "bad");
        bytes const three = der::sequence({der::integer(good.r), der::integer(good.s), der::integer(good.s)});
        CHECK(q.with_signature(three).template to<B>() == "bad");
        bytes const content = der::join({der::integer(good.r), der::integer(good.s)});
        auto const size = static_cast<unsigned>(content.size());
        bytes const long_length = der::join({octets({0x30, 0x82, 0, size}), content});
        CHECK(q.with_signature(long_length).template to<B>() == "bad");
        bytes const indefinite = der::join({octets({0x30, 0x80}), content, octets({0, 0})});
        CHECK(q.with_signature(indefinite).template to<B>() == "bad");
        CHECK(q.with_signature({}).template to<B>() == "bad");

        auto const nowhere = testbed::signature_of_infinity(testbed::pooled_key(kind), message(), hash::sha256);
        CHECK(with(nowhere.r, nowhere.s) == "bad");
    }
}
TEST_CASE_TEMPLATE_APPLY(ecdsa_forms, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: an EC key that is none is not used", B, ec_keys) {
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521}) {
        CAPTURE(name(kind));
        question const q = ecdsa(kind, hash::sha256);
        bytes const point = testbed::pooled_key(kind).public_key_bits();
        auto const with = [&](testbed::byte_view p) {
            return q.with_key(ec_spki(curve_oid(kind), p)).template to<B>();
        };
        std::size_t const size = (point.size() - 1) / 2;
        REQUIRE(with(point) == "good");
        CHECK(with(flipped(point, size)) == "cannot"); // not on the curve
        CHECK(with(flipped(point, point.size() - 1)) == "cannot");
        CHECK(with(der::join({octets({4}), bytes(2 * size)})) == "cannot");
        CHECK(with(octets({0})) == "cannot");
        CHECK(with(bytes{}) == "cannot");
        bytes other = point;
        other[0] = std::byte{6};
        CHECK(with(other) == "cannot"); // hybrid
        bytes const compressed(point.begin(), point.begin() + 1 + static_cast<std::ptrdiff_t>(size));
        for (unsigned const form : {2u, 3u}) {
            bytes half = compressed;
            half[0] = static_cast<std::byte>(form);
            CHECK(with(half) == "cannot");
        }
        CHECK(with(der::join({point, octets({0})})) == "cannot");
        CHECK(with(testbed::byte_view(point).first(point.size() - 1)) == "cannot");

        // x and x plus the prime are one number to who reduces first; only P-521 has room for it.
        if (kind == key_kind::p521) {
            bytes const x(point.begin() + 1, point.begin() + 1 + static_cast<std::ptrdiff_t>(size));
            bytes const y(point.begin() + 1 + static_cast<std::ptrdiff_t>(size), point.end());
            bytes const prime = testbed::prime_of(kind);
            CHECK(with(der::join({octets({4}), testbed::add(x, prime), y})) == "cannot");
            CHECK(with(der::join({octets({4}), x, testbed::add(y, prime)})) == "cannot");
        }

        bytes const spki = q.spki;
        CHECK(q.with_key(der::join({spki, octets({0})})).template to<B>() == "cannot");
        CHECK(q.with_key({}).template to<B>() == "cannot");
        CHECK(q.with_key(ec_spki("1.3.132.0.10", point)).template to<B>() == "cannot"); // secp256k1
        CHECK(q.with_key(ec_spki("1.2.840.10045.3.1.1", point)).template to<B>() == "cannot");
        for (auto const another : {key_kind::p256, key_kind::p384, key_kind::p521})
            if (another != kind) CHECK(q.with_key(ec_spki(curve_oid(another), point)).template to<B>() == "cannot");
    }
    question const small = {
        testbed::pooled_key(key_kind::p224).spki_der(), signature_algorithm::ecdsa_sha256, message(),
        testbed::pooled_key(key_kind::p224).sign(message(), hash::sha256)};
    CHECK(small.to<B>() == "cannot");
}
TEST_CASE_TEMPLATE_APPLY(ec_keys, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: RSA keys of 2048 to 8192 bits", B, rsa_sizes) {
    for (unsigned const bits :
         {2048u, 2049u, 2055u, 2056u, 2080u, 3000u, 3072u, 4000u, 4096u, 4104u, 6144u, 8191u, 8192u}) {
        CAPTURE(bits);
        auto const& key = rsa(bits);
        question const q = pkcs1(key);
        CHECK(q.to<B>() == "good");
        question changed = q;
        changed.message = flipped(q.message, 0);
        CHECK(changed.to<B>() == "bad");
        CHECK(q.with_signature(flipped(q.signature, q.signature.size() - 1)).template to<B>() == "bad");
        if (bits % 8 == 1) continue;
        question const p = pss(key, hash::sha256, 32);
        CHECK(p.to<B>() == "good");
        changed = p;
        changed.message = flipped(p.message, 0);
        CHECK(changed.to<B>() == "bad");
        CHECK(p.with_signature(flipped(p.signature, p.signature.size() - 1)).template to<B>() == "bad");
    }
    for (unsigned const bits : {1024u, 2040u, 2047u, 8193u, 8200u, 9000u}) {
        CAPTURE(bits);
        CHECK(pkcs1(rsa(bits)).to<B>() == "cannot");
        CHECK(pss(rsa(bits), hash::sha256, 32).to<B>() == "cannot");
    }
}
TEST_CASE_TEMPLATE_APPLY(rsa_sizes, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: RSA exponents, odd and of at most 64 bits", B, rsa_exponents) {
    std::vector<bytes> const taken = {
        octets({3}),
        octets({17}),
        octets({1, 0, 1}),
        octets({0xff, 0xff, 0xff, 0xfb}),
        octets({1, 0, 0, 0, 15}),
        octets({0x80, 0, 0, 0, 0, 0, 0, 0x1d}),
        octets({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc5})};
    for (unsigned const bits : {2048u, 2056u, 3072u, 4096u})
        for (bytes const& exponent : taken) {
            CAPTURE(bits);
            CAPTURE(exponent.size());
            question const q = pkcs1(rsa(bits, exponent));
            CHECK(q.to<B>() == "good");
            question changed = q;
            changed.message = flipped(q.message, 7);
            CHECK(changed.to<B>() == "bad");
            CHECK(pss(rsa(bits, exponent), hash::sha384, 48).to<B>() == "good");
        }

    question const q = pkcs1(rsa(2048));
    bytes const modulus = der::join({octets({0}), rsa(2048).modulus()});
    auto const with = [&](bytes const& m, bytes const& e) {
        return q.with_key(testbed::rsa_spki(m, e)).template to<B>();
    };
    REQUIRE(with(modulus, octets({1, 0, 1})) == "good");
    REQUIRE(q.reaches_library());
    CHECK(with(modulus, octets({1})) == "cannot");
    CHECK(with(modulus, octets({0})) == "cannot");
    CHECK(with(modulus, octets({2})) == "cannot");
    CHECK(with(modulus, octets({1, 0, 0})) == "cannot");
    CHECK(with(modulus, octets({0x81})) == "cannot");       // negative
    CHECK(with(modulus, octets({0, 1, 0, 1})) == "cannot"); // not DER
    CHECK(with(modulus, bytes{}) == "cannot");
    CHECK(with(modulus, octets({1, 0, 0, 0, 0, 0, 0, 0, 1})) == "cannot"); // 65 bits
    CHECK(with(modulus, octets({0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})) == "cannot");
    CHECK(with(modulus, modulus) == "cannot");
    question const large = pkcs1(rsa(2048, octets({1, 0, 0, 0, 0, 0, 0, 0, 13})));
    CHECK(large.to<B>() == "cannot"); // though it is good

    bytes even = modulus;
    even.back() &= std::byte{0xfe};
    CHECK(with(even, octets({1, 0, 1})) == "cannot");
    CHECK_FALSE(q.with_key(testbed::rsa_spki(even, octets({1, 0, 1}))).reaches_library());
    CHECK(with(rsa(2048).modulus(), octets({1, 0, 1})) == "cannot"); // negative, unless its first octet is added
    CHECK(with(der::join({octets({0}), modulus}), octets({1, 0, 1})) == "cannot");
    CHECK(with(octets({0}), octets({1, 0, 1})) == "cannot");
    CHECK(q.with_key(der::join({q.spki, octets({0})})).template to<B>() == "cannot");
}
TEST_CASE_TEMPLATE_APPLY(rsa_exponents, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: RSA PKCS#1 in exactly one encoding", B, rsa_pkcs1_forms) {
    for (unsigned const bits : {2048u, 2049u}) {
        CAPTURE(bits);
        auto const& key = rsa(bits);
        for (hash const h : {hash::md5, hash::sha1, hash::sha224, hash::sha256, hash::sha384, hash::sha512}) {
            CAPTURE(name(h));
            CHECK(pkcs1(key, h).to<B>() == "good");
            auto const another = h == hash::sha256 ? hash::sha512 : hash::sha256;
            CHECK(pkcs1(key, h).with_algorithm(pkcs1_with(another)).template to<B>() == "bad");
        }
        question const q = pkcs1(key);
        auto const with = [&](bytes const& signature) { return q.with_signature(signature).template to<B>(); };
        auto const encoded = [&](bytes const& em) { return with(key.sign_raw(em)); };

        bytes const em = testbed::pkcs1_encoding(message(), hash::sha256, key.size());
        REQUIRE(encoded(em) == "good");
        for (std::size_t i = bits == 2048 ? 1 : 0; i != em.size(); i += i < 20 || i > em.size() - 60 ? 1 : 23) {
            CAPTURE(i);
            CHECK(encoded(flipped(em, i, i == 0 ? 0 : i % 8)) == "bad");
        }
        auto const built = [&](bytes const& head, std::size_t padding, bytes const& info, std::size_t garbage) {
            bytes out = head;
            out.resize(out.size() + padding, std::byte{0xff});
            testbed::append(out, octets({0}));
            testbed::append(out, info);
            out.resize(out.size() + garbage, std::byte{0x5a});
            REQUIRE(out.size() == key.size());
            return encoded(out);
        };
        bytes const info = testbed::digest_info(message(), hash::sha256);
        std::size_t const room = key.size() - 3;
        bytes const type_1 = octets({0, 1});
        REQUIRE(built(type_1, room - info.size(), info, 0) == "good");
        CHECK(built(octets({0, 2}), room - info.size(), info, 0) == "bad");
        CHECK(built(octets({0, 0}), room - info.size(), info, 0) == "bad");
        // What a key with the exponent 3 would let anybody forge.
        CHECK(built(type_1, 8, info, room - 8 - info.size()) == "bad");
        CHECK(built(type_1, room - info.size() - 1, info, 1) == "bad");
        bytes const bare = testbed::digest_info(message(), hash::sha256, false);
        CHECK(built(type_1, room - bare.size(), bare, 0) == "bad");
        bytes const hashed = testbed::digest(hash::sha256, message());
        CHECK(built(type_1, room - hashed.size(), hashed, 0) == "bad");
        CHECK(built(type_1, room, {}, 0) == "bad");
        bytes const inside = der::join({info, octets({0})});
        CHECK(built(type_1, room - inside.size(), inside, 0) == "bad");

        CHECK(with({}) == "bad");
        CHECK(with(bytes(key.size())) == "bad");
        CHECK(with(testbed::add(bytes(key.size()), octets({1}))) == "bad");
        CHECK(with(key.modulus()) == "bad");
        CHECK(with(testbed::subtract(key.modulus(), octets({1}))) == "bad");
        CHECK(with(bytes(key.size(), std::byte{0xff})) == "bad");
        CHECK(with(der::join({octets({0}), q.signature})) == "bad");
        CHECK(with(der::join({q.signature, octets({0})})) == "bad");
        CHECK(with({q.signature.begin() + 1, q.signature.end()}) == "bad");
        CHECK(with({q.signature.begin(), q.signature.end() - 1}) == "bad");
        // A modulus that leaves bits of its first octet free: the same number to who reduces first.
        if (bits == 2049) CHECK(with(key.plus_modulus(q.signature)) == "bad");
    }
}
TEST_CASE_TEMPLATE_APPLY(rsa_pkcs1_forms, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: RSA-PSS with every length of salt", B, rsa_pss_forms) {
    CHECK(pss(rsa(2049), hash::sha256, 32).to<B>() == "cannot"); // declared: wolfSSL does not look at all bits
    for (unsigned const bits : {2048u, 2050u, 2055u, 3072u}) {
        auto const& key = rsa(bits);
        for (hash const h : ecdsa_hashes) {
            std::size_t const hash_size = testbed::digest(h, {}).size();
            std::size_t const most = (bits - 1 + 7) / 8 - hash_size - 2;
            for (std::size_t const salt :
                 {std::size_t{0}, std::size_t{1}, std::size_t{20}, hash_size - 1, hash_size, hash_size + 1, most - 1,
                  most}) {
                CAPTURE(bits);
                CAPTURE(name(h));
                CAPTURE(salt);
                question q = pss(key, h, salt);
                CHECK(q.to<B>() == "good");
                q.salt = salt + 1;
                CHECK(q.to<B>() == "bad");
                q.salt = salt - 1; // 0 becomes the largest of all
                CHECK(q.to<B>() == "bad");
            }
        }
        question q = pss(key, hash::sha256, 32);
        for (std::size_t const salt : {std::size_t{0}, std::size_t{1024}, std::size_t{0xffffffff}}) {
            q.salt = salt;
            CHECK(q.to<B>() == "bad");
        }
        q.salt = 32;
        CHECK(q.with_algorithm(pss_with(hash::sha384)).template to<B>() == "bad");
        CHECK(q.with_algorithm(pkcs1_with(hash::sha256)).template to<B>() == "bad");
        question p = pkcs1(key).with_algorithm(pss_with(hash::sha256));
        p.salt = 32;
        CHECK(p.to<B>() == "bad");

        bytes em = testbed::pss_encoding(message(), hash::sha256, 32, bits);
        em.insert(em.begin(), key.size() - em.size(), std::byte{0});
        auto const encoded = [&](bytes const& e) { return q.with_signature(key.sign_raw(e)).template to<B>(); };
        REQUIRE(encoded(em) == "good");
        for (std::size_t i = 1; i < em.size(); i += 13) CHECK(encoded(flipped(em, i, i % 7)) == "bad");
        CHECK(encoded(flipped(em, em.size() - 1)) == "bad");
        // Bits above the encoded message are zero; where the modulus leaves room for one, it is looked at.
        if (bits % 8 != 0) {
            std::size_t const top = (bits - 1) % 8;
            auto const above = flipped(em, 0, top);
            if (std::ranges::lexicographical_compare(above, key.modulus())) CHECK(encoded(above) == "bad");
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(rsa_pss_forms, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: what kind of key fits what algorithm", B, kinds) {
    question const ec = ecdsa(key_kind::p256, hash::sha256);
    question const r = pkcs1(rsa(2048));
    CHECK(ec.with_algorithm(signature_algorithm::rsa_pkcs1_sha256).template to<B>() == "bad");
    CHECK(ec.with_algorithm(signature_algorithm::rsa_pss_sha256).template to<B>() == "bad");
    CHECK(ec.with_algorithm(signature_algorithm::ed25519).template to<B>() == "bad");
    CHECK(r.with_algorithm(signature_algorithm::ecdsa_sha256).template to<B>() == "bad");
    CHECK(r.with_algorithm(signature_algorithm::ed25519).template to<B>() == "bad");
    CHECK(ec.with_algorithm(signature_algorithm::other).template to<B>() == "cannot");
    CHECK(r.with_algorithm(signature_algorithm::other).template to<B>() == "cannot");
    // id-RSASSA-PSS and something unheard of, with a good RSA key inside.
    for (auto const oid : {"1.2.840.113549.1.1.10", "1.2.3.4"}) {
        bytes const inner = der::sequence({der::integer(rsa(2048).modulus()), der::integer(octets({1, 0, 1}))});
        bytes const spki = der::sequence({der::sequence({der::oid(oid)}), der::bit_string(inner)});
        CHECK(r.with_key(spki).template to<B>() == "cannot");
    }
}
TEST_CASE_TEMPLATE_APPLY(kinds, backends);

TEST_CASE_TEMPLATE_DEFINE("signatures: Ed25519 where the library has it", B, ed25519) {
    // RFC 8032 section 7.1, test 2.
    bytes const key =
        octets({0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
                0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c});
    bytes const signature =
        octets({0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f, 0x64, 0x25, 0x40,
                0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76, 0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda,
                0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99, 0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c,
                0x38, 0x7b, 0x2e, 0xae, 0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00});
    auto const spki = [](bytes const& point) {
        return der::sequence({der::sequence({der::oid("1.3.101.112")}), der::bit_string(point)});
    };
    question const q = {spki(key), signature_algorithm::ed25519, octets({0x72}), signature};
#if defined(HAVE_ED25519)
    bool const able = std::string_view(B::name) == tls::wolfssl::name;
#else
    bool const able = false;
#endif
    std::string const bad = able ? "bad" : "cannot";
    CHECK(q.to<B>() == (able ? "good" : "cannot"));
    question changed = q;
    changed.message = octets({0x73});
    CHECK(changed.to<B>() == bad);
    for (std::size_t i = 0; i != signature.size(); ++i)
        CHECK(q.with_signature(flipped(signature, i, i % 8)).template to<B>() == bad);
    CHECK(q.with_signature({signature.begin(), signature.end() - 1}).template to<B>() == "bad");
    CHECK(q.with_signature(der::join({signature, octets({0})})).template to<B>() == "bad");
    CHECK(q.with_key(spki({key.begin(), key.end() - 1})).template to<B>() == "cannot");
    CHECK(q.with_key(spki(der::join({key, octets({0})}))).template to<B>() == "cannot");
}
TEST_CASE_TEMPLATE_APPLY(ed25519, backends);

} // namespace parity::signatures_cases

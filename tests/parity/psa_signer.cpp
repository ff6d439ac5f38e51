// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/raw_ecdsa.hpp"
#include <tls/mbedtls/psa_signer.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <mbedtls/pk.h>

/// Clients whose key is one of PSA Crypto in Mbed TLS. What signs is no business of the client's library: both do.
namespace parity::psa_signer_cases {
namespace {

using testbed::key_kind;
using enum tls::signature_scheme;

/// A volatile key of PSA, a copy of one of the tests'.
class volatile_key {
public:
    volatile_key(
        testbed::key const& of, psa_algorithm_t algorithm, psa_algorithm_t also = PSA_ALG_NONE,
        psa_key_usage_t usage = PSA_KEY_USAGE_SIGN_HASH) {
        REQUIRE(psa_crypto_init() == PSA_SUCCESS);
        auto const der = of.pkcs8_der();
        auto const draw = [](void*, unsigned char* into, std::size_t size) { return psa_generate_random(into, size); };
        mbedtls_pk_context pk;
        mbedtls_pk_init(&pk);
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        auto const* const bytes = reinterpret_cast<unsigned char const*>(der.data());
        REQUIRE(mbedtls_pk_parse_key(&pk, bytes, der.size(), nullptr, 0, draw, nullptr) == 0);
        REQUIRE(mbedtls_pk_get_psa_attributes(&pk, PSA_KEY_USAGE_SIGN_HASH, &attributes) == 0);
        psa_set_key_usage_flags(&attributes, usage);
        psa_set_key_algorithm(&attributes, algorithm);
        psa_set_key_enrollment_algorithm(&attributes, also);
        REQUIRE(mbedtls_pk_import_into_psa(&pk, &attributes, &id_) == 0);
        psa_reset_key_attributes(&attributes);
        mbedtls_pk_free(&pk);
    }
    volatile_key(volatile_key const&) = delete;
    volatile_key& operator=(volatile_key const&) = delete;
    ~volatile_key() { psa_destroy_key(id_); }

    [[nodiscard]] mbedtls_svc_key_id_t id() const { return id_; }

private:
    mbedtls_svc_key_id_t id_ = MBEDTLS_SVC_KEY_ID_INIT;
};

/// What verifies a signature of this scheme.
psa_algorithm_t algorithm_of(tls::signature_scheme scheme) {
    switch (scheme) {
    case ecdsa_secp256r1_sha256: return PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    case ecdsa_secp384r1_sha384: return PSA_ALG_ECDSA(PSA_ALG_SHA_384);
    case ecdsa_secp521r1_sha512: return PSA_ALG_ECDSA(PSA_ALG_SHA_512);
    case rsa_pss_rsae_sha256: return PSA_ALG_RSA_PSS(PSA_ALG_SHA_256);
    case rsa_pss_rsae_sha384: return PSA_ALG_RSA_PSS(PSA_ALG_SHA_384);
    case rsa_pss_rsae_sha512: return PSA_ALG_RSA_PSS(PSA_ALG_SHA_512);
    case rsa_pkcs1_sha256: return PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256);
    case rsa_pkcs1_sha384: return PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_384);
    case rsa_pkcs1_sha512: return PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_512);
    default: return PSA_ALG_NONE;
    }
}

bool verifies(volatile_key const& key, psa_algorithm_t how, testbed::byte_view digest, testbed::byte_view signature) {
    return psa_verify_hash(
               key.id(), how, testbed::raw(digest), digest.size(), testbed::raw(signature), signature.size()) ==
           PSA_SUCCESS;
}

tls::result<tls::external_identity> signed_by(tls::psa_signer& signer, key_kind kind) {
    return tls::identity::from_signer(tls::certificate_chain::from_pem(pki(kind).client.chain_pem()), signer);
}

} // namespace

PARITY_CASE("a PSA key signs: ECDSA on P-256 and P-384, RSA with PSS and PKCS#1 v1.5", pairings, P, v) {
    struct row {
        key_kind kind;
        psa_algorithm_t algorithm;
        psa_algorithm_t also = PSA_ALG_NONE;
    };
    row const rows[] = {
        {key_kind::p256, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
        {key_kind::p384, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_ANY_HASH)},
        {key_kind::rsa_2048, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH), PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)}};
    for (row const& r : rows) {
        CAPTURE(testbed::name(r.kind));
        volatile_key const key(*pki(r.kind).client.private_key, r.algorithm, r.also);
        auto signer = tls::psa_signer::of(key.id());
        REQUIRE(signer);
        auto c = converse<P>(only(v, {.signing_elsewhere = signed_by(*signer, r.kind)}), strict_server(v, r.kind));
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
        CHECK(c.server.established());
        CHECK(c.server.client_certificates_received() == 2);
        CHECK(c.client.facts().signature_sent == true);
    }
}

PARITY_CASE("a PSA key that is gone when it is to sign is signing_failed", pairings, P, v) {
    auto key = std::make_unique<volatile_key>(*pki().client.private_key, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    auto signer = tls::psa_signer::of(key->id());
    REQUIRE(signer);
    auto c = converse<P>(only(v, {.signing_elsewhere = signed_by(*signer, key_kind::p256)}), strict_server(v));
    key.reset();
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error() == errc::signing_failed);
    CHECK(done.error().about.view() == "psa_get_key_attributes");
    CHECK(!c.server.established());
}

TEST_CASE("a PSA key: a signature of each scheme is what it should be") {
    struct row {
        key_kind kind;
        psa_algorithm_t algorithm;
        psa_algorithm_t also = PSA_ALG_NONE;
        std::size_t schemes = 3;
    };
    row const rows[] = {
        {key_kind::p256, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)},
        {key_kind::p384, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)},
        {key_kind::p521, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)},
        {key_kind::rsa_2048, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH), PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH), 6}};
    for (row const& r : rows) {
        CAPTURE(testbed::name(r.kind));
        volatile_key const key(
            testbed::pooled_key(r.kind, 0), r.algorithm, r.also, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
        auto signer = tls::psa_signer::of(key.id());
        REQUIRE(signer);
        std::size_t made = 0;
        for (auto const scheme : tls::known_schemes) {
            if (!signer->schemes().has(scheme)) continue;
            CAPTURE(tls::name(scheme));
            ++made;
            auto const how = algorithm_of(scheme);
            // On two curves until there were numbers with their highest bit set and shorter ones, of which P-521 has
            // many.
            bool short_number = false;
            bool high_bit = false;
            bool const numbers = tls::is_ecdsa(scheme);
            bool const many = scheme == ecdsa_secp256r1_sha256 && r.kind != key_kind::p384;
            for (unsigned n = 0; n == 0 || (many && n != 5000 && !(short_number && high_bit)); ++n) {
                auto const digest = testbed::pattern(PSA_HASH_LENGTH(PSA_ALG_SIGN_GET_HASH(how)), n);
                testbed::bytes out(512);
                auto const size = signer->sign(scheme, digest, out);
                REQUIRE(size);
                out.resize(*size);
                if (!numbers) {
                    CHECK(verifies(key, how, digest, out));
                    continue;
                }
                auto const [first, second] = testbed::parse_ecdsa(out, r.kind);
                CHECK(out == testbed::ecdsa_numbers{first, second}.der());
                auto whole = first;
                testbed::append(whole, second);
                REQUIRE(verifies(key, how, digest, whole));
                for (auto const& number : {first, second}) {
                    auto const top = std::ranges::find_if(number, [](std::byte b) { return b != std::byte{0}; });
                    short_number |= top != number.begin();
                    high_bit |= (*top & std::byte{0x80}) != std::byte{0};
                }
                // It goes where there is just enough room, and not where there is less.
                if (n == 0) {
                    testbed::bytes room(whole.size() + 9);
                    CHECK(signer->sign(scheme, digest, room));
                    CHECK(
                        signer->sign(scheme, digest, std::span(room).first(whole.size() - 9)).error() ==
                        errc::signing_failed);
                }
            }
            CHECK((short_number || !many));
            CHECK((high_bit || !many));
        }
        CHECK(made == r.schemes);
    }
}

TEST_CASE("a PSA key: what it cannot sign is signing_failed, with what the library says") {
    volatile_key const ec(*pki().client.private_key, PSA_ALG_ECDSA(PSA_ALG_SHA_384));
    volatile_key const rsa(
        *pki(key_kind::rsa_2048).client.private_key, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH),
        PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
    testbed::bytes out(512);
    auto const fails = [&](volatile_key const& key, tls::signature_scheme scheme, std::size_t digest,
                           std::string_view about) {
        CAPTURE(tls::name(scheme));
        CAPTURE(digest);
        auto signer = tls::psa_signer::of(key.id());
        REQUIRE(signer);
        auto const size = signer->sign(scheme, testbed::pattern(digest), out);
        REQUIRE(!size);
        CHECK(size.error() == errc::signing_failed);
        CHECK(size.error().about.view() == about);
        CHECK((size.error().native != 0) == (about == "psa_sign_hash"));
    };
    constexpr auto not_permitted = "PSA key: not permitted any more";
    constexpr auto another_size = "a digest of another size";
    fails(ec, ecdsa_secp256r1_sha256, 32, not_permitted);
    fails(ec, rsa_pss_rsae_sha384, 48, not_permitted);
    fails(ec, ecdsa_secp384r1_sha384, 32, another_size);
    fails(ec, ecdsa_secp384r1_sha384, 0, another_size);
    fails(rsa, rsa_pkcs1_sha384, 48, not_permitted);
    fails(rsa, ecdsa_secp384r1_sha384, 48, not_permitted);
    fails(rsa, rsa_pss_rsae_sha384, 32, another_size);
    fails(rsa, rsa_pkcs1_sha256, 48, another_size);
    out.resize(255); // of 256
    fails(rsa, rsa_pss_rsae_sha256, 32, "psa_sign_hash");
}

TEST_CASE("a PSA key: its policy says with which schemes it signs, and what cannot sign is refused") {
    auto const& ec = *pki().client.private_key;
    auto const& rsa = *pki(key_kind::rsa_2048).client.private_key;
    auto const schemes = [](volatile_key const& key) {
        auto const signer = tls::psa_signer::of(key.id());
        REQUIRE(signer);
        return signer->schemes();
    };
    // Under TLS 1.2 a scheme of ECDSA is a hash.
    CHECK(schemes({ec, PSA_ALG_ECDSA(PSA_ALG_SHA_384)}) == tls::scheme_set{ecdsa_secp384r1_sha384});
    CHECK(
        schemes({ec, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)}) ==
        tls::scheme_set{ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512});
    CHECK(schemes({rsa, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)}) == tls::scheme_set{rsa_pkcs1_sha256});
    CHECK(
        schemes({rsa, PSA_ALG_RSA_PSS(PSA_ALG_SHA_512), PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)}) ==
        tls::scheme_set{rsa_pss_rsae_sha512, rsa_pkcs1_sha256});

    auto const refused = [](mbedtls_svc_key_id_t id, errc code) {
        auto const made = tls::psa_signer::of(id);
        REQUIRE(!made);
        CHECK_MESSAGE(made.error() == code, tls::explain(made.error()));
        CHECK(!made.error().about.empty());
    };
    refused(mbedtls_svc_key_id_make(0, 0x3fffffff), errc::no_private_key);
    volatile_key const verifies(ec, PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_ALG_NONE, PSA_KEY_USAGE_VERIFY_HASH);
    refused(verifies.id(), errc::bad_configuration);
    volatile_key const old(rsa, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_1));
    refused(old.id(), errc::bad_configuration);
    // An algorithm of the other kind of key.
    volatile_key const odd_ec(ec, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256));
    refused(odd_ec.id(), errc::bad_configuration);
    volatile_key const odd_rsa(rsa, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    refused(odd_rsa.id(), errc::bad_configuration);
    volatile_key const small(testbed::pooled_key(key_kind::p224, 1), PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    refused(small.id(), errc::unsupported);
    struct generated {
        psa_key_type_t type;
        std::size_t bits;
        psa_key_usage_t usage;
        psa_algorithm_t algorithm;
    };
    for (generated const& g :
         {generated{PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR},
          generated{PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_HASH, PSA_ALG_HMAC(PSA_ALG_SHA_256)},
          generated{
              PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 255, PSA_KEY_USAGE_SIGN_HASH,
              PSA_ALG_ECDSA(PSA_ALG_SHA_256)}}) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        psa_set_key_type(&attributes, g.type);
        psa_set_key_bits(&attributes, g.bits);
        psa_set_key_usage_flags(&attributes, g.usage);
        psa_set_key_algorithm(&attributes, g.algorithm);
        mbedtls_svc_key_id_t id = MBEDTLS_SVC_KEY_ID_INIT;
        REQUIRE(psa_generate_key(&attributes, &id) == PSA_SUCCESS);
        refused(id, errc::unsupported);
        psa_destroy_key(id);
    }
}

} // namespace parity::psa_signer_cases

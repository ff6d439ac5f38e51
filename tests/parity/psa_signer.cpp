// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/mbedtls/psa_signer.hpp>

#include <optional>

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
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_bits(&attributes, 128);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
    psa_set_key_algorithm(&attributes, PSA_ALG_CTR);
    mbedtls_svc_key_id_t aes = MBEDTLS_SVC_KEY_ID_INIT;
    REQUIRE(psa_generate_key(&attributes, &aes) == PSA_SUCCESS);
    refused(aes, errc::unsupported);
    psa_destroy_key(aes);
}

} // namespace parity::psa_signer_cases

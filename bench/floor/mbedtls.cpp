// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"
#include "testbed/key.hpp"
#include "testbed/libraries.hpp"
#include "testbed/random.hpp"

#include <memory>

#include <mbedtls/ecdh.h>
#include <mbedtls/pk.h>

namespace bench {
namespace {

using testbed::check_mbedtls;

struct public_or_private_key {
    public_or_private_key() { mbedtls_pk_init(&pk); }
    ~public_or_private_key() { mbedtls_pk_free(&pk); }
    public_or_private_key(public_or_private_key const&) = delete;
    public_or_private_key& operator=(public_or_private_key const&) = delete;
    mbedtls_pk_context pk;
};

struct exchange {
    exchange(mbedtls_ecp_group_id group, testbed::random_source& random) : random_(random) {
        mbedtls_ecdh_init(&ecdh);
        check_mbedtls(mbedtls_ecdh_setup(&ecdh, group), "key exchange");
        public_key.resize(80);
        std::size_t size = 0;
        check_mbedtls(
            mbedtls_ecdh_make_public(
                &ecdh, &size, testbed::raw(public_key), public_key.size(), mbedtls_ctr_drbg_random, random.context()),
            "key exchange");
        public_key.resize(size);
    }
    ~exchange() { mbedtls_ecdh_free(&ecdh); }
    exchange(exchange const&) = delete;
    exchange& operator=(exchange const&) = delete;

    void agree_with(testbed::bytes const& peer) {
        check_mbedtls(mbedtls_ecdh_read_public(&ecdh, testbed::raw(peer), peer.size()), "public key");
        unsigned char shared[32];
        std::size_t size = 0;
        check_mbedtls(
            mbedtls_ecdh_calc_secret(&ecdh, &size, shared, sizeof shared, mbedtls_ctr_drbg_random, random_.context()),
            "secret");
    }

    mbedtls_ecdh_context ecdh;
    testbed::bytes public_key;

private:
    testbed::random_source& random_;
};

/// Everything the operations need, alive as long as any of them.
struct workshop {
    workshop()
        : x25519_peer(exchange(MBEDTLS_ECP_DP_CURVE25519, random).public_key),
          p256_peer(exchange(MBEDTLS_ECP_DP_SECP256R1, random).public_key) {
        digest = testbed::digest(testbed::hash::sha256, message);
        auto const& pair = testbed::pooled_key(testbed::key_kind::p256);
        auto const der = pair.pkcs8_der();
        check_mbedtls(
            mbedtls_pk_parse_key(
                &signer.pk, testbed::raw(der), der.size(), nullptr, 0, mbedtls_ctr_drbg_random, random.context()),
            "private key");
        auto const& rsa_pair = testbed::pooled_key(testbed::key_kind::rsa_2048);
        // Read as a certificate's key would be: the public half only.
        auto const spki = pair.spki_der();
        auto const rsa_spki = rsa_pair.spki_der();
        check_mbedtls(mbedtls_pk_parse_public_key(&verifier.pk, testbed::raw(spki), spki.size()), "public key");
        check_mbedtls(mbedtls_pk_parse_public_key(&rsa.pk, testbed::raw(rsa_spki), rsa_spki.size()), "public key");
        rsa_signature = rsa_pair.sign(message, testbed::hash::sha256);
        sign();
    }

    void sign() {
        signature.resize(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
        std::size_t size = 0;
        check_mbedtls(
            mbedtls_pk_sign(
                &signer.pk, MBEDTLS_MD_SHA256, testbed::raw(digest), digest.size(), testbed::raw(signature),
                signature.size(), &size, mbedtls_ctr_drbg_random, random.context()),
            "signing");
        signature.resize(size);
    }
    void verify(mbedtls_pk_context& with, testbed::bytes const& what) const {
        check_mbedtls(
            mbedtls_pk_verify(
                &with, MBEDTLS_MD_SHA256, testbed::raw(digest), digest.size(), testbed::raw(what), what.size()),
            "verifying");
    }
    void agree(mbedtls_ecp_group_id group, testbed::bytes const& peer) { exchange(group, random).agree_with(peer); }

    testbed::bytes message = testbed::pattern(100);
    testbed::random_source random;
    testbed::bytes x25519_peer, p256_peer;
    public_or_private_key signer, verifier, rsa;
    testbed::bytes digest, signature, rsa_signature;
};

} // namespace

operations mbedtls_operations() {
    testbed::prepare_mbedtls();
    auto const shop = std::make_shared<workshop>();
    return {
        [shop] { shop->agree(MBEDTLS_ECP_DP_CURVE25519, shop->x25519_peer); },
        [shop] { shop->agree(MBEDTLS_ECP_DP_SECP256R1, shop->p256_peer); },
        [shop] { shop->verify(shop->verifier.pk, shop->signature); },
        [shop] { shop->sign(); },
        [shop] { shop->verify(shop->rsa.pk, shop->rsa_signature); },
    };
}

} // namespace bench

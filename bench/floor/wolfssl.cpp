// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"
#include "testbed/key.hpp"
#include "testbed/libraries.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>

namespace bench {
namespace {

void require(int code, char const* what) {
    if (code != 0) throw std::runtime_error(std::string("wolfSSL: ") + what + ": " + std::to_string(code));
}

struct random_numbers {
    random_numbers() { require(wc_InitRng(&rng), "random numbers"); }
    ~random_numbers() { wc_FreeRng(&rng); }
    random_numbers(random_numbers const&) = delete;
    random_numbers& operator=(random_numbers const&) = delete;
    WC_RNG rng{};
};

struct x25519_key {
    explicit x25519_key(WC_RNG& rng) {
        require(wc_curve25519_init(&key), "X25519");
        require(wc_curve25519_make_key(&rng, CURVE25519_KEYSIZE, &key), "X25519");
#ifdef WOLFSSL_CURVE25519_BLINDING
        require(wc_curve25519_set_rng(&key, &rng), "X25519");
#endif
    }
    ~x25519_key() { wc_curve25519_free(&key); }
    x25519_key(x25519_key const&) = delete;
    x25519_key& operator=(x25519_key const&) = delete;
    curve25519_key key{};
};

struct p256_key {
    explicit p256_key(WC_RNG& rng) {
        require(wc_ecc_init(&key), "P-256");
        require(wc_ecc_make_key_ex(&rng, 32, &key, ECC_SECP256R1), "P-256");
        require(wc_ecc_set_rng(&key, &rng), "P-256");
    }
    ~p256_key() { wc_ecc_free(&key); }
    p256_key(p256_key const&) = delete;
    p256_key& operator=(p256_key const&) = delete;
    ecc_key key{};
};

/// Everything the operations need, alive as long as any of them.
struct workshop {
    workshop() : x25519_peer(random.rng), p256_peer(random.rng), signer(random.rng) {
        digest = testbed::digest(testbed::hash::sha256, message);
        signature.resize(80);
        sign();
        // Read as a certificate's key would be: the public half only.
        require(wc_InitRsaKey(&rsa, nullptr), "RSA");
        auto const& pair = testbed::pooled_key(testbed::key_kind::rsa_2048);
        auto const spki = pair.spki_der();
        word32 at = 0;
        require(
            wc_RsaPublicKeyDecode(testbed::raw(spki), &at, &rsa, static_cast<word32>(spki.size())), "RSA public key");
        rsa_signature = pair.sign(message, testbed::hash::sha256);
    }
    ~workshop() { wc_FreeRsaKey(&rsa); }
    workshop(workshop const&) = delete;
    workshop& operator=(workshop const&) = delete;

    void sign() {
        signature.resize(80);
        auto size = static_cast<word32>(signature.size());
        require(
            wc_ecc_sign_hash(
                testbed::raw(digest), static_cast<word32>(digest.size()), testbed::raw(signature), &size, &random.rng,
                &signer.key),
            "signing");
        signature.resize(size);
    }
    void verify() {
        int right = 0;
        require(
            wc_ecc_verify_hash(
                testbed::raw(signature), static_cast<word32>(signature.size()), testbed::raw(digest),
                static_cast<word32>(digest.size()), &right, &signer.key),
            "verifying");
        if (right != 1) throw std::runtime_error("wolfSSL: the signature is wrong");
    }
    void verify_rsa() {
        testbed::bytes opened(256);
        int const n = wc_RsaSSL_Verify(
            testbed::raw(rsa_signature), static_cast<word32>(rsa_signature.size()), testbed::raw(opened),
            static_cast<word32>(opened.size()), &rsa);
        // What was signed is a DigestInfo, which ends with the digest.
        auto const size = static_cast<std::ptrdiff_t>(digest.size());
        if (n < size || !std::equal(digest.begin(), digest.end(), opened.begin() + (n - size)))
            throw std::runtime_error("wolfSSL: the RSA signature is wrong");
    }
    void agree_x25519() {
        x25519_key mine(random.rng);
        unsigned char shared[32];
        word32 size = sizeof shared;
        require(wc_curve25519_shared_secret(&mine.key, &x25519_peer.key, shared, &size), "X25519");
    }
    void agree_p256() {
        p256_key mine(random.rng);
        unsigned char shared[32];
        word32 size = sizeof shared;
        require(wc_ecc_shared_secret(&mine.key, &p256_peer.key, shared, &size), "P-256");
    }

    testbed::bytes message = testbed::pattern(100);
    random_numbers random;
    x25519_key x25519_peer;
    p256_key p256_peer;
    p256_key signer;
    RsaKey rsa{};
    testbed::bytes digest, signature, rsa_signature;
};

} // namespace

operations wolfssl_operations() {
    testbed::prepare_wolfssl();
    auto const shop = std::make_shared<workshop>();
    return {
        [shop] { shop->agree_x25519(); }, [shop] { shop->agree_p256(); }, [shop] { shop->verify(); },
        [shop] { shop->sign(); },         [shop] { shop->verify_rsa(); },
    };
}

} // namespace bench

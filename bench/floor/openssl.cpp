// SPDX-License-Identifier: Apache-2.0
#include "floor/floor.hpp"
#include "openssl_objects.hpp"
#include "testbed/key.hpp"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace bench {
namespace {

using with_openssl::owner;
using with_openssl::require;

owner<EVP_PKEY> new_x25519_key() {
    owner<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
    require(key != nullptr, "X25519");
    return key;
}

owner<EVP_PKEY> new_p256_key() {
    owner<EVP_PKEY> key(EVP_EC_gen("P-256"));
    require(key != nullptr, "P-256");
    return key;
}

void agree(EVP_PKEY* mine, EVP_PKEY* peer) {
    owner<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new(mine, nullptr));
    unsigned char shared[32];
    std::size_t size = sizeof shared;
    require(
        ctx != nullptr && EVP_PKEY_derive_init(ctx.get()) == 1 && EVP_PKEY_derive_set_peer(ctx.get(), peer) == 1 &&
            EVP_PKEY_derive(ctx.get(), shared, &size) == 1,
        "secret");
}

owner<EVP_PKEY> private_key_of(testbed::key const& pair) {
    auto const der = pair.pkcs8_der();
    unsigned char const* at = testbed::raw(der);
    owner<EVP_PKEY> key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
    require(key != nullptr, "private key");
    return key;
}

owner<EVP_PKEY> public_key_of(testbed::key const& pair) {
    auto const spki = pair.spki_der();
    unsigned char const* at = testbed::raw(spki);
    owner<EVP_PKEY> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
    require(key != nullptr, "public key");
    return key;
}

/// Everything the operations need, alive as long as any of them.
struct workshop {
    workshop()
        : x25519_peer(new_x25519_key()),
          p256_peer(new_p256_key()),
          signer(private_key_of(pair())),
          verifier(public_key_of(pair())),
          rsa(public_key_of(testbed::pooled_key(testbed::key_kind::rsa_2048))) {
        rsa_signature = testbed::pooled_key(testbed::key_kind::rsa_2048).sign(message, testbed::hash::sha256);
        sign();
    }
    static testbed::key const& pair() { return testbed::pooled_key(testbed::key_kind::p256); }

    void sign() {
        owner<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new(signer.get(), nullptr));
        signature.resize(80);
        std::size_t size = signature.size();
        require(
            ctx != nullptr && EVP_PKEY_sign_init(ctx.get()) == 1 &&
                EVP_PKEY_CTX_set_signature_md(ctx.get(), EVP_sha256()) == 1 &&
                EVP_PKEY_sign(ctx.get(), testbed::raw(signature), &size, testbed::raw(digest), digest.size()) == 1,
            "signing");
        signature.resize(size);
    }
    void verify(EVP_PKEY* with, testbed::bytes const& what) const {
        owner<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new(with, nullptr));
        require(
            ctx != nullptr && EVP_PKEY_verify_init(ctx.get()) == 1 &&
                EVP_PKEY_CTX_set_signature_md(ctx.get(), EVP_sha256()) == 1 &&
                EVP_PKEY_verify(ctx.get(), testbed::raw(what), what.size(), testbed::raw(digest), digest.size()) == 1,
            "verifying");
    }

    testbed::bytes message = testbed::pattern(100);
    testbed::bytes digest = testbed::digest(testbed::hash::sha256, message);
    owner<EVP_PKEY> x25519_peer, p256_peer, signer, verifier, rsa;
    testbed::bytes signature{}, rsa_signature{};
};

} // namespace

operations openssl_operations() {
    auto const shop = std::make_shared<workshop>();
    return {
        [shop] { agree(new_x25519_key().get(), shop->x25519_peer.get()); },
        [shop] { agree(new_p256_key().get(), shop->p256_peer.get()); },
        [shop] { shop->verify(shop->verifier.get(), shop->signature); },
        [shop] { shop->sign(); },
        [shop] { shop->verify(shop->rsa.get(), shop->rsa_signature); },
    };
}

} // namespace bench

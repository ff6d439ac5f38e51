// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

// The only place that includes wolfSSL's headers: they define hundreds of macros without a prefix. Every header of
// twintls is included before them.
#include <tls/wolfssl/features.hpp>
#include <tls/wolfssl/impl/built_with.hpp>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/pwdbased.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/wc_encrypt.h>
#include <wolfssl/wolfio.h>

#if defined(TWINTLS_WOLFSSL_SIGNATURE_SCHEMES)
/// In our own build: the signature schemes of a context, two bytes each; WOLFSSL_SUCCESS or a code.
extern "C" int TwintlsSetSignatureSchemes(WOLFSSL_CTX* ctx, unsigned char const* schemes, unsigned short size);
#endif
#if defined(TWINTLS_WOLFSSL_SIGNING_SCHEMES)
/// In our own build: the schemes a client signs with, as above.
extern "C" int TwintlsSetSigningSchemes(WOLFSSL_CTX* ctx, unsigned char const* schemes, unsigned short size);
#endif
#if defined(TWINTLS_WOLFSSL_SENDS_ALERTS)
// Declared by no header: cmake/PatchWolfssl.cmake adds it.
extern "C" int TwintlsSendAlert(WOLFSSL* ssl, int description);
#endif

#if defined(TWINTLS_WOLFSSL_HAS_IDENTITIES)
/// In our own build: a connection goes on with the certificates and the key of another context.
extern "C" void TwintlsUseIdentity(WOLFSSL* ssl, WOLFSSL_CTX* of);
#endif
#if defined(TWINTLS_WOLFSSL_REFUSES_WITH)
/// In our own build: the alert with which the certificate in question is refused.
extern "C" void TwintlsRefuseWith(WOLFSSL* ssl, int description);
#endif

#if defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES)
/// In our own build: what is shown each decrypted handshake message of TLS 1.3.
extern "C" void
TwintlsShowMessages(WOLFSSL_CTX* ctx, int (*to)(void* user, int type, unsigned char const* body, unsigned int size));
#endif

namespace tls::detail {

[[nodiscard]] consteval bool wolfssl_features_are_told_right() noexcept {
    for (unsigned f = 0; f < 64; ++f)
        if (wolfssl_supports(static_cast<feature>(f)) != wolfssl_built_with(static_cast<feature>(f))) return false;
    return true;
}
static_assert(
    wolfssl_features_are_told_right(), "twintls_wolfssl_features.hpp does not say what this wolfSSL is built with");

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// A program that includes wolfSSL itself, and first: its macros are in force in every header of ours.
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <every_core_header.hpp>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfio.h>

static_assert(tls::backend<tls::wolfssl> && tls::backend<tls::mbedtls>);

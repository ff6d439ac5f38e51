/* SPDX-License-Identifier: Apache-2.0
 *
 * What twintls changes in Mbed TLS's own default configuration when it compiles Mbed TLS itself. Mbed TLS includes
 * this file last (MBEDTLS_USER_CONFIG_FILE). Library and users must see the same file, because the sizes of
 * the structures depend on it: the CMake target twintls::mbedtls carries it to both.
 */
#ifndef TWINTLS_MBEDTLS_CONFIG_H
#define TWINTLS_MBEDTLS_CONFIG_H

/* Contexts are shared between threads. */
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD

/* Memory comes from tls::memory. */
#define MBEDTLS_PLATFORM_MEMORY

/* The self-tests count point operations in global variables without a lock: a data race between handshakes. */
#undef MBEDTLS_SELF_TEST

/* X25519 from HACL*: seven times faster than the generic code. */
#define MBEDTLS_ECDH_VARIANT_EVEREST_ENABLED
#define MBEDTLS_ECP_WINDOW_SIZE 6
#define MBEDTLS_MPI_WINDOW_SIZE 5

#define MBEDTLS_PSK_MAX_LEN 64

/* Records of TLS 1.3 without padding, as from the other backend. */
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

/* TWINTLS_PORTABLE_CRYPTO: nothing but C. */
#if defined(TWINTLS_MBEDTLS_PORTABLE) && defined(__x86_64__)
#undef MBEDTLS_HAVE_ASM
#undef MBEDTLS_AESNI_C
#undef MBEDTLS_PADLOCK_C
#endif

/* The option TWINTLS_DEBUG_LOG: off, as for the other backend. */
#if !defined(TWINTLS_MBEDTLS_DEBUG_LOG)
#undef MBEDTLS_DEBUG_C
#endif

/* The same protocol as the other backend: no renegotiation, no DHE and no RSA key exchange. */
#undef MBEDTLS_SSL_RENEGOTIATION
#undef MBEDTLS_SSL_PROTO_DTLS
#undef MBEDTLS_SSL_DTLS_ANTI_REPLAY
#undef MBEDTLS_SSL_DTLS_HELLO_VERIFY
#undef MBEDTLS_SSL_DTLS_CONNECTION_ID
#undef MBEDTLS_SSL_DTLS_CONNECTION_ID_COMPAT
#undef MBEDTLS_SSL_DTLS_CLIENT_PORT_REUSE
#undef MBEDTLS_KEY_EXCHANGE_RSA_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_DHE_RSA_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_DHE_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_RSA_PSK_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDH_RSA_ENABLED
#undef MBEDTLS_KEY_EXCHANGE_ECDH_ECDSA_ENABLED

/* The same algorithms as the other backend. MD5 stays for encrypted PEM keys in the old format, never for TLS. */
#undef MBEDTLS_CAMELLIA_C
#undef MBEDTLS_ARIA_C
#undef MBEDTLS_DES_C
#undef MBEDTLS_RIPEMD160_C
#undef MBEDTLS_LMS_C
#undef MBEDTLS_ECJPAKE_C
#undef MBEDTLS_ECP_DP_SECP192R1_ENABLED
#undef MBEDTLS_ECP_DP_SECP192K1_ENABLED
#undef MBEDTLS_ECP_DP_SECP224K1_ENABLED
#undef MBEDTLS_ECP_DP_SECP256K1_ENABLED
#undef MBEDTLS_ECP_DP_BP256R1_ENABLED
#undef MBEDTLS_ECP_DP_BP384R1_ENABLED
#undef MBEDTLS_ECP_DP_BP512R1_ENABLED
#undef MBEDTLS_ECP_DP_CURVE448_ENABLED

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The wolfSSL build twintls makes when it compiles wolfSSL itself. Library and users must see the same file:
 * the CMake target twintls::wolfssl carries it, and WOLFSSL_USER_SETTINGS, to both.
 *
 * Preprocessor lines only: the assembly sources include this file too.
 *
 * TWINTLS_WOLFSSL_ASM is defined by CMake where the x86-64 assembly is part of the library, TWINTLS_WOLFSSL_DEBUG_LOG
 * with the option TWINTLS_DEBUG_LOG, TWINTLS_WOLFSSL_MLKEM with the option of that name.
 */
#ifndef TWINTLS_WOLFSSL_USER_SETTINGS_H
#define TWINTLS_WOLFSSL_USER_SETTINGS_H

/* ---- platform ---------------------------------------------------------------------------------------- */
#define HAVE_PTHREAD
#define WOLFSSL_PTHREADS
#define HAVE_THREAD_LS
#define HAVE_SYS_TIME_H
/* Without gmtime_r certificate dates go through the static buffer of gmtime(): a data race between handshakes. */
#define HAVE_GMTIME_R
/* It counts the alerts of a whole connection, the last one included; the core bounds them until the next data. */
#define WOLFSSL_ALERT_COUNT_MAX 255
/* Empty records in a row: the core bounds them together with all else that brings no data. */
#define WOLFSSL_MAX_EMPTY_RECORDS 255
/* Seeds from getrandom(): no descriptor of /dev/urandom per session, works in a chroot. */
#if defined(__linux__)
#define WOLFSSL_GETRANDOM
#endif
/* A generator seeds itself anew in a child process. */
#if defined(__unix__) || defined(__APPLE__)
#define HAVE_GETPID
#endif
#define WOLFSSL_USE_ALIGN
#if defined(__LP64__)
#define SIZEOF_LONG 8
#else
#define SIZEOF_LONG 4
#endif
#define SIZEOF_LONG_LONG 8
#if defined(__SIZEOF_INT128__)
#define HAVE___UINT128_T 1
#endif

/* ---- protocol ---------------------------------------------------------------------------------------- */
#define WOLFSSL_TLS13
#define NO_OLD_TLS
#define HAVE_TLS_EXTENSIONS
#define HAVE_SUPPORTED_CURVES
#define HAVE_SNI
#define HAVE_ALPN
#define HAVE_MAX_FRAGMENT
#define HAVE_EXTENDED_MASTER
/* A hello for TLS 1.2 carries the signal of RFC 5746. Renegotiation itself is never done. */
#define HAVE_RENEGOTIATION_INDICATION
/* RFC 8446 appendix D.4: a session id and a ChangeCipherSpec, for the sake of what lies between. */
#define WOLFSSL_TLS13_MIDDLEBOX_COMPAT
/* A client echoes the cookie of a HelloRetryRequest only with this macro. */
#define WOLFSSL_SEND_HRR_COOKIE
/* More fatal alerts reach the peer, so that it too learns why. */
#define WOLFSSL_EXTRA_ALERTS

/* ---- sessions and keys derived from them ------------------------------------------------------------- */
#define HAVE_SESSION_TICKET
/* Servers may use ticket nonces of up to 255 bytes (Mbed TLS: 32); without this the connection dies. */
#define WOLFSSL_TICKET_NONCE_MALLOC
#define HAVE_EXT_CACHE
#define HAVE_KEYING_MATERIAL
#define HAVE_SECRET_CALLBACK
#define HAVE_PK_CALLBACKS

/* ---- certificates ------------------------------------------------------------------------------------ */
#define KEEP_PEER_CERT
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_IP_ALT_NAME
#define WOLFSSL_ALT_CERT_CHAINS
#define WOLFSSL_ALWAYS_VERIFY_CB
#define WOLFSSL_VERIFY_CB_ALL_CERTS
#define WOLFSSL_CERT_SETUP_CB
#define WOLFSSL_CERT_EXT
/* As many as fit a certificate that twintls takes: the other library counts neither. */
#define WOLFSSL_MAX_ALT_NAMES 8192
#define WOLFSSL_MAX_NAME_CONSTRAINTS 8192
#define HAVE_CRL
/* A client may ask for the status of a server's certificate. Who gets it, wolfSSL's status callback, is left out by
 * NO_WOLFSSL_SERVER. Responders are never asked: no store of certificates here has OCSP enabled. */
#define HAVE_OCSP
#define HAVE_CERTIFICATE_STATUS_REQUEST
/* What of it asks responders is compiled all the same, and called by nobody. */
#define HAVE_NETDB_H
#define HAVE_UINTPTR_T
#define WOLFSSL_DER_LOAD
#define WOLFSSL_ENCRYPTED_KEYS
#define WOLFSSL_BASE64_ENCODE
#define HAVE_PKCS8
#define HAVE_PKCS12
/* The floor of what the library will read at all. A twintls client raises it (RSA 2048, ECC 256) at run time. */
#define WOLFSSL_MIN_RSA_BITS 1024
#define WOLFSSL_MIN_ECC_BITS 224

/* ---- algorithms -------------------------------------------------------------------------------------- */
#define HAVE_ECC
#define HAVE_ECC224
#define HAVE_ECC384
#define HAVE_ECC521
#define HAVE_CURVE25519
#define HAVE_FFDHE_2048
#define HAVE_DH_DEFAULT_PARAMS
#define WC_RSA_PSS
#define WOLFSSL_PSS_LONG_SALT
#define HAVE_HKDF
#define HAVE_AESGCM
#define HAVE_AESCCM
#define HAVE_AES_DECRYPT
#define HAVE_AES_CBC
#define HAVE_CHACHA
#define HAVE_POLY1305
#define HAVE_ONE_TIME_AUTH
#define WOLFSSL_SHA224
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define HAVE_HASHDRBG
/* MD5 stays for one purpose, the key derivation of encrypted PEM keys in the old format. TLS never offers it. */
#define NO_MD4
#define NO_RC4
#define NO_DSA
#define NO_DES3
/* The option TWINTLS_WOLFSSL_MLKEM: X25519MLKEM768, for clients that name it, and no other group with ML-KEM. */
#if defined(TWINTLS_WOLFSSL_MLKEM)
#define WOLFSSL_HAVE_MLKEM
#define WOLFSSL_PQC_HYBRIDS
#define WOLFSSL_TLS_NO_MLKEM_STANDALONE
#define WOLFSSL_NO_ML_KEM_512
#define WOLFSSL_NO_ML_KEM_1024
#define WOLFSSL_SHA3
#define WOLFSSL_SHAKE128
#define WOLFSSL_SHAKE256
#else
#define WOLFSSL_NO_MLKEM
#endif

/* ---- timing ------------------------------------------------------------------------------------------ */
#define TFM_TIMING_RESISTANT
#define ECC_TIMING_RESISTANT
#define WC_RSA_BLINDING

/* ---- speed: single-precision code for every curve and key size in use, in C or in assembly -------------- */
#define ECC_SHAMIR
#define WOLFSSL_SP_MATH_ALL
/* The largest number, and so the largest RSA key that a certificate may have: as with the other backend. Points have a
 * size of their own then, or every EC key would be as large as an RSA key. */
#define SP_INT_BITS 8192
#define ALT_ECC_SIZE
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_HAVE_SP_DH
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_384
#define WOLFSSL_SP_521
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_LARGE_CODE
#if defined(TWINTLS_WOLFSSL_ASM)
#define WOLFSSL_X86_64_BUILD
#define WOLFSSL_AESNI
#define USE_INTEL_SPEEDUP
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_X86_64
#define WOLFSSL_SP_X86_64_ASM
#endif

/* ---- debug output, silent until a client asks for it ---------------------------------------------------- */
#if defined(TWINTLS_WOLFSSL_DEBUG_LOG)
#define DEBUG_WOLFSSL
/* The random generator would write to standard error whether asked or not. */
#define WC_NO_VERBOSE_RNG
#endif

/* ---- names: keep wolfSSL's unprefixed macros out of the user's way -------------------------------------- */
#define NO_OLD_RNGNAME
#define NO_OLD_WC_NAMES
#define NO_OLD_SSL_NAMES
#define NO_OLD_SHA_NAMES
#define NO_OLD_MD5_NAME

#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>

// The library's configuration only: macros of options, no declarations.
#include <mbedtls/build_info.h>

#if MBEDTLS_VERSION_NUMBER < 0x03060100 || MBEDTLS_VERSION_NUMBER >= 0x04000000
#    error "twintls: Mbed TLS 3.6.1 or a later 3.x release is needed"
#endif
#if MBEDTLS_VERSION_NUMBER == 0x03060600 && defined(MBEDTLS_SSL_PROTO_TLS1_2) && defined(MBEDTLS_SSL_PROTO_TLS1_3) &&  \
    !defined(TWINTLS_ACCEPT_MBEDTLS_3_6_6)
#    error                                                                                                             \
        "twintls: Mbed TLS 3.6.6 fails with every server that picks TLS 1.2 and signs with RSA-PSS: take 3.6.7, or define TWINTLS_ACCEPT_MBEDTLS_3_6_6 if yours is fixed"
#endif
#if !defined(MBEDTLS_SSL_CLI_C) || !defined(MBEDTLS_SSL_SERVER_NAME_INDICATION) || !defined(MBEDTLS_GCM_C)
#    error "twintls: this Mbed TLS lacks TLS clients, SNI or AES-GCM"
#endif
#if !defined(MBEDTLS_PSA_CRYPTO_C)
#    error "twintls: this Mbed TLS lacks PSA, whose random generator notices a fork"
#endif
#if !defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE) || !defined(MBEDTLS_SSL_ALL_ALERT_MESSAGES)
#    error "twintls: Mbed TLS must be built with MBEDTLS_SSL_KEEP_PEER_CERTIFICATE and MBEDTLS_SSL_ALL_ALERT_MESSAGES"
#endif

// The suite for TLS 1.2 takes ChaCha20-Poly1305.
#if defined(MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED) && defined(MBEDTLS_CHACHAPOLY_C) &&                                \
    (!defined(MBEDTLS_SSL_PROTO_TLS1_3) || defined(MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED))
#    define TWINTLS_MBEDTLS_HAS_PSK
#endif

namespace tls::detail {

/// What the Mbed TLS compiled against can do.
[[nodiscard]] consteval bool mbedtls_supports(feature f) noexcept {
    switch (f) {
    case feature::tls_1_3:
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
        return true;
#else
        return false;
#endif
    case feature::alpn:
#if defined(MBEDTLS_SSL_ALPN)
        return true;
#else
        return false;
#endif
    case feature::chacha20_poly1305:
#if defined(MBEDTLS_CHACHAPOLY_C)
        return true;
#else
        return false;
#endif
    case feature::x25519:
#if defined(MBEDTLS_ECP_DP_CURVE25519_ENABLED)
        return true;
#else
        return false;
#endif
    case feature::encrypted_private_keys:
#if defined(MBEDTLS_PKCS5_C) && defined(MBEDTLS_PEM_PARSE_C)
        return true;
#else
        return false;
#endif
    case feature::critical_name_constraints:
    case feature::any_intermediates:
#if defined(TWINTLS_MBEDTLS_LEAF_ONLY)
        return true;
#else
        return false; // the library refuses what it does not know before anybody can judge it
#endif
    case feature::key_update: return false;
    case feature::sharing_between_threads:
#if defined(MBEDTLS_THREADING_C)
        return true;
#else
        return false;
#endif
    case feature::key_log: return true;
    case feature::debug_log:
#if defined(MBEDTLS_DEBUG_C)
        return true;
#else
        return false;
#endif
    case feature::session_tickets:
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
        return true;
#else
        return false;
#endif
    case feature::memory_resource:
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
        return true;
#else
        return false;
#endif
    case feature::max_fragment_length:
#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH) && MBEDTLS_VERSION_NUMBER >= 0x03060300 // earlier ones join no fragments
        return true;
#else
        return false;
#endif
    case feature::certificate_revocation_lists: return true; // read and judged by twintls
    case feature::deferred_signature:
#if defined(TWINTLS_MBEDTLS_DEFERRED_SIGNATURE)
        return true; // called again it makes the message again
#else
        return false; // under TLS 1.2 it would make the keys again, too
#endif
    case feature::external_signer:
#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
        return true;
#else
        return false; // as it is published it signs only with keys that it has itself
#endif
    case feature::several_identities: return true;
    case feature::keying_material_export:
#if defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)
        return true;
#else
        return false;
#endif
    case feature::pre_shared_keys:
#if defined(TWINTLS_MBEDTLS_HAS_PSK)
        return true;
#else
        return false;
#endif
    case feature::ocsp_stapling: return false; // Mbed TLS 3.6 cannot ask for a status
    }
    return false;
}

} // namespace tls::detail

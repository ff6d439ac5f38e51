// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/connection/backend.hpp>

// The library's configuration only: macros of options, no declarations.
#if __has_include(<wolfssl/options.h>) && !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/settings.h>

#if LIBWOLFSSL_VERSION_HEX < 0x05009002
#    error "twintls: wolfSSL 5.9.2 or newer is needed"
#endif

#if defined(NO_TLS) || defined(NO_WOLFSSL_CLIENT) || defined(WOLFCRYPT_ONLY)
#    error "twintls: this wolfSSL is built without TLS clients"
#endif
#if !defined(HAVE_SNI) || !defined(HAVE_SUPPORTED_CURVES) || !defined(HAVE_ECC) || !defined(HAVE_AESGCM)
#    error "twintls: this wolfSSL lacks SNI, supported curves, ECC or AES-GCM"
#endif
#if !defined(WOLFSSL_ALWAYS_VERIFY_CB) || !defined(WOLFSSL_VERIFY_CB_ALL_CERTS)
#    error                                                                                                             \
        "twintls: wolfSSL must be built with WOLFSSL_ALWAYS_VERIFY_CB and WOLFSSL_VERIFY_CB_ALL_CERTS, or twintls cannot judge the server's certificate"
#endif
#if defined(OPENSSL_COMPATIBLE_DEFAULTS)
#    error                                                                                                             \
        "twintls: wolfSSL must be built without OPENSSL_COMPATIBLE_DEFAULTS, which hides its codes from the verify callback"
#endif
#if !defined(WOLFSSL_ALT_CERT_CHAINS) || !defined(KEEP_PEER_CERT) || !defined(WOLFSSL_CERT_SETUP_CB)
#    error "twintls: wolfSSL must be built with WOLFSSL_ALT_CERT_CHAINS, KEEP_PEER_CERT and WOLFSSL_CERT_SETUP_CB"
#endif

// The callback that gets the status is compiled only together with servers and TLS 1.2.
#if defined(HAVE_CERTIFICATE_STATUS_REQUEST) && defined(HAVE_OCSP) && !defined(NO_WOLFSSL_SERVER) &&                   \
    !defined(WOLFSSL_NO_TLS12)
#    define TWINTLS_WOLFSSL_HAS_STAPLING
#endif

// Where wolfSSL blinds its keys or checks its own signatures it looks for the key.
#if defined(HAVE_PK_CALLBACKS) && !defined(WOLFSSL_BLIND_PRIVATE_KEY) && !defined(WOLFSSL_CHECK_SIG_FAULTS)
#    define TWINTLS_WOLFSSL_HAS_SIGNERS
#endif

// The suite for TLS 1.2 takes ChaCha20-Poly1305, and TLS 1.3 the callback that is told the suite.
#if !defined(NO_PSK) && !defined(WOLFSSL_PSK_ONE_ID) && !defined(WOLFSSL_PSK_MULTI_ID_PER_CS) &&                       \
    defined(HAVE_CHACHA) && defined(HAVE_POLY1305) && !defined(NO_SHA256)
#    define TWINTLS_WOLFSSL_HAS_PSK
#endif

// What a server asks for under TLS 1.3 is seen where messages are shown; the other two have keys copied.
#if defined(TWINTLS_WOLFSSL_USES_IDENTITIES) && defined(TWINTLS_WOLFSSL_SHOWS_MESSAGES) &&                             \
    !defined(WOLFSSL_COPY_CERT) && !defined(WOLFSSL_COPY_KEY) && !defined(WOLFSSL_BLIND_PRIVATE_KEY)
#    define TWINTLS_WOLFSSL_HAS_IDENTITIES
#endif

namespace tls::detail {

/// What the wolfSSL compiled against can do, by its macros.
[[nodiscard]] consteval bool wolfssl_built_with(feature f) noexcept {
    switch (f) {
    case feature::tls_1_3:
#if defined(WOLFSSL_TLS13)
        return true;
#else
        return false;
#endif
    case feature::alpn:
#if defined(HAVE_ALPN)
        return true;
#else
        return false;
#endif
    case feature::chacha20_poly1305:
#if defined(HAVE_CHACHA) && defined(HAVE_POLY1305)
        return true;
#else
        return false;
#endif
    case feature::x25519:
#if defined(HAVE_CURVE25519)
        return true;
#else
        return false;
#endif
    case feature::encrypted_private_keys:
#if defined(WOLFSSL_ENCRYPTED_KEYS) && !defined(NO_PWDBASED)
        return true;
#else
        return false;
#endif
    case feature::critical_name_constraints: return true;
    case feature::any_intermediates:
#if defined(TWINTLS_WOLFSSL_LEAF_ONLY)
        return true;
#else
        return false;
#endif
    case feature::key_update: return wolfssl_built_with(feature::tls_1_3);
    case feature::sharing_between_threads:
#if defined(SINGLE_THREADED)
        return false;
#else
        return true;
#endif
    case feature::key_log:
#if defined(HAVE_SECRET_CALLBACK)
        return true;
#else
        return false;
#endif
    case feature::debug_log:
#if defined(DEBUG_WOLFSSL)
        return true;
#else
        return false;
#endif
    case feature::session_tickets:
#if defined(HAVE_SESSION_TICKET) && defined(HAVE_EXT_CACHE) && !defined(NO_SESSION_CACHE) &&                           \
    (defined(WOLFSSL_TICKET_NONCE_MALLOC) || !defined(WOLFSSL_TLS13))
        return true;
#else
        return false;
#endif
    case feature::memory_resource:
#if defined(USE_WOLFSSL_MEMORY) && !defined(WOLFSSL_STATIC_MEMORY) && !defined(WOLFSSL_DEBUG_MEMORY) &&                \
    !defined(XMALLOC_USER) && !defined(XMALLOC_OVERRIDE)
        return true;
#else
        return false;
#endif
    case feature::max_fragment_length:
#if defined(HAVE_MAX_FRAGMENT)
        return true;
#else
        return false;
#endif
    case feature::certificate_revocation_lists: return true; // read and judged by twintls
    case feature::external_signer:
#if defined(TWINTLS_WOLFSSL_HAS_SIGNERS)
        return true;
#else
        return false;
#endif
    case feature::several_identities:
#if defined(TWINTLS_WOLFSSL_HAS_IDENTITIES)
        return true;
#else
        return false; // as it is published it takes another certificate in a handshake only in its OpenSSL layer
#endif
    case feature::deferred_signature:
#if defined(TWINTLS_WOLFSSL_HAS_SIGNERS) && !defined(WOLFSSL_ASYNC_CRYPT)
        return true; // called again it makes the message again
#else
        return false;
#endif
    case feature::keying_material_export:
#if defined(HAVE_KEYING_MATERIAL)
        return true;
#else
        return false;
#endif
    case feature::ocsp_stapling:
#if defined(TWINTLS_WOLFSSL_HAS_STAPLING)
        return true;
#else
        return false;
#endif
    case feature::pre_shared_keys:
#if defined(TWINTLS_WOLFSSL_HAS_PSK)
        return true;
#else
        return false;
#endif
    }
    return false;
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/native.hpp>

namespace tls::detail {

TWINTLS_DECL errc mbedtls_classify(std::int32_t code) noexcept {
    if (code == MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG) return errc::critical_extension;
    // A code is a high-level part, in steps of 0x80, plus a low-level part that says where it came from.
    std::int32_t const high = -((-code) & 0xFF80);
    std::int32_t const low = -((-code) & 0x7F);
    switch (high) {
    // certificates
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: return errc::untrusted;
    case MBEDTLS_ERR_SSL_BAD_CERTIFICATE: return errc::bad_key_usage;
    case MBEDTLS_ERR_X509_FATAL_ERROR: return errc::chain_too_long;
    case MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG:
    case MBEDTLS_ERR_X509_SIG_MISMATCH:
    case MBEDTLS_ERR_X509_INVALID_FORMAT:
    case MBEDTLS_ERR_X509_INVALID_VERSION:
    case MBEDTLS_ERR_X509_INVALID_SERIAL:
    case MBEDTLS_ERR_X509_INVALID_ALG:
    case MBEDTLS_ERR_X509_INVALID_NAME:
    case MBEDTLS_ERR_X509_INVALID_DATE:
    case MBEDTLS_ERR_X509_INVALID_SIGNATURE:
    case MBEDTLS_ERR_X509_INVALID_EXTENSIONS:
    case MBEDTLS_ERR_X509_UNKNOWN_VERSION:
    case MBEDTLS_ERR_X509_UNKNOWN_OID:
    case MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE: return errc::malformed_certificate;
    case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE:
    case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG: return errc::weak_key;
    case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE: return errc::no_peer_certificate;
    // Without an alert this is what TLS 1.3 code answers to an empty Certificate message.
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE: return errc::no_peer_certificate;

    // negotiation
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION: return errc::no_common_version;
    case MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL: return errc::alpn_mismatch;
    case MBEDTLS_ERR_SSL_UNRECOGNIZED_NAME: return errc::unrecognized_name;
    case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE: return errc::handshake_refused;

    // records and messages
    case MBEDTLS_ERR_SSL_INVALID_MAC: return errc::bad_record_mac;
    case MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE:
    case MBEDTLS_ERR_SSL_UNEXPECTED_RECORD: return errc::unexpected_message;
    case MBEDTLS_ERR_SSL_DECODE_ERROR: return errc::decode_error;
    case MBEDTLS_ERR_SSL_INVALID_RECORD: return errc::record_overflow;
    case MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER:
    case MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION: return errc::illegal_parameter;
    case MBEDTLS_ERR_ECP_VERIFY_FAILED:
    case MBEDTLS_ERR_RSA_VERIFY_FAILED: return errc::bad_handshake_signature;

    // ours
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED: return errc::out_of_memory;
    case MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE: return errc::unsupported;
    case MBEDTLS_ERR_SSL_BAD_CONFIG:
    case MBEDTLS_ERR_SSL_BAD_INPUT_DATA:
    case MBEDTLS_ERR_SSL_NO_RNG:
#if defined(MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME) // 3.6.3
    case MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME:
#endif
    case MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED: return errc::bad_configuration;
    default: break;
    }
    switch (low) {
    case MBEDTLS_ERR_ASN1_ALLOC_FAILED: return errc::out_of_memory;
    case MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED:
    case MBEDTLS_ERR_ENTROPY_SOURCE_FAILED:
    case MBEDTLS_ERR_ENTROPY_NO_SOURCES_DEFINED:
    case MBEDTLS_ERR_ENTROPY_NO_STRONG_SOURCE: return errc::rng_failure;
    default: return errc::internal;
    }
}

TWINTLS_DECL errc mbedtls_classify_flags(std::uint32_t flags) noexcept {
    struct meaning {
        std::uint32_t flags;
        errc code;
    };
    static constexpr meaning in_order[] = {
        {MBEDTLS_X509_BADCERT_NOT_TRUSTED, errc::untrusted},
        {MBEDTLS_X509_BADCERT_EXPIRED, errc::expired},
        {MBEDTLS_X509_BADCERT_FUTURE, errc::not_yet_valid},
        {MBEDTLS_X509_BADCERT_CN_MISMATCH, errc::name_mismatch},
        {MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, errc::bad_extended_key_usage},
        {MBEDTLS_X509_BADCERT_KEY_USAGE, errc::bad_key_usage},
        {MBEDTLS_X509_BADCERT_REVOKED, errc::revoked},
        {MBEDTLS_X509_BADCRL_NOT_TRUSTED | MBEDTLS_X509_BADCRL_EXPIRED | MBEDTLS_X509_BADCRL_FUTURE |
             MBEDTLS_X509_BADCRL_BAD_MD | MBEDTLS_X509_BADCRL_BAD_PK | MBEDTLS_X509_BADCRL_BAD_KEY,
         errc::revocation_unknown},
        {MBEDTLS_X509_BADCERT_BAD_KEY | MBEDTLS_X509_BADCERT_BAD_PK, errc::weak_key},
        {MBEDTLS_X509_BADCERT_BAD_MD, errc::weak_hash},
    };
    for (auto const& m : in_order)
        if ((flags & m.flags) != 0) return m.code;
    return errc::internal;
}

} // namespace tls::detail

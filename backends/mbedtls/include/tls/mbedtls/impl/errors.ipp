// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/connection/native_code_table.hpp>
#include <tls/mbedtls/errors.hpp>
#include <tls/mbedtls/impl/native.hpp>

namespace tls::detail {
namespace mbedtls_setup {

/// A code is a high-level part, in steps of 0x80, plus a low-level part that says where it came from; the table has
/// parts of either kind, and the few sums that mean something else than their high part.
inline constexpr native_code codes[] = {
    {MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG,
     "MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG", errc::critical_extension},

    // certificates
    {MBEDTLS_ERR_X509_CERT_VERIFY_FAILED, "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED", errc::untrusted},
    {MBEDTLS_ERR_SSL_BAD_CERTIFICATE, "MBEDTLS_ERR_SSL_BAD_CERTIFICATE", errc::bad_key_usage},
    {MBEDTLS_ERR_X509_FATAL_ERROR, "MBEDTLS_ERR_X509_FATAL_ERROR", errc::chain_too_long},
    {MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG, "MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG", errc::unverifiable_signature},
    {MBEDTLS_ERR_X509_SIG_MISMATCH, "MBEDTLS_ERR_X509_SIG_MISMATCH", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_FORMAT, "MBEDTLS_ERR_X509_INVALID_FORMAT", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_VERSION, "MBEDTLS_ERR_X509_INVALID_VERSION", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_SERIAL, "MBEDTLS_ERR_X509_INVALID_SERIAL", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_ALG, "MBEDTLS_ERR_X509_INVALID_ALG", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_NAME, "MBEDTLS_ERR_X509_INVALID_NAME", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_DATE, "MBEDTLS_ERR_X509_INVALID_DATE", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_SIGNATURE, "MBEDTLS_ERR_X509_INVALID_SIGNATURE", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_INVALID_EXTENSIONS, "MBEDTLS_ERR_X509_INVALID_EXTENSIONS", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_UNKNOWN_VERSION, "MBEDTLS_ERR_X509_UNKNOWN_VERSION", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_UNKNOWN_OID, "MBEDTLS_ERR_X509_UNKNOWN_OID", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_BAD_INPUT_DATA, "MBEDTLS_ERR_X509_BAD_INPUT_DATA", errc::malformed_certificate},
    {MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE, "MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE", errc::malformed_certificate},
    {MBEDTLS_ERR_PK_KEY_INVALID_FORMAT, "MBEDTLS_ERR_PK_KEY_INVALID_FORMAT", errc::malformed_certificate},
    {MBEDTLS_ERR_PK_INVALID_PUBKEY, "MBEDTLS_ERR_PK_INVALID_PUBKEY", errc::malformed_certificate},
    {MBEDTLS_ERR_ECP_INVALID_KEY, "MBEDTLS_ERR_ECP_INVALID_KEY", errc::malformed_certificate},
    {MBEDTLS_ERR_ECP_BAD_INPUT_DATA, "MBEDTLS_ERR_ECP_BAD_INPUT_DATA", errc::malformed_certificate},
    {MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE, "MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE", errc::weak_key},
    {MBEDTLS_ERR_PK_UNKNOWN_PK_ALG, "MBEDTLS_ERR_PK_UNKNOWN_PK_ALG", errc::weak_key},
    {MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE, "MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE", errc::no_peer_certificate},
    // Without an alert this is what TLS 1.3 code answers to an empty Certificate message.
    {MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE", errc::no_peer_certificate},

    // negotiation
    {MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION, "MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION", errc::no_common_version},
    {MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL, "MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL", errc::alpn_mismatch},
    {MBEDTLS_ERR_SSL_UNRECOGNIZED_NAME, "MBEDTLS_ERR_SSL_UNRECOGNIZED_NAME", errc::unrecognized_name},
    {MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE, "MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE", errc::handshake_refused},

    // records and messages
    {MBEDTLS_ERR_SSL_INVALID_MAC, "MBEDTLS_ERR_SSL_INVALID_MAC", errc::bad_record_mac},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, "MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE", errc::unexpected_message},
    {MBEDTLS_ERR_SSL_UNEXPECTED_RECORD, "MBEDTLS_ERR_SSL_UNEXPECTED_RECORD", errc::unexpected_message},
    {MBEDTLS_ERR_SSL_DECODE_ERROR, "MBEDTLS_ERR_SSL_DECODE_ERROR", errc::decode_error},
    {MBEDTLS_ERR_SSL_INVALID_RECORD, "MBEDTLS_ERR_SSL_INVALID_RECORD", errc::decode_error},
    {MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER, "MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER", errc::illegal_parameter},
    {MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION, "MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION", errc::illegal_parameter},
    {MBEDTLS_ERR_ECP_VERIFY_FAILED, "MBEDTLS_ERR_ECP_VERIFY_FAILED", errc::bad_handshake_signature},
    {MBEDTLS_ERR_RSA_VERIFY_FAILED, "MBEDTLS_ERR_RSA_VERIFY_FAILED", errc::bad_handshake_signature},

    {MBEDTLS_ERR_SSL_CONN_EOF, "MBEDTLS_ERR_SSL_CONN_EOF", errc::peer_closed},

    // ours
    {MBEDTLS_ERR_SSL_ALLOC_FAILED, "MBEDTLS_ERR_SSL_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_X509_ALLOC_FAILED, "MBEDTLS_ERR_X509_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_PK_ALLOC_FAILED, "MBEDTLS_ERR_PK_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_ECP_ALLOC_FAILED, "MBEDTLS_ERR_ECP_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_MD_ALLOC_FAILED, "MBEDTLS_ERR_MD_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_CIPHER_ALLOC_FAILED, "MBEDTLS_ERR_CIPHER_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE, "MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE", errc::unsupported},
    {MBEDTLS_ERR_SSL_BAD_CONFIG, "MBEDTLS_ERR_SSL_BAD_CONFIG", errc::bad_configuration},
    {MBEDTLS_ERR_SSL_BAD_INPUT_DATA, "MBEDTLS_ERR_SSL_BAD_INPUT_DATA", errc::bad_configuration},
    {MBEDTLS_ERR_SSL_NO_RNG, "MBEDTLS_ERR_SSL_NO_RNG", errc::bad_configuration},
#if defined(MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME) // 3.6.3
    {MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME,
     "MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME", errc::bad_configuration},
#endif
    {MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED, "MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED", errc::bad_configuration},

    // low-level parts
    // Of a certificate; where it was accepted before, of the server's signature.
    {MBEDTLS_ERR_ASN1_OUT_OF_DATA, "MBEDTLS_ERR_ASN1_OUT_OF_DATA", errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_UNEXPECTED_TAG, "MBEDTLS_ERR_ASN1_UNEXPECTED_TAG", errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_INVALID_LENGTH, "MBEDTLS_ERR_ASN1_INVALID_LENGTH", errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_LENGTH_MISMATCH, "MBEDTLS_ERR_ASN1_LENGTH_MISMATCH", errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_INVALID_DATA, "MBEDTLS_ERR_ASN1_INVALID_DATA", errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_ALLOC_FAILED, "MBEDTLS_ERR_ASN1_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_MPI_ALLOC_FAILED, "MBEDTLS_ERR_MPI_ALLOC_FAILED", errc::out_of_memory},
    {MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED, "MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED", errc::rng_failure},
    {MBEDTLS_ERR_ENTROPY_SOURCE_FAILED, "MBEDTLS_ERR_ENTROPY_SOURCE_FAILED", errc::rng_failure},
    {MBEDTLS_ERR_ENTROPY_NO_SOURCES_DEFINED, "MBEDTLS_ERR_ENTROPY_NO_SOURCES_DEFINED", errc::rng_failure},
    {MBEDTLS_ERR_ENTROPY_NO_STRONG_SOURCE, "MBEDTLS_ERR_ENTROPY_NO_STRONG_SOURCE", errc::rng_failure},
};

inline constexpr unnamed_code rare_codes[] = {
    // a certificate; where it was accepted before, the server's signature
    {MBEDTLS_ERR_X509_CERT_UNKNOWN_FORMAT, errc::malformed_certificate},
    {MBEDTLS_ERR_X509_BUFFER_TOO_SMALL, errc::malformed_certificate},
    {MBEDTLS_ERR_PK_KEY_INVALID_VERSION, errc::malformed_certificate},
    {MBEDTLS_ERR_PK_INVALID_ALG, errc::malformed_certificate},
    {MBEDTLS_ERR_ASN1_BUF_TOO_SMALL, errc::malformed_certificate},
    {MBEDTLS_ERR_OID_NOT_FOUND, errc::malformed_certificate},
    {MBEDTLS_ERR_OID_BUF_TOO_SMALL, errc::malformed_certificate},
    // the server's signature: the only one that is verified with these
    {MBEDTLS_ERR_RSA_BAD_INPUT_DATA, errc::bad_handshake_signature},
    {MBEDTLS_ERR_RSA_INVALID_PADDING, errc::bad_handshake_signature},
    {MBEDTLS_ERR_RSA_PUBLIC_FAILED, errc::bad_handshake_signature},
    {MBEDTLS_ERR_RSA_OUTPUT_TOO_LARGE, errc::bad_handshake_signature},
    {MBEDTLS_ERR_RSA_KEY_CHECK_FAILED, errc::bad_handshake_signature},
    {MBEDTLS_ERR_PK_SIG_LEN_MISMATCH, errc::bad_handshake_signature},
    {MBEDTLS_ERR_PK_BAD_INPUT_DATA, errc::bad_handshake_signature},
    {MBEDTLS_ERR_ECP_SIG_LEN_MISMATCH, errc::bad_handshake_signature},
    {PSA_ERROR_INVALID_SIGNATURE, errc::bad_handshake_signature},
    {PSA_ERROR_INVALID_PADDING, errc::bad_handshake_signature},
    // numbers of the server's that its key exchange cannot have
    {MBEDTLS_ERR_PK_TYPE_MISMATCH, errc::illegal_parameter},
    {MBEDTLS_ERR_SSL_PK_TYPE_MISMATCH, errc::illegal_parameter},
    {MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE, errc::illegal_parameter},
    {MBEDTLS_ERR_ECP_BUFFER_TOO_SMALL, errc::illegal_parameter},
    {MBEDTLS_ERR_ECP_RANDOM_FAILED, errc::illegal_parameter}, // with a point of the server's, not without numbers
    {MBEDTLS_ERR_MPI_BAD_INPUT_DATA, errc::illegal_parameter},
    {MBEDTLS_ERR_MPI_BUFFER_TOO_SMALL, errc::illegal_parameter},
    {MBEDTLS_ERR_MPI_NEGATIVE_VALUE, errc::illegal_parameter},
    {MBEDTLS_ERR_MPI_DIVISION_BY_ZERO, errc::illegal_parameter},
    {MBEDTLS_ERR_MPI_NOT_ACCEPTABLE, errc::illegal_parameter},
    {MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY, errc::illegal_parameter},
    {PSA_ERROR_INVALID_ARGUMENT, errc::illegal_parameter},
    {PSA_ERROR_DATA_INVALID, errc::illegal_parameter},
    // records
    {MBEDTLS_ERR_CIPHER_AUTH_FAILED, errc::bad_record_mac},
    {MBEDTLS_ERR_GCM_AUTH_FAILED, errc::bad_record_mac},
    {MBEDTLS_ERR_CCM_AUTH_FAILED, errc::bad_record_mac},
    {MBEDTLS_ERR_CHACHAPOLY_AUTH_FAILED, errc::bad_record_mac},
    {PSA_ERROR_INSUFFICIENT_DATA, errc::decode_error},
    // ours
    {MBEDTLS_ERR_PEM_ALLOC_FAILED, errc::out_of_memory},
    {PSA_ERROR_INSUFFICIENT_MEMORY, errc::out_of_memory},
    {MBEDTLS_ERR_RSA_RNG_FAILED, errc::rng_failure},
    {MBEDTLS_ERR_CTR_DRBG_REQUEST_TOO_BIG, errc::rng_failure},
    {MBEDTLS_ERR_CTR_DRBG_INPUT_TOO_BIG, errc::rng_failure},
    {MBEDTLS_ERR_ENTROPY_MAX_SOURCES, errc::rng_failure},
    {PSA_ERROR_INSUFFICIENT_ENTROPY, errc::rng_failure},
    {MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE, errc::unsupported},
    {MBEDTLS_ERR_MD_FEATURE_UNAVAILABLE, errc::unsupported},
    {MBEDTLS_ERR_CIPHER_FEATURE_UNAVAILABLE, errc::unsupported},
    {MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED, errc::unsupported},
    {PSA_ERROR_NOT_SUPPORTED, errc::unsupported},
    {MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED, errc::bad_configuration},
};

} // namespace mbedtls_setup

TWINTLS_DECL native_code mbedtls_classify(std::int32_t code) noexcept {
    std::int32_t const high = -((-code) & 0xFF80);
    std::int32_t const low = -((-code) & 0x7F);
    // A certificate is not malformed because memory ran out while it was read.
    bool const no_memory = low == MBEDTLS_ERR_ASN1_ALLOC_FAILED || low == MBEDTLS_ERR_MPI_ALLOC_FAILED;
    for (std::int32_t const part : {code, no_memory ? low : high, low}) {
        if (auto const known = native_code_table<mbedtls_setup::codes>::find(part))
            return {code, known->name, known->meaning};
        if (errc const meaning = meaning_in(mbedtls_setup::rare_codes, part); meaning != errc::internal)
            return {code, nullptr, meaning};
    }
    return {code, nullptr, errc::internal};
}

TWINTLS_DECL std::span<native_code const> mbedtls_codes() noexcept { return mbedtls_setup::codes; }

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/connection/native_code_table.hpp>
#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/native.hpp>

namespace tls::detail {
namespace wolfssl_setup {

inline constexpr native_code codes[] = {
    // certificates
    {ASN_NO_SIGNER_E, "ASN_NO_SIGNER_E", errc::untrusted},
    {ASN_SELF_SIGNED_E, "ASN_SELF_SIGNED_E", errc::self_signed},
    {ASN_AFTER_DATE_E, "ASN_AFTER_DATE_E", errc::expired},
    {ASN_BEFORE_DATE_E, "ASN_BEFORE_DATE_E", errc::not_yet_valid},
    {DOMAIN_NAME_MISMATCH, "DOMAIN_NAME_MISMATCH", errc::name_mismatch},
    {IPADDR_MISMATCH, "IPADDR_MISMATCH", errc::name_mismatch},
    {ASN_SIG_CONFIRM_E, "ASN_SIG_CONFIRM_E", errc::bad_signature},
    {ASN_SIG_HASH_E, "ASN_SIG_HASH_E", errc::bad_signature},
    {CRL_CERT_REVOKED, "CRL_CERT_REVOKED", errc::revoked},
    {OCSP_CERT_REVOKED, "OCSP_CERT_REVOKED", errc::revoked},
    {CRL_MISSING, "CRL_MISSING", errc::revocation_unknown},
    {CRL_CERT_DATE_ERR, "CRL_CERT_DATE_ERR", errc::revocation_unknown},
    {BAD_CERTIFICATE_STATUS_ERROR, "BAD_CERTIFICATE_STATUS_ERROR", errc::bad_stapled_status},
    {OCSP_CERT_UNKNOWN, "OCSP_CERT_UNKNOWN", errc::revocation_unknown},
    {OCSP_LOOKUP_FAIL, "OCSP_LOOKUP_FAIL", errc::revocation_unknown},
    {RSA_KEY_SIZE_E, "RSA_KEY_SIZE_E", errc::weak_key},
    {ECC_KEY_SIZE_E, "ECC_KEY_SIZE_E", errc::weak_key},
    {DH_KEY_SIZE_E, "DH_KEY_SIZE_E", errc::weak_key},
    {ASN_UNKNOWN_OID_E, "ASN_UNKNOWN_OID_E", errc::weak_key},
    {KEYUSE_SIGNATURE_E, "KEYUSE_SIGNATURE_E", errc::bad_key_usage},
    {KEYUSE_ENCIPHER_E, "KEYUSE_ENCIPHER_E", errc::bad_key_usage},
    {KEYUSAGE_E, "KEYUSAGE_E", errc::bad_key_usage},
    {EXTKEYUSE_AUTH_E, "EXTKEYUSE_AUTH_E", errc::bad_extended_key_usage},
    {EXTKEYUSAGE_E, "EXTKEYUSAGE_E", errc::bad_extended_key_usage},
    {NOT_CA_ERROR, "NOT_CA_ERROR", errc::not_a_ca},
    {ASN_PATHLEN_SIZE_E, "ASN_PATHLEN_SIZE_E", errc::path_too_long},
    {ASN_PATHLEN_INV_E, "ASN_PATHLEN_INV_E", errc::path_too_long},
    {ASN_NAME_INVALID_E, "ASN_NAME_INVALID_E", errc::name_constraint},
    {ASN_CRIT_EXT_E, "ASN_CRIT_EXT_E", errc::critical_extension},
    {ASN_PARSE_E, "ASN_PARSE_E", errc::malformed_certificate},
    {ASN_EXPECT_0_E, "ASN_EXPECT_0_E", errc::malformed_certificate},
    {ASN_ALT_NAME_E, "ASN_ALT_NAME_E", errc::malformed_certificate},
    {ASN_DATE_SZ_E, "ASN_DATE_SZ_E", errc::malformed_certificate},
    {ASN_VERSION_E, "ASN_VERSION_E", errc::malformed_certificate},
    {PEER_KEY_ERROR, "PEER_KEY_ERROR", errc::malformed_certificate},
    {MAX_CHAIN_ERROR, "MAX_CHAIN_ERROR", errc::chain_too_long},
    {NO_PEER_CERT, "NO_PEER_CERT", errc::no_peer_certificate},

    // negotiation
    {VERSION_ERROR, "VERSION_ERROR", errc::no_common_version},
    {UNSUPPORTED_PROTO_VERSION, "UNSUPPORTED_PROTO_VERSION", errc::no_common_version},
    {MATCH_SUITE_ERROR, "MATCH_SUITE_ERROR", errc::no_common_suite},
    {UNSUPPORTED_SUITE, "UNSUPPORTED_SUITE", errc::no_common_suite},
    {KEY_SHARE_ERROR, "KEY_SHARE_ERROR", errc::no_common_group},
    {BAD_KEY_SHARE_DATA, "BAD_KEY_SHARE_DATA", errc::no_common_group},
    {ECC_CURVE_ERROR, "ECC_CURVE_ERROR", errc::no_common_group},
    {UNKNOWN_ALPN_PROTOCOL_NAME_E, "UNKNOWN_ALPN_PROTOCOL_NAME_E", errc::alpn_mismatch},

    // records and messages
    {VERIFY_MAC_ERROR, "VERIFY_MAC_ERROR", errc::bad_record_mac},
    {DECRYPT_ERROR, "DECRYPT_ERROR", errc::bad_record_mac},
    {AES_GCM_AUTH_E, "AES_GCM_AUTH_E", errc::bad_record_mac},
    {AES_CCM_AUTH_E, "AES_CCM_AUTH_E", errc::bad_record_mac},
    {SANITY_CIPHER_E, "SANITY_CIPHER_E", errc::bad_record_mac}, // too short to hold what authenticates it
    {MAC_CMP_FAILED_E, "MAC_CMP_FAILED_E", errc::bad_record_mac},
    {OUT_OF_ORDER_E, "OUT_OF_ORDER_E", errc::unexpected_message},
    {POST_HAND_AUTH_ERROR, "POST_HAND_AUTH_ERROR", errc::unexpected_message},
    {SANITY_MSG_E, "SANITY_MSG_E", errc::unexpected_message},
    {SESSION_TICKET_EXPECT_E, "SESSION_TICKET_EXPECT_E", errc::unexpected_message},
    {DUPLICATE_MSG_E, "DUPLICATE_MSG_E", errc::unexpected_message},
    {UNKNOWN_HANDSHAKE_TYPE, "UNKNOWN_HANDSHAKE_TYPE", errc::unexpected_message},
    {UNKNOWN_RECORD_TYPE, "UNKNOWN_RECORD_TYPE", errc::unexpected_message},
    {NO_CHANGE_CIPHER_E, "NO_CHANGE_CIPHER_E", errc::unexpected_message},
    {SIDE_ERROR, "SIDE_ERROR", errc::unexpected_message},
    {BUFFER_E, "BUFFER_E", errc::decode_error},
    {BUFFER_ERROR, "BUFFER_ERROR", errc::decode_error},
    {PARSE_ERROR, "PARSE_ERROR", errc::decode_error},
    {DECODE_E, "DECODE_E", errc::decode_error},
    {INCOMPLETE_DATA, "INCOMPLETE_DATA", errc::decode_error},
    {ECC_CURVETYPE_ERROR, "ECC_CURVETYPE_ERROR", errc::illegal_parameter},
    {INVALID_PARAMETER, "INVALID_PARAMETER", errc::illegal_parameter},
    {NO_PEER_KEY, "NO_PEER_KEY", errc::illegal_parameter}, // signed with a kind of key that the certificate has not
    {EXT_NOT_ALLOWED, "EXT_NOT_ALLOWED", errc::illegal_parameter},
    {EXT_MISSING, "EXT_MISSING", errc::illegal_parameter},
    {UNSUPPORTED_EXTENSION, "UNSUPPORTED_EXTENSION", errc::illegal_parameter},
    {DUPLICATE_TLS_EXT_E, "DUPLICATE_TLS_EXT_E", errc::illegal_parameter},
    {COMPRESSION_ERROR, "COMPRESSION_ERROR", errc::illegal_parameter},
    {BAD_HELLO, "BAD_HELLO", errc::illegal_parameter},
    {SERVER_HINT_ERROR, "SERVER_HINT_ERROR", errc::illegal_parameter}, // the lifetime of a ticket
    {EXT_MASTER_SECRET_NEEDED_E, "EXT_MASTER_SECRET_NEEDED_E", errc::illegal_parameter},
    {LENGTH_ERROR, "LENGTH_ERROR", errc::record_overflow},
    {HANDSHAKE_SIZE_ERROR, "HANDSHAKE_SIZE_ERROR", errc::decode_error},
    {VERIFY_SIGN_ERROR, "VERIFY_SIGN_ERROR", errc::bad_handshake_signature},
    {VERIFY_CERT_ERROR, "VERIFY_CERT_ERROR", errc::bad_handshake_signature},
    {VERIFY_FINISHED_ERROR, "VERIFY_FINISHED_ERROR", errc::bad_handshake_signature},
    // With an RSA key the library passes on what its mathematics says: the only such signature it verifies is this one.
    {RSA_PAD_E, "RSA_PAD_E", errc::bad_handshake_signature},
    {RSA_BUFFER_E, "RSA_BUFFER_E", errc::bad_handshake_signature},
    {RSA_OUT_OF_RANGE_E, "RSA_OUT_OF_RANGE_E", errc::bad_handshake_signature},
    {BAD_PADDING_E, "BAD_PADDING_E", errc::bad_handshake_signature},
    {PSS_SALTLEN_E, "PSS_SALTLEN_E", errc::bad_handshake_signature},
    {PSS_SALTLEN_RECOVER_E, "PSS_SALTLEN_RECOVER_E", errc::bad_handshake_signature},
    {SIG_VERIFY_E, "SIG_VERIFY_E", errc::bad_handshake_signature},
    {MP_VAL, "MP_VAL", errc::bad_handshake_signature}, // by an EC key that is larger than the certificate's

    // ours
    {MEMORY_E, "MEMORY_E", errc::out_of_memory},
    {MEMORY_ERROR, "MEMORY_ERROR", errc::out_of_memory},
    {RNG_FAILURE_E, "RNG_FAILURE_E", errc::rng_failure},
    {OPEN_RAN_E, "OPEN_RAN_E", errc::rng_failure},
    {READ_RAN_E, "READ_RAN_E", errc::rng_failure},
    {WINCRYPT_E, "WINCRYPT_E", errc::rng_failure},
    {CRYPTGEN_E, "CRYPTGEN_E", errc::rng_failure},
    {RAN_BLOCK_E, "RAN_BLOCK_E", errc::rng_failure},
    {NOT_COMPILED_IN, "NOT_COMPILED_IN", errc::unsupported},
    {BAD_FUNC_ARG, "BAD_FUNC_ARG", errc::bad_configuration},
    {FATAL_ERROR, "FATAL_ERROR", errc::peer_alert}, // always with an alert, which decides
    {SOCKET_ERROR_E, "SOCKET_ERROR_E", errc::io_error},
    {SOCKET_PEER_CLOSED_E, "SOCKET_PEER_CLOSED_E", errc::truncated},
};

inline constexpr unnamed_code rare_codes[] = {
    // a certificate; where it was accepted before, the server's signature
    {ASN_GETINT_E, errc::malformed_certificate},
    {ASN_RSA_KEY_E, errc::malformed_certificate},
    {ASN_OBJECT_ID_E, errc::malformed_certificate},
    {ASN_TAG_NULL_E, errc::malformed_certificate},
    {ASN_BITSTR_E, errc::malformed_certificate},
    {ASN_SIG_OID_E, errc::malformed_certificate},
    {ASN_TIME_E, errc::malformed_certificate},
    {ASN_INPUT_E, errc::malformed_certificate},
    {ASN_SIG_KEY_E, errc::malformed_certificate},
    {ASN_ECC_KEY_E, errc::malformed_certificate},
    {ASN_DEPTH_E, errc::malformed_certificate},
    {ASN_LEN_E, errc::malformed_certificate},
    {BER_INDEF_E, errc::malformed_certificate},
    {MAX_CERT_EXTENSIONS_ERR, errc::malformed_certificate},
    {UNSUPPORTED_CERTIFICATE, errc::malformed_certificate},
    {ECC_CURVE_OID_E, errc::weak_key},
    // numbers of the server's that its key exchange or signature cannot have
    {MP_NOT_INF, errc::illegal_parameter},
    {MP_READ_E, errc::illegal_parameter},
    {MP_EXPTMOD_E, errc::illegal_parameter},
    {MP_TO_E, errc::illegal_parameter},
    {MP_SUB_E, errc::illegal_parameter},
    {MP_ADD_E, errc::illegal_parameter},
    {MP_MUL_E, errc::illegal_parameter},
    {MP_MULMOD_E, errc::illegal_parameter},
    {MP_MOD_E, errc::illegal_parameter},
    {MP_INVMOD_E, errc::illegal_parameter},
    {MP_CMP_E, errc::illegal_parameter},
    {MP_ZERO_E, errc::illegal_parameter},
    {RSA_WRONG_TYPE_E, errc::bad_handshake_signature},
    {ALGO_ID_E, errc::illegal_parameter},
    {ECC_BAD_ARG_E, errc::illegal_parameter},
    {IS_POINT_E, errc::illegal_parameter},
    {ECC_INF_E, errc::illegal_parameter},
    {ECC_OUT_OF_RANGE_E, errc::illegal_parameter},
    {SIG_TYPE_E, errc::illegal_parameter},
    {HASH_TYPE_E, errc::illegal_parameter},
    {WC_KEY_SIZE_E, errc::illegal_parameter},
    {PSK_KEY_ERROR, errc::illegal_parameter},
    {ECC_PEERKEY_ERROR, errc::illegal_parameter},
    {ECC_SHARED_ERROR, errc::illegal_parameter},
    {BAD_KEA_TYPE_E, errc::illegal_parameter},
    {UNKNOWN_SNI_HOST_NAME_E, errc::illegal_parameter},
    {UNKNOWN_MAX_FRAG_LEN_E, errc::illegal_parameter},
    {SECURE_RENEGOTIATION_E, errc::illegal_parameter},
    {SNI_UNSUPPORTED, errc::illegal_parameter},
    {INVALID_CERT_CTX_E, errc::illegal_parameter},
    {MISSING_HANDSHAKE_DATA, errc::illegal_parameter},
    {BAD_BINDER, errc::illegal_parameter},
    {HRR_COOKIE_ERROR, errc::illegal_parameter},
    // lengths
    {BAD_LENGTH_E, errc::decode_error},
    {SESSION_TICKET_LEN_E, errc::decode_error},
    {BAD_TICKET_MSG_SZ, errc::decode_error},
    {SESSION_TICKET_NONCE_OVERFLOW, errc::decode_error},
    {INPUT_SIZE_E, errc::record_overflow},
    // what should not come, or not as often
    {NO_PEER_VERIFY, errc::unexpected_message},
    {ALERT_COUNT_E, errc::flooded},
    {EMPTY_RECORD_LIMIT_E, errc::flooded},
    {APP_DATA_READY, errc::unexpected_message},
    {AES_GCM_OVERFLOW_E, errc::bad_record_mac},
    {CHACHA_POLY_OVERFLOW, errc::bad_record_mac},
    // ours
    {MP_MEM, errc::out_of_memory},
    {MP_INIT_E, errc::out_of_memory},
    {CTX_INIT_MUTEX_E, errc::out_of_memory},
    {BAD_MUTEX_E, errc::out_of_memory},
    {WC_INIT_E, errc::out_of_memory},
    {MISSING_RNG_E, errc::rng_failure},
    {ENTROPY_RT_E, errc::rng_failure},
    {ENTROPY_APT_E, errc::rng_failure},
    {PRF_MISSING, errc::unsupported},
    {NO_PRIVATE_KEY, errc::bad_configuration},
};

} // namespace wolfssl_setup

TWINTLS_DECL native_code wolfssl_classify(std::int32_t code) noexcept {
    auto const known = native_code_table<wolfssl_setup::codes>::find(code);
    return known ? *known : native_code{code, nullptr, meaning_in(wolfssl_setup::rare_codes, code)};
}

TWINTLS_DECL std::span<native_code const> wolfssl_codes() noexcept { return wolfssl_setup::codes; }

} // namespace tls::detail

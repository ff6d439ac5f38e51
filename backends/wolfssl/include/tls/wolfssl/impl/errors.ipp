// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/wolfssl/errors.hpp>
#include <tls/wolfssl/impl/native.hpp>

namespace tls::detail {

TWINTLS_DECL errc wolfssl_classify(std::int32_t code) noexcept {
    switch (code) {
    // certificates
    case ASN_NO_SIGNER_E: return errc::untrusted;
    case ASN_SELF_SIGNED_E: return errc::self_signed;
    case ASN_AFTER_DATE_E: return errc::expired;
    case ASN_BEFORE_DATE_E: return errc::not_yet_valid;
    case DOMAIN_NAME_MISMATCH:
    case IPADDR_MISMATCH: return errc::name_mismatch;
    case ASN_SIG_CONFIRM_E:
    case ASN_SIG_HASH_E: return errc::bad_signature;
    case CRL_CERT_REVOKED:
    case OCSP_CERT_REVOKED: return errc::revoked;
    case CRL_MISSING:
    case CRL_CERT_DATE_ERR:
    case OCSP_CERT_UNKNOWN:
    case OCSP_LOOKUP_FAIL: return errc::revocation_unknown;
    case RSA_KEY_SIZE_E:
    case ECC_KEY_SIZE_E:
    case DH_KEY_SIZE_E:
    case ASN_UNKNOWN_OID_E: return errc::weak_key;
    case KEYUSE_SIGNATURE_E:
    case KEYUSE_ENCIPHER_E:
    case KEYUSAGE_E: return errc::bad_key_usage;
    case EXTKEYUSE_AUTH_E:
    case EXTKEYUSAGE_E: return errc::bad_extended_key_usage;
    case NOT_CA_ERROR: return errc::not_a_ca;
    case ASN_PATHLEN_SIZE_E:
    case ASN_PATHLEN_INV_E: return errc::path_too_long;
    case ASN_NAME_INVALID_E: return errc::name_constraint;
    case ASN_CRIT_EXT_E: return errc::critical_extension;
    case ASN_PARSE_E:
    case ASN_EXPECT_0_E:
    case ASN_DATE_SZ_E:
    case ASN_VERSION_E: return errc::malformed_certificate;
    case MAX_CHAIN_ERROR: return errc::chain_too_long;
    case NO_PEER_CERT: return errc::no_peer_certificate;

    // negotiation
    case VERSION_ERROR:
    case UNSUPPORTED_PROTO_VERSION: return errc::no_common_version;
    case MATCH_SUITE_ERROR:
    case UNSUPPORTED_SUITE: return errc::no_common_suite;
    case KEY_SHARE_ERROR:
    case BAD_KEY_SHARE_DATA:
    case ECC_CURVE_ERROR:
    case ECC_CURVETYPE_ERROR: return errc::no_common_group;
    case UNKNOWN_ALPN_PROTOCOL_NAME_E: return errc::alpn_mismatch;

    // records and messages
    case VERIFY_MAC_ERROR:
    case DECRYPT_ERROR:
    case AES_GCM_AUTH_E:
    case AES_CCM_AUTH_E:
    case MAC_CMP_FAILED_E: return errc::bad_record_mac;
    case OUT_OF_ORDER_E:
    case SANITY_MSG_E:
    case DUPLICATE_MSG_E:
    case UNKNOWN_HANDSHAKE_TYPE:
    case UNKNOWN_RECORD_TYPE:
    case NO_CHANGE_CIPHER_E: return errc::unexpected_message;
    case BUFFER_ERROR:
    case PARSE_ERROR:
    case DECODE_E:
    case INCOMPLETE_DATA: return errc::decode_error;
    case INVALID_PARAMETER:
    case EXT_NOT_ALLOWED:
    case EXT_MISSING:
    case UNSUPPORTED_EXTENSION:
    case DUPLICATE_TLS_EXT_E:
    case BAD_HELLO: return errc::illegal_parameter;
    case LENGTH_ERROR:
    case HANDSHAKE_SIZE_ERROR: return errc::record_overflow;
    case VERIFY_SIGN_ERROR:
    case VERIFY_CERT_ERROR:
    case VERIFY_FINISHED_ERROR: return errc::bad_handshake_signature;

    // ours
    case MEMORY_E:
    case MEMORY_ERROR: return errc::out_of_memory;
    case RNG_FAILURE_E:
    case OPEN_RAN_E:
    case READ_RAN_E:
    case WINCRYPT_E:
    case CRYPTGEN_E:
    case RAN_BLOCK_E: return errc::rng_failure;
    case NOT_COMPILED_IN: return errc::unsupported;
    case BAD_FUNC_ARG: return errc::bad_configuration;
    default: return errc::internal;
    }
}

} // namespace tls::detail

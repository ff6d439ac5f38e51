// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

/// Every error code that a library's own headers define is classified, or here with the reason why no connection and
/// no configuration can see it.
namespace parity::native_codes_cases {
namespace {

#if !defined(TESTS_WOLFSSL_HEADERS) // libraries of the system: its headers may be of another build
#    define TESTS_WOLFSSL_HEADERS ""
#    define TESTS_MBEDTLS_HEADERS ""
#endif

/// Codes that nothing of ours can cause, by the beginning of their names or, with a `$` at the end, by the whole.
struct unreachable {
    std::vector<std::string> names;
    char const* why;
};

unreachable const of_wolfssl[] = {
    {{"WC_FAILURE$", "MAX_CODE_E$", "MIN_CODE_E$", "WC_FIRST_E$", "WC_LAST_E$", "WC_SPAN", "WOLFSSL_FIRST_E$",
      "WOLFSSL_LAST_E$"},
     "no codes, but ends of the list"},
    {{"WOLFSSL_FATAL_ERROR$", "WOLFSSL_ERROR_WANT_", "WOLFSSL_ERROR_ZERO_RETURN_E$", "WANT_READ$", "WANT_WRITE$",
      "ZERO_RETURN$", "MP_WOULDBLOCK$", "WC_PENDING_E$", "WC_NO_PENDING_E$", "NOT_READY_ERROR$", "LENGTH_ONLY_E$"},
     "no failures: the engine turns them into waiting and ends"},
    {{"WOLFSSL_CBIO_ERR_"}, "what a transport's callback answers to wolfSSL"},
    {{"FIPS_",
      "ML_KEM_",
      "ML_DSA_",
      "MLDSA_",
      "MLKEM_",
      "LMS_",
      "XMSS_",
      "SLH_DSA_",
      "FALCON_",
      "KDF_",
      "SAKKE_",
      "IN_CORE_FIPS_E$",
      "AES_KAT_FIPS_E$",
      "DES3_KAT_FIPS_E$",
      "HMAC_KAT_FIPS_E$",
      "RSA_KAT_FIPS_E$",
      "DRBG_",
      "AESGCM_KAT_FIPS_E$",
      "AESCCM_KAT_FIPS_E$",
      "SHA3_KAT_FIPS_E$",
      "ECDHE_KAT_FIPS_E$",
      "ECC_CDH_KAT_FIPS_E$",
      "RSAPSS_PAT_FIPS_E$",
      "ECDSA_PAT_FIPS_E$",
      "ECDSA_KAT_FIPS_E$",
      "RSA_PAT_FIPS_E$",
      "DH_KAT_FIPS_E$",
      "ED25519_KAT_FIPS_E$",
      "ED448_KAT_FIPS_E$",
      "PBKDF2_KAT_FIPS_E$",
      "HMAC_MIN_KEYLEN_E$",
      "ECC_PCT_E$",
      "DHE_PCT_E$",
      "RSA_KEY_PAIR_E$"},
     "modules for FIPS and post-quantum keys, which are not built"},
    {{"AES_EAX_AUTH_E$",
      "AES_SIV_AUTH_E$",
      "SM4_",
      "ASCON_",
      "AES_CCM_OVERFLOW_E$",
      "SRP_",
      "PKCS7_",
      "WC_PKCS7_",
      "BAD_KEYWRAP_",
      "COMPRESS_",
      "DECOMPRESS_",
      "ZLIB_",
      "PUF_",
      "KEY_EXHAUSTED_E$",
      "ASN_DH_KEY_E$",
      "DH_CHECK_PUB_E$",
      "DH_CHECK_PRIV_E$",
      "NO_DH_PARAMS$",
      "DH_PARAMS_NOT_FFDHE_E$",
      "PRIME_GEN_E$"},
     "algorithms that are not built, or not offered"},
    {{"ASYNC_",
      "WC_HW_",
      "WC_AFALG_",
      "WC_DEVCRYPTO_",
      "CRYPTOCB_",
      "PROTOCOLCB_",
      "NO_VALID_DEVID$",
      "USE_HW_PSK$",
      "TSIP_",
      "WC_ACCEL_",
      "THREAD_STORE_",
      "VAR_STATE_CHANGE_E$",
      "DEADLOCK_AVERTED_E$",
      "BUSY_E$",
      "ALREADY_E$",
      "INTERRUPTED_E$",
      "BAD_ALIGN_E$",
      "WC_TIMEOUT_E$",
      "SYSLIB_FAILED_E$",
      "IO_FAILED_E$"},
     "hardware, asynchronous and other builds than ours"},
    {{"DATE_E$", "SUBJECT_E$", "ISSUER_E$", "CA_TRUE_E$", "EXTENSIONS_E$", "PUBLIC_KEY_E$", "ALT_NAME_E$",
      "REQ_ATTRIBUTE_E$", "SKID_E$", "AKID_E$", "CERTPOLICIES_E$", "ASN_COUNTRY_SIZE_E$", "ASN_NO_SKID$",
      "ASN_NO_AKID$", "ASN_NO_KEYUSAGE$"},
     "making certificates, which a client does not"},
    {{"ASN_CRL_", "ASN_OCSP_", "BAD_OCSP_RESPONDER$", "OCSP_NEED_URL$", "OCSP_INVALID_STATUS$", "OCSP_WANT_READ$",
      "HTTP_", "MONITOR_SETUP_E$", "BAD_PATH_ERROR$", "THREAD_CREATE_E$"},
     "revocation is not asked of the library"},
    {{"ASN_NO_PEM_HEADER$", "NO_PASSWORD$", "UNICODE_SIZE_E$", "WOLFSSL_PEM_", "WOLFSSL_ASN1_", "WOLFSSL_EVP_",
      "WOLFSSL_BAD_", "WOLFSSL_NOT_IMPLEMENTED$", "WOLFSSL_UNKNOWN$", "WOLFSSL_ALPN_NOT_FOUND$", "FREAD_ERROR$",
      "FWRITE_ERROR$", "WC_KEY_MISMATCH_E$", "WOLFSSL_ERROR_SYSCALL_E$", "CRYPTO_POLICY_FORBIDDEN$",
      "CACHE_MATCH_ERROR$", "BAD_CERT_MANAGER_ERROR$"},
     "configuration: files and passwords are ours, and loading names its own reasons"},
    {{"DTLS_", "QUIC_", "SCR_", "GEN_COOKIE_E$", "COOKIE_ERROR$", "SEQUENCE_ERROR$", "MCAST_HIGHWATER_CB_E$",
      "WRITE_DUP_", "ECH_REQUIRED_E$", "TOO_MUCH_EARLY_DATA$", "TCA_", "SESSION_SECRET_CB_E$", "SOCKET_FILTERED_E$"},
     "protocols and extensions that are not used"},
    {{"CLIENT_ID_ERROR$", "SNI_ABSENT_ERROR$", "BAD_TICKET_KEY_CB_SZ$", "BAD_TICKET_ENCRYPT$", "NO_CERT_ERROR$"},
     "a server's"},
    {{"GETTIME_ERROR$", "GETITIMER_ERROR$", "SIGACT_ERROR$", "SETITIMER_ERROR$", "SOCKET_NODATA$", "RECV_OVERFLOW_E$",
      "SEND_OOB_READ_E$", "SSL_SHUTDOWN_ALREADY_DONE_E$", "TLS13_SECRET_CB_E$", "CLIENT_CERT_CB_ERROR$",
      "DUPE_ENTRY_E$", "SUITES_ERROR$"},
     "our callbacks do not answer so"},
    {{"INPUT_CASE_ERROR$", "PREFIX_ERROR$", "ENCRYPT_ERROR$", "RSA_PRIVATE_ERROR$", "BUILD_MSG_ERROR$",
      "ECC_MAKEKEY_ERROR$", "ECC_EXPORT_ERROR$", "RSA_SIGN_FAULT$", "ECC_PRIV_KEY_E$", "ECC_PRIVATEONLY_E$",
      "BAD_STATE_E$", "BAD_COND_E$", "WC_CLEANUP_E$", "MISSING_IV$", "MISSING_KEY$", "BAD_INDEX_E$", "SEQ_OVERFLOW_E$",
      "SEQUENCE_NUMBER_E$"},
     "a fault of the library or its computer, and nobody else's: internal is what it is"},
};

unreachable const of_mbedtls[] = {
    {{"MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS$", "MBEDTLS_ERR_SSL_WANT_", "MBEDTLS_ERR_SSL_ASYNC_IN_PROGRESS$",
      "MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY$", "MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET$", "MBEDTLS_ERR_SSL_TIMEOUT$",
      "MBEDTLS_ERR_SSL_NON_FATAL$", "MBEDTLS_ERR_SSL_CONTINUE_PROCESSING$", "MBEDTLS_ERR_ECP_IN_PROGRESS$"},
     "no failures: the engine turns them into waiting and ends"},
    {{"MBEDTLS_ERR_SSL_CANNOT_", "MBEDTLS_ERR_SSL_RECEIVED_EARLY_DATA$", "MBEDTLS_ERR_SSL_EARLY_MESSAGE$",
      "MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED$", "MBEDTLS_ERR_SSL_CLIENT_RECONNECT$", "MBEDTLS_ERR_SSL_UNEXPECTED_CID$",
      "MBEDTLS_ERR_SSL_VERSION_MISMATCH$", "MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO$"},
     "early data, DTLS and renegotiation, which are not used"},
    {{"MBEDTLS_ERR_SSL_CACHE_ENTRY_NOT_FOUND$", "MBEDTLS_ERR_SSL_SESSION_TICKET_EXPIRED$"}, "a server's"},
    {{"MBEDTLS_ERR_ARIA_", "MBEDTLS_ERR_CAMELLIA_", "MBEDTLS_ERR_DES_", "MBEDTLS_ERR_DHM_", "MBEDTLS_ERR_LMS_",
      "MBEDTLS_ERR_HMAC_DRBG_", "MBEDTLS_ERR_PKCS7_", "MBEDTLS_ERR_HKDF_"},
     "algorithms that are not built, or not offered"},
    {{"MBEDTLS_ERR_PEM_", "MBEDTLS_ERR_PKCS5_", "MBEDTLS_ERR_PKCS12_", "MBEDTLS_ERR_PK_PASSWORD_",
      "MBEDTLS_ERR_BASE64_", "MBEDTLS_ERR_CIPHER_INVALID_PADDING$"},
     "configuration: files and passwords are ours, and loading names its own reasons"},
    {{"MBEDTLS_ERR_NET_", "MBEDTLS_ERR_PK_FILE_IO_ERROR$", "MBEDTLS_ERR_X509_FILE_IO_ERROR$",
      "MBEDTLS_ERR_MD_FILE_IO_ERROR$", "MBEDTLS_ERR_MPI_FILE_IO_ERROR$", "MBEDTLS_ERR_CTR_DRBG_FILE_IO_ERROR$",
      "MBEDTLS_ERR_ENTROPY_FILE_IO_ERROR$", "MBEDTLS_ERR_MPI_INVALID_CHARACTER$"},
     "the library's own files, sockets and texts, which are not used"},
    {{"MBEDTLS_ERR_SSL_HW_ACCEL_", "MBEDTLS_ERR_PLATFORM_HW_ACCEL_FAILED$"}, "hardware that is not there"},
    {{"MBEDTLS_ERR_AES_", "MBEDTLS_ERR_GCM_", "MBEDTLS_ERR_CCM_", "MBEDTLS_ERR_CHACHA20_", "MBEDTLS_ERR_CHACHAPOLY_",
      "MBEDTLS_ERR_POLY1305_", "MBEDTLS_ERR_CIPHER_", "MBEDTLS_ERR_MD_BAD_INPUT_DATA$", "MBEDTLS_ERR_SHA",
      "MBEDTLS_ERR_THREADING_", "MBEDTLS_ERR_ERROR_", "MBEDTLS_ERR_SSL_INTERNAL_ERROR$",
      "MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL$", "MBEDTLS_ERR_SSL_COUNTER_WRAPPING$", "MBEDTLS_ERR_RSA_KEY_GEN_FAILED$",
      "MBEDTLS_ERR_RSA_PRIVATE_FAILED$", "MBEDTLS_ERR_PK_BUFFER_TOO_SMALL$"},
     "a fault of the library or its computer, and nobody else's: internal is what it is"},
    {{"PSA_ERROR_"}, "what PSA answers to Mbed TLS about its own store, services and arguments"},
};

bool fits(std::string const& name, std::string const& pattern) {
    if (pattern.ends_with('$')) return name == pattern.substr(0, pattern.size() - 1);
    return name.starts_with(pattern);
}

/// The names and numbers that a library's headers define.
using defined_codes = std::map<std::string, int>;

void read_header(std::filesystem::path const& file, char const* pattern, defined_codes& into) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    std::string const content = text.str();
    std::regex const line(pattern);
    for (std::sregex_iterator at(content.begin(), content.end(), line), end; at != end; ++at)
        into.emplace((*at)[1].str(), std::stoi((*at)[2].str(), nullptr, 0));
}

defined_codes codes_of(tls::wolfssl) {
    std::filesystem::path const folder = TESTS_WOLFSSL_HEADERS;
    defined_codes all;
    constexpr char const* value = R"(\b([A-Z][A-Z0-9a-z_]+)\s*=\s*(-\d+)\b)";
    for (char const* const file : {"error-ssl.h", "wolfcrypt/error-crypt.h"}) read_header(folder / file, value, all);
    return all;
}

defined_codes codes_of(tls::mbedtls) {
    std::filesystem::path const folder = TESTS_MBEDTLS_HEADERS;
    defined_codes all;
    for (auto const& entry : std::filesystem::directory_iterator(folder / "mbedtls"))
        read_header(entry.path(), R"(#define\s+(MBEDTLS_ERR_\w+)\s+(-0x[0-9A-Fa-f]+))", all);
    read_header(
        folder / "psa" / "crypto_values.h", R"(#define\s+(PSA_ERROR_\w+)\s+\(\(psa_status_t\)\s*(-\d+)\))", all);
    return all;
}

errc meaning(tls::wolfssl, int code) { return tls::detail::wolfssl_classify(code).meaning; }
errc meaning(tls::mbedtls, int code) { return tls::detail::mbedtls_classify(code).meaning; }

template <class B> constexpr std::span<unreachable const> exceptions() {
    if constexpr (std::is_same_v<B, tls::wolfssl>)
        return of_wolfssl;
    else
        return of_mbedtls;
}

} // namespace

PARITY_CASE("native codes: each one of the library's headers is classified, or nobody can see it", backends, B) {
    if (std::string_view(TESTS_WOLFSSL_HEADERS).empty()) {
        MESSAGE("SKIPPED: the libraries were not built here");
        return;
    }
    auto const defined = codes_of(B{});
    CHECK(defined.size() > 150);
    std::map<std::string, int> used;
    for (auto const& [name, number] : defined) {
        CAPTURE(name);
        CAPTURE(number);
        std::string why;
        for (unreachable const& group : exceptions<B>())
            for (std::string const& pattern : group.names)
                if (fits(name, pattern)) {
                    why = group.why;
                    ++used[pattern];
                }
        CHECK((meaning(B{}, number) != errc::internal || !why.empty()));
    }
    for (unreachable const& group : exceptions<B>())
        for (std::string const& pattern : group.names) CHECK_MESSAGE(used[pattern] != 0, pattern, " is in no header");
}

} // namespace parity::native_codes_cases

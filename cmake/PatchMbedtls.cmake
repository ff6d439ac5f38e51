# SPDX-License-Identifier: Apache-2.0
# cmake -D SOURCE_DIR=<Mbed TLS tree> -P PatchMbedtls.cmake
#
# With TWINTLS_MBEDTLS_LEAF_ONLY defined, a client that does not let the library verify (MBEDTLS_SSL_VERIFY_NONE) has it
# read the server's own certificate only, and leave critical extensions to whoever judges the chain.
#
# Why: twintls judges the list as it was sent. Mbed TLS 3.6 ends the handshake over any certificate beside the path that
# it cannot read, and over every critical nameConstraints extension, which public authorities use; there is no supported
# way to give the handshake an extension callback (upstream: Mbed-TLS/mbedtls issues 7182 and 8759). Parsing becomes laxer and nothing else changes: no certificate that was
# not read is used for anything. Whoever else links this build and verifies for himself after MBEDTLS_SSL_VERIFY_NONE gets the server's
# own certificate only.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/TwintlsPatch.cmake")

twintls_replace_once("${SOURCE_DIR}/library/ssl_misc.h" "#endif /* ssl_misc.h */" [==[
#if defined(TWINTLS_MBEDTLS_LEAF_ONLY) && defined(MBEDTLS_X509_CRT_PARSE_C)
static inline int twintls_leave_extension(void *context, mbedtls_x509_crt const *certificate,
                                          mbedtls_x509_buf const *id, int critical,
                                          const unsigned char *begin, const unsigned char *end)
{
    (void) context; (void) certificate; (void) id; (void) critical; (void) begin; (void) end;
    return 0;
}

static inline int twintls_read_certificate(const mbedtls_ssl_context *ssl, mbedtls_x509_crt *chain,
                                           const unsigned char *der, size_t size)
{
    if (ssl->conf->endpoint != MBEDTLS_SSL_IS_CLIENT || ssl->conf->authmode != MBEDTLS_SSL_VERIFY_NONE) {
        return mbedtls_x509_crt_parse_der(chain, der, size);
    }
    if (chain->version != 0) {
        return 0;
    }
    return mbedtls_x509_crt_parse_der_with_ext_cb(chain, der, size, 1, twintls_leave_extension, NULL);
}
#define TWINTLS_LEAST_CERTIFICATE 1
#elif defined(MBEDTLS_X509_CRT_PARSE_C)
#define TWINTLS_LEAST_CERTIFICATE 128
#define twintls_read_certificate(ssl, chain, der, size) mbedtls_x509_crt_parse_der(chain, der, size)
#endif

#endif /* ssl_misc.h */]==])
twintls_replace_once("${SOURCE_DIR}/library/ssl_tls.c"
    "mbedtls_x509_crt_parse_der(chain, ssl->in_msg + i, n)"
    "twintls_read_certificate(ssl, chain, ssl->in_msg + i, n)")
# Fewer than 128 bytes in the place of a certificate ended the handshake: RFC 8446 section 4.4.2 knows no such limit.
twintls_replace_once("${SOURCE_DIR}/library/ssl_tls.c" "if (n < 128 ||" "if (n < TWINTLS_LEAST_CERTIFICATE ||")
twintls_replace_once("${SOURCE_DIR}/library/ssl_tls13_generic.c"
    "if ((cert_data_len < 128) ||" "if ((cert_data_len < TWINTLS_LEAST_CERTIFICATE) ||")
twintls_replace_once("${SOURCE_DIR}/library/ssl_tls13_generic.c"
    "mbedtls_x509_crt_parse_der(ssl->session_negotiate->peer_cert,"
    "twintls_read_certificate(ssl, ssl->session_negotiate->peer_cert,")

# Where memory runs out while keys are made, the parts of a transform were lost, and keys in them not wiped. Not reported upstream yet.
foreach(transform IN ITEMS handshake application)
    twintls_replace_once("${SOURCE_DIR}/library/ssl_tls13_keys.c" "mbedtls_free(transform_${transform});"
        "mbedtls_ssl_transform_free(transform_${transform}); mbedtls_free(transform_${transform});")
endforeach()

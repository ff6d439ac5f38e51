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

set(tls "${SOURCE_DIR}/library/ssl_tls.c")
set(tls12_client "${SOURCE_DIR}/library/ssl_tls12_client.c")
set(tls13_generic "${SOURCE_DIR}/library/ssl_tls13_generic.c")

twintls_change("${SOURCE_DIR}/library/ssl_misc.h" "" "#endif /* ssl_misc.h */" BEFORE [==[
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

#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
static inline int twintls_may_sign(const mbedtls_ssl_context *ssl, uint16_t scheme)
{
    return ssl->conf->twintls_may_sign == NULL || ssl->conf->twintls_may_sign(ssl->p_bio, scheme);
}
#else
#define twintls_may_sign(ssl, scheme) 1
#endif

#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES) && defined(MBEDTLS_SSL_PROTO_TLS1_2)
/* The first of the server's schemes that was offered, fits our key, and whose hash of the handshake is at hand; else 0. */
static inline uint16_t twintls_choose_scheme(mbedtls_ssl_context *ssl, const unsigned char *list, size_t size)
{
    for (size_t i = 0; i + 1 < size; i += 2) {
        const uint16_t scheme = MBEDTLS_GET_UINT16_BE(list, i);
        mbedtls_pk_type_t key = MBEDTLS_PK_NONE;
        mbedtls_md_type_t hash = MBEDTLS_MD_NONE;
        if (mbedtls_ssl_sig_alg_is_offered(ssl, scheme) && twintls_may_sign(ssl, scheme) &&
            mbedtls_ssl_get_pk_type_and_md_alg_from_sig_alg(scheme, &key, &hash) == 0 &&
            (hash == MBEDTLS_MD_SHA256 || hash == MBEDTLS_MD_SHA384) &&
            mbedtls_pk_can_do(mbedtls_ssl_own_key(ssl), key)) {
            return scheme;
        }
    }
    return 0;
}

static inline int twintls_sign(mbedtls_ssl_context *ssl, uint16_t scheme, mbedtls_pk_context *own, mbedtls_md_type_t hash,
                               const unsigned char *digest, size_t digest_size, unsigned char *signature, size_t room,
                               size_t *size, int (*rng)(void *, unsigned char *, size_t), void *rng_context,
                               mbedtls_pk_restart_ctx *restart)
{
    mbedtls_pk_type_t key = MBEDTLS_PK_NONE;
    mbedtls_md_type_t same = MBEDTLS_MD_NONE;
#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
    if (ssl->conf->twintls_sign != NULL) {
        return ssl->conf->twintls_sign(ssl->p_bio, scheme, digest, mbedtls_md_get_size_from_type(hash), signature, room, size);
    }
#else
    (void) ssl;
#endif
    if (mbedtls_ssl_get_pk_type_and_md_alg_from_sig_alg(scheme, &key, &same) == 0 && key == MBEDTLS_PK_RSASSA_PSS) {
        return mbedtls_pk_sign_ext(key, own, hash, digest, mbedtls_md_get_size_from_type(hash), signature, room, size,
                                   rng, rng_context);
    }
    return mbedtls_pk_sign_restartable(own, hash, digest, digest_size, signature, room, size, rng, rng_context, restart);
}
#endif

]==])
twintls_change("${tls}" "" "mbedtls_x509_crt_parse_der(chain, ssl->in_msg + i" INSTEAD "twintls_read_certificate(ssl, chain, ssl->in_msg + i")
# Fewer than 128 bytes in the place of a certificate ended the handshake: RFC 8446 section 4.4.2 knows no such limit.
twintls_change("${tls}" "" "if (n < 128 ||" INSTEAD "if (n < TWINTLS_LEAST_CERTIFICATE ||")
twintls_change("${tls13_generic}" "" "if ((cert_data_len < 128)" INSTEAD "if ((cert_data_len < TWINTLS_LEAST_CERTIFICATE)")
twintls_change("${tls13_generic}" "" "mbedtls_x509_crt_parse_der(" INSTEAD "twintls_read_certificate(ssl, ")

# Where memory runs out while keys are made, the parts of a transform were lost, and keys in them not wiped. Not reported upstream yet.
foreach(transform IN ITEMS handshake application)
    twintls_change("${SOURCE_DIR}/library/ssl_tls13_keys.c" "" "mbedtls_free(transform_${transform});" BEFORE
        "mbedtls_ssl_transform_free(transform_${transform}); ")
endforeach()

# With TWINTLS_MBEDTLS_SIGNATURE_SCHEMES defined, a client offers the list it was given, RSA-PSS in a hello for TLS 1.2
# alone too, and under TLS 1.2 signs with what the server's request asks for: Mbed TLS 3.6 takes the hash of the suite and
# PKCS#1 v1.5, whatever the request says. Both running hashes are kept for that where there is a certificate of our own.
twintls_change("${tls}" "" "if (!mbedtls_ssl_sig_alg_is_supported(ssl, *sig_alg))" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
        if (ssl->conf->endpoint != MBEDTLS_SSL_IS_CLIENT)
#endif
        ]==])
twintls_change("${tls}" "" "((void) ciphersuite_info);" AFTER [==[

#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
    if (ssl->conf->endpoint == MBEDTLS_SSL_IS_CLIENT && ssl->tls_version == MBEDTLS_SSL_VERSION_TLS1_2 &&
        mbedtls_ssl_own_cert(ssl) != NULL) {
        return;
    }
#endif]==])
twintls_change("${tls12_client}" "" "n += 2 + sig_alg_len;" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
    if (mbedtls_ssl_own_cert(ssl) != NULL && mbedtls_ssl_own_key(ssl) != NULL) {
        const uint16_t chosen = twintls_choose_scheme(ssl, buf + mbedtls_ssl_hs_hdr_len(ssl) + 3 + n, sig_alg_len);
        ssl->handshake->received_sig_algs[0] = chosen;
        if (chosen == 0) {
            mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
            return MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE;
        }
    }
#endif
    ]==])
twintls_change("${tls12_client}" "" "ret = ssl->handshake->calc_verify(ssl, hash, &hashlen);" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
    const uint16_t scheme = ssl->handshake->received_sig_algs[0];
    mbedtls_pk_type_t scheme_key = MBEDTLS_PK_NONE;
    mbedtls_md_type_t scheme_hash = MBEDTLS_MD_NONE;
    if ((ret = mbedtls_ssl_get_pk_type_and_md_alg_from_sig_alg(scheme, &scheme_key, &scheme_hash)) != 0 ||
        (ret = mbedtls_ssl_set_calc_verify_md(ssl, scheme_hash == MBEDTLS_MD_SHA384 ? MBEDTLS_SSL_HASH_SHA384
                                                                                    : MBEDTLS_SSL_HASH_SHA256)) != 0) {
        return ret;
    }
#endif
    ]==])
twintls_change("${tls12_client}" "" "/* Info from md_alg will be used instead */" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
    md_alg = scheme_hash;
    MBEDTLS_PUT_UINT16_BE(scheme, ssl->out_msg, 4);
#endif
    ]==])
twintls_change("${tls12_client}" "" "if ((ret = mbedtls_pk_sign_restartable(" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_SIGNATURE_SCHEMES)
#define mbedtls_pk_sign_restartable(...) twintls_sign(ssl, scheme, __VA_ARGS__)
#endif
    ]==])

# With TWINTLS_MBEDTLS_EXTERNAL_SIGNER defined, a configuration may name a function that makes a client's signature, from the digest,
# and one that says with which schemes; they get the pointer that was given to mbedtls_ssl_set_bio. The key of the configuration is then a
# public one.
#
# Why: Mbed TLS 3.6 has a key outside of its memory only for RSA with PKCS#1 v1.5 (MBEDTLS_PK_RSA_ALT), and for PSA keys in builds
# with MBEDTLS_USE_PSA_CRYPTO, which makes every other handshake dearer.
twintls_change("${SOURCE_DIR}/include/mbedtls/ssl.h" "struct mbedtls_ssl_config {" "mbedtls_ssl_user_data_t MBEDTLS_PRIVATE(user_data);" AFTER [==[


#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
    int (*MBEDTLS_PRIVATE(twintls_sign))(void *bio, uint16_t scheme, const unsigned char *digest, size_t digest_size,
                                         unsigned char *signature, size_t room, size_t *size);
    int (*MBEDTLS_PRIVATE(twintls_may_sign))(void *bio, uint16_t scheme); /* NULL: all */
#endif]==])
twintls_change("${tls13_generic}" "" "!mbedtls_ssl_tls13_sig_alg_for_cert_verify_is_supported(*sig_alg)" AFTER
    " || !twintls_may_sign(ssl, *sig_alg)")
twintls_change("${tls13_generic}" "" "if ((ret = mbedtls_pk_sign_ext(pk_type, own_key," BEFORE [==[
#if defined(TWINTLS_MBEDTLS_EXTERNAL_SIGNER)
        if (ssl->conf->twintls_sign != NULL) {
            ret = ssl->conf->twintls_sign(ssl->p_bio, *sig_alg, verify_hash, verify_hash_len, p + 4,
                                          (size_t) (end - (p + 4)), &signature_len);
            if (ret != 0) {
                return ret;
            }
            break;
        }
#endif
        ]==])
# With TWINTLS_MBEDTLS_DEFERRED_SIGNATURE defined, that function may answer MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS, and is asked again when the
# handshake goes on. Under TLS 1.2 the message begins with the keys of the connection, which can be made only once.
twintls_change("${SOURCE_DIR}/library/ssl_misc.h" "struct mbedtls_ssl_handshake_params {" "uint8_t resume;" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_DEFERRED_SIGNATURE)
    uint8_t twintls_called_again; /* to write CertificateVerify */
#endif
    ]==])
twintls_change("${tls12_client}" "ssl_ecrs_crt_vrfy_sign) {" "if ((ret = mbedtls_ssl_derive_keys(ssl)) != 0) {" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_DEFERRED_SIGNATURE)
    const uint8_t is_called_again = ssl->handshake->twintls_called_again;
    ssl->handshake->twintls_called_again = 1;
    if (!is_called_again)
#endif
    ]==])

# RFC 8446 section 4.2.2: a HelloRetryRequest may bring a cookie, which no client asks for. Mbed TLS 3.6 refuses what was
# not asked for.
twintls_change("${tls13_generic}" "" "(ssl->handshake->sent_extensions & extension_mask) != 0" AFTER [==[ ||
                (hs_msg_type == MBEDTLS_SSL_TLS1_3_HS_HELLO_RETRY_REQUEST &&
                 extension_mask == MBEDTLS_SSL_EXT_MASK(COOKIE))]==])
# RFC 8446 section 4.2.3: PKCS#1 v1.5 signs no handshake, and a scheme of ECDSA names its curve.
twintls_change("${tls13_generic}" "" "!mbedtls_ssl_sig_alg_is_offered(ssl, algorithm)" AFTER [==[ ||
        !mbedtls_ssl_tls13_sig_alg_for_cert_verify_is_supported(algorithm) ||
        !mbedtls_ssl_tls13_check_sig_alg_cert_key_match(algorithm, &ssl->session_negotiate->peer_cert->pk)]==])
# RFC 8446 section 5.4: the content of a record with its type and padding has at most 2^14 + 1 bytes, and content of 2^14
# bytes fits.
twintls_change("${SOURCE_DIR}/library/ssl_msg.c" "/* Remove inner padding and infer true content type. */" "ssl_parse_inner_plaintext("
    BEFORE "rec->data_len > 16384 + 1 ? -1 : ")
# RFC 8446 section 5: a ChangeCipherSpec is never encrypted; section 5.1: no part of a handshake message is empty.
twintls_change("${SOURCE_DIR}/library/ssl_msg.c" "/* Remove inner padding and infer true content type. */" "if (ret != 0) {" BEFORE
[==[if (ret == 0 && rec->type == MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC)
            return MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE;
        if (ret == 0 && rec->type == MBEDTLS_SSL_MSG_HANDSHAKE && rec->data_len == 0)
            return MBEDTLS_ERR_SSL_INVALID_RECORD;
        ]==])
twintls_change("${tls}" "" "max_len = ((max_len / MBEDTLS_SSL_CID" BEFORE "if (max_len < 16384)\n        ")
# RFC 8446 section 5.1 allows records without content. The core bounds them together with all else that brings no data,
# so the library's own bound, which it reports as a broken record, lies above that.
twintls_change("${SOURCE_DIR}/library/ssl_msg.c" "" "ssl->nb_zero > 3" AFTER " + 252")

# With TWINTLS_MBEDTLS_MAX_FRAGMENT defined, max_fragment_length (RFC 6066 section 4) works in TLS 1.3 as in 1.2: a client that was told so
# asks for it in every hello, knows the answer in EncryptedExtensions as one to its question, and both sides cut handshake messages to what
# was agreed too. Mbed TLS 3.6 asks where TLS 1.2 is offered only, refuses a server of TLS 1.3 that answers, and cuts application data only.
# The parts of a message leave at once: meant for send callbacks that take everything.
twintls_change("${SOURCE_DIR}/library/ssl_client.c" "" "ret = ssl_write_alpn_ext(ssl, p, end, &output_len);" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_MAX_FRAGMENT)
    if (ssl->conf->mfl_code != MBEDTLS_SSL_MAX_FRAG_LEN_NONE) {
        MBEDTLS_SSL_CHK_BUF_PTR(p, end, 5);
        MBEDTLS_PUT_UINT16_BE(MBEDTLS_TLS_EXT_MAX_FRAGMENT_LENGTH, p, 0);
        MBEDTLS_PUT_UINT16_BE(1, p, 2);
        p[4] = ssl->conf->mfl_code;
        p += 5;
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
        mbedtls_ssl_tls13_set_hs_sent_ext_mask(ssl, MBEDTLS_TLS_EXT_MAX_FRAGMENT_LENGTH);
#endif
    }
#endif
    ]==])
twintls_change("${tls12_client}" "static int ssl_write_max_fragment_length_ext(" "if (ssl->conf->mfl_code == MBEDTLS_SSL_MAX_FRAG_LEN_NONE) {"
    BEFORE [==[
#if defined(TWINTLS_MBEDTLS_MAX_FRAGMENT)
    if (ssl->conf->transport != MBEDTLS_SSL_TRANSPORT_DATAGRAM) {
        return 0; /* written where the hello of each version is */
    }
#endif
    ]==])
twintls_change("${tls12_client}" "(\"non-matching max fragment length extension\"));" "return 0;" BEFORE
    "ssl->session_negotiate->mfl_code = buf[0];\n    ")
twintls_change("${SOURCE_DIR}/library/ssl_tls13_client.c" "MBEDTLS_SSL_TLS1_3_ALLOWED_EXTS_OF_EE);" "switch (extension_type) {" AFTER [==[

#if defined(TWINTLS_MBEDTLS_MAX_FRAGMENT)
            case MBEDTLS_TLS_EXT_MAX_FRAGMENT_LENGTH:
                if (extension_data_len != 1 || p[0] != ssl->conf->mfl_code) {
                    MBEDTLS_SSL_PEND_FATAL_ALERT(MBEDTLS_SSL_ALERT_MSG_ILLEGAL_PARAMETER,
                                                 MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER);
                    return MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER;
                }
                ssl->session_negotiate->mfl_code = p[0];
                break;
#endif]==])
twintls_change("${SOURCE_DIR}/library/ssl_msg.c" "" "int mbedtls_ssl_write_handshake_msg_ext(" BEFORE [==[
#if defined(TWINTLS_MBEDTLS_MAX_FRAGMENT)
static int twintls_write_message(mbedtls_ssl_context *ssl, int force_flush)
{
    const unsigned char code = ssl->session_negotiate == NULL ? 0 : ssl->session_negotiate->mfl_code;
    const size_t type = ssl->tls_version == MBEDTLS_SSL_VERSION_TLS1_3 ? 1 : 0; /* RFC 8446 section 5.4: it counts */
    const size_t most = code == MBEDTLS_SSL_MAX_FRAG_LEN_NONE ? MBEDTLS_SSL_OUT_CONTENT_LEN : ((size_t) 256 << code) - type;
    const size_t size = ssl->out_msglen;
    size_t at = 0;
    int ret = 0;
    unsigned char *message;
    if (ssl->out_msgtype != MBEDTLS_SSL_MSG_HANDSHAKE || size <= most) {
        return mbedtls_ssl_write_record(ssl, force_flush);
    }
    message = mbedtls_calloc(1, size);
    if (message == NULL) {
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    }
    memcpy(message, ssl->out_msg, size);
    while (ret == 0 && at < size) {
        const size_t part = size - at < most ? size - at : most;
        memcpy(ssl->out_msg, message + at, part);
        ssl->out_msgtype = MBEDTLS_SSL_MSG_HANDSHAKE;
        ssl->out_msglen = part;
        at += part;
        ret = mbedtls_ssl_write_record(ssl, SSL_FORCE_FLUSH);
    }
    mbedtls_zeroize_and_free(message, size);
    return ret;
}
#else
#define twintls_write_message(ssl, force_flush) mbedtls_ssl_write_record(ssl, force_flush)
#endif

]==])
twintls_change("${SOURCE_DIR}/library/ssl_msg.c" "/* Either send now, or just save to be sent (and resent) later */"
    "mbedtls_ssl_write_record(ssl, force_flush)" INSTEAD "twintls_write_message(ssl, force_flush)")

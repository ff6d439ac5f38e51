# SPDX-License-Identifier: Apache-2.0
# cmake -D SOURCE_DIR=<wolfSSL tree> -P PatchWolfssl.cmake
#
# Inserts `vzeroupper` before the returns of those assembly functions that use ymm or zmm registers and leave their
# upper halves dirty. wolfSSL 5.9.2 lacks it in its P-256/384/521 table look-ups, RSA table look-ups and the Poly1305
# key set-up; the SHA-256 code that runs next mixes encodings and becomes a hundred times slower. Functions that have a
# vzeroupper already are left alone, so a second run, or a release that has fixed this itself, changes nothing.
cmake_minimum_required(VERSION 3.25)

function(mend_file file)
    file(READ "${file}" text)
    # CMake's lists split at semicolons and join at brackets: carry them under other names.
    string(REPLACE "[" "@open@" text "${text}")
    string(REPLACE "]" "@close@" text "${text}")
    string(REPLACE ";" "@semicolon@" text "${text}")
    string(REPLACE "\n" ";" lines "${text}")

    set(result "")
    set(body "")
    set(mended 0)
    foreach(line IN LISTS lines)
        string(APPEND body "${line}\n")
        # A function ends at its .size directive; what stands between two of them is judged as one.
        if(line MATCHES "^[ \t]*\\.size[ \t]")
            if(body MATCHES "%[yz]mm" AND NOT body MATCHES "vzeroupper|vzeroall")
                string(REGEX REPLACE "\n([ \t]*)(repz[ \t]+)?retq?[ \t]*\n" "\n\\1vzeroupper\n\\1\\2retq\n" body "${body}")
                math(EXPR mended "${mended} + 1")
            endif()
            string(APPEND result "${body}")
            set(body "")
        endif()
    endforeach()
    string(APPEND result "${body}")
    string(REGEX REPLACE "\n$" "" result "${result}")
    if(mended GREATER 0)
        string(REPLACE "@open@" "[" result "${result}")
        string(REPLACE "@close@" "]" result "${result}")
        string(REPLACE "@semicolon@" ";" result "${result}")
        file(WRITE "${file}" "${result}")
    endif()
    message(STATUS "${file}: ${mended} functions fixed")
endfunction()

foreach(file IN ITEMS sp_x86_64_asm.S poly1305_asm.S)
    if(EXISTS "${SOURCE_DIR}/wolfcrypt/src/${file}")
        mend_file("${SOURCE_DIR}/wolfcrypt/src/${file}")
    endif()
endforeach()

# With TWINTLS_WOLFSSL_LEAF_ONLY defined, a client whose context has no trust anchors has wolfSSL parse the server's own
# certificate only: the loop over the others is left out.
#
# Why: twintls judges the list as it was sent. wolfSSL ends the handshake over any certificate beside the path that it
# cannot parse, and without anchors there is nothing else it could do with the others. Upstream: wolfSSL/wolfssl pull request
# 11367 proposes a callback that takes over the whole decision, which would also parse them all.
include("${CMAKE_CURRENT_LIST_DIR}/TwintlsPatch.cmake")
set(internal "${SOURCE_DIR}/src/internal.c")
set(tls13 "${SOURCE_DIR}/src/tls13.c")
twintls_change("${internal}" "" "while (args->count > 1\n" INSTEAD "while (args->count > 1 && TwintlsReadsChain(ssl)\n")
twintls_change("${internal}" "" "int ProcessPeerCerts(WOLFSSL* ssl," BEFORE [==[
static int TwintlsReadsChain(WOLFSSL* ssl)
{
#ifdef TWINTLS_WOLFSSL_LEAF_ONLY
    int i;
    int found = 0;
    WOLFSSL_CERT_MANAGER* cm = SSL_CM(ssl);
    if (ssl->options.side != WOLFSSL_CLIENT_END || wc_LockMutex(&cm->caLock) != 0)
        return 1;
    for (i = 0; i < CA_TABLE_SIZE; i++)
        found |= cm->caTable[i] != NULL;
    wc_UnLockMutex(&cm->caLock);
    return found;
#else
    (void)ssl;
    return 1;
#endif
}

]==])

# TwintlsSetSignatureSchemes: what a client offers, accepts and signs with. wolfSSL has such a call only in its OpenSSL
# layer. And a client signs with the key it has, where wolfSSL 5.9.2 looks for a scheme of the kind of key that the TLS 1.2
# suite names, which is the server's.
#
# TwintlsSetSigningSchemes: what a client signs with, where that is less than it accepts, as with a signer outside of the library.
# Without a list it is the same. wolfSSL takes the first of the server's schemes that fits the kind of key.
twintls_change("${SOURCE_DIR}/wolfssl/internal.h" "" "byte   setSuites:1;" INSTEAD "byte   setSuites:2;")
twintls_change("${internal}" "" "int PickHashSigAlgo(WOLFSSL* ssl," BEFORE [==[
WOLFSSL_API int TwintlsSetSignatureSchemes(WOLFSSL_CTX* ctx, const byte* schemes, word16 size);
#define TWINTLS_SET_SCHEMES 2 /* like 1, which stands for suites that were set */
int TwintlsSetSignatureSchemes(WOLFSSL_CTX* ctx, const byte* schemes, word16 size)
{
    if (ctx == NULL || ctx->suites == NULL || schemes == NULL || size > WOLFSSL_MAX_SIGALGO)
        return BAD_FUNC_ARG;
    XMEMCPY(ctx->suites->hashSigAlgo, schemes, size);
    ctx->suites->hashSigAlgoSz = size;
    ctx->suites->setSuites = TWINTLS_SET_SCHEMES;
    return WOLFSSL_SUCCESS;
}

WOLFSSL_API int TwintlsSetSigningSchemes(WOLFSSL_CTX* ctx, const byte* schemes, word16 size);
int TwintlsSetSigningSchemes(WOLFSSL_CTX* ctx, const byte* schemes, word16 size)
{
    if (ctx == NULL || schemes == NULL || size > sizeof(ctx->twintlsSigns))
        return BAD_FUNC_ARG;
    XMEMCPY(ctx->twintlsSigns, schemes, size);
    ctx->twintlsSignsSz = size;
    return WOLFSSL_SUCCESS;
}

static int TwintlsMaySign(WOLFSSL* ssl, const byte* scheme)
{
    word16 i;
    if (ssl->options.side != WOLFSSL_CLIENT_END || ssl->ctx->twintlsSignsSz == 0)
        return 1;
    for (i = 0; i + 1 < ssl->ctx->twintlsSignsSz; i += HELLO_EXT_SIGALGO_SZ) {
        if (XMEMCMP(&ssl->ctx->twintlsSigns[i], scheme, HELLO_EXT_SIGALGO_SZ) == 0)
            return 1;
    }
    return 0;
}

]==])
twintls_change("${internal}" "int PickHashSigAlgo(WOLFSSL* ssl," "if (hashAlgo < minHash)" INSTEAD
    "if (hashAlgo < minHash || !TwintlsMaySign(ssl, &hashSigAlgo[i]))")
twintls_change("${internal}" "int PickHashSigAlgo(WOLFSSL* ssl," "if (ssl->options.sigAlgo == anonymous_sa_algo)" BEFORE
[==[if (ssl->options.side == WOLFSSL_CLIENT_END) {
        if (!IsAtLeastTLSv1_3(ssl->version) && ssl->buffers.keyType != 0)
            ssl->options.sigAlgo = ssl->buffers.keyType;
        if (WOLFSSL_SUITES(ssl)->setSuites == TWINTLS_SET_SCHEMES)
            matchSuites = 1;
    }
    ]==])

# Where memory runs out while the server's certificate is copied, that is the reason, and not what comes of it later.
twintls_change("${internal}" "" "if (copyRet == WC_NO_ERR_TRACE(MEMORY_E)) {" AFTER "\n                        ret = copyRet;")

# A request for a certificate after the handshake, which no client of this build has offered to answer, has a code of its own.
twintls_change("${tls13}" "CertificateRequest received by server" "CertificateRequest received out of order\");" AFTER
[==[

                if (ssl->options.handShakeDone)
                    return POST_HAND_AUTH_ERROR;]==])

# RFC 8446 section 5: a client of TLS 1.3 drops each ChangeCipherSpec inside the handshake; wolfSSL takes one. twintls counts them.
twintls_change("${internal}" "/* Can't appear before CH */" "else {" INSTEAD "else if (ssl->options.side == WOLFSSL_SERVER_END) {")

# TwintlsSetTicketAge() says how long ago the ticket of a TLS 1.3 session was received.
#
# Why: wolfSSL reckons the age that it tells the server (RFC 8446 section 4.2.11.1) from the system's clock, at the moment
# the ticket came and now. A client with a clock of its own goes by that, and only the session object could tell.
twintls_change("${SOURCE_DIR}/src/ssl_sess.c" "" "\nlong wolfSSL_SSL_SESSION_set_timeout(" BEFORE [==[

#if defined(WOLFSSL_TLS13) && defined(HAVE_SESSION_TICKET) && !defined(WOLFSSL_32BIT_MILLI_TIME)
WOLFSSL_API void TwintlsSetTicketAge(WOLFSSL_SESSION* session, long long seconds);
void TwintlsSetTicketAge(WOLFSSL_SESSION* session, long long seconds)
{
    /* The age in seconds is rounded: what differs by less stays as exact as it is. */
    sword64 said = TimeNowInMilliseconds() - (sword64)seconds * 1000;
    sword64 difference = session->ticketSeen - said;
    if (difference > 2000 || difference < -2000)
        session->ticketSeen = said;
}
#endif
]==])

# RFC 7748 section 5: the highest bit of a public value of X25519 is not looked at. wolfSSL refuses a server that sets it.
set(curve25519 "${SOURCE_DIR}/wolfcrypt/src/curve25519.c")
twintls_change("${curve25519}" "int wc_curve25519_check_public(" "if (endian == EC25519_LITTLE_ENDIAN) {" AFTER
[==[

        byte masked[CURVE25519_KEYSIZE];
        XMEMCPY(masked, pub, CURVE25519_KEYSIZE);
        masked[CURVE25519_KEYSIZE - 1] &= 0x7f;
        pub = masked;]==])
twintls_change("${curve25519}" "" "if (public_key->p.point[CURVE25519_KEYSIZE-1] & 0x80)" BEFORE
    "public_key->p.point[CURVE25519_KEYSIZE - 1] &= 0x7f;\n    ")

# RFC 6066 section 3: a server may warn that it does not know the name, before its hello. wolfSSL takes every alert for an error as long
# as TLS 1.3 is not ruled out.
twintls_change("${internal}" "" "static int DoAlert(" BEFORE [==[
static int TwintlsIsEarlyWarning(WOLFSSL* ssl, int level)
{
    return level == alert_warning && ssl->options.side == WOLFSSL_CLIENT_END &&
        ssl->options.serverState < SERVER_HELLO_COMPLETE;
}

]==])
twintls_change("${internal}" "" "code != close_notify && code != user_canceled" BEFORE "!TwintlsIsEarlyWarning(ssl, level) && ")
twintls_change("${internal}" "" "type != user_canceled && type != invalid_alert" BEFORE "!TwintlsIsEarlyWarning(ssl, ret) && ")

# RFC 8446 section 4.1.2: the second ClientHello is the first with another key share. supported_versions keeps its place.
twintls_change("${SOURCE_DIR}/src/tls.c" "" "/* pushes the new extension on the list. */" BEFORE
[==[if (type == TLSX_SUPPORTED_VERSIONS && TLSX_Find(*list, type) != NULL) {
        TLSX** at = list;
        TLSX* old;
        while ((*at)->type != type)
            at = &(*at)->next;
        old = *at;
        extension->next = old->next;
        old->next = NULL;
        *at = extension;
        TLSX_FreeAll(old, heap);
        return 0;
    }
    ]==])

# RFC 8446 section 4.2.3: a scheme of ECDSA names its curve, in what signs a handshake.
twintls_change("${tls13}" "\"Peer sent ECC sig\"" "ssl->peerEccDsaKeyPresent;" AFTER [==[

                if (validSigAlgo) {
                    int size = wc_ecc_size(ssl->peerEccDsaKey);
                    validSigAlgo = ssl->options.peerHashAlgo ==
                        (size <= 32 ? sha256_mac : size <= 48 ? sha384_mac : sha512_mac);
                }]==])

# TwintlsShowMessages() names who is shown the handshake messages of TLS 1.3 as they are decrypted, before wolfSSL goes by them: wolfSSL
# itself shows them to nobody. With no body: one that is longer than wolfSSL takes. A code that is not 0 ends the handshake.
twintls_change("${SOURCE_DIR}/wolfssl/internal.h" "struct WOLFSSL_CTX {" "WOLFSSL_METHOD* method;" AFTER
    "\n    int (*twintlsShow)(void* user, int type, const byte* body, word32 size);\n    byte twintlsSigns[32]; /* see TwintlsSetSigningSchemes */\n    word16 twintlsSignsSz;")

twintls_change("${tls13}" "" "int DoTls13HandShakeMsgType(WOLFSSL* ssl," BEFORE [==[
typedef int (*TwintlsShow)(void* user, int type, const byte* body, word32 size);
WOLFSSL_API void TwintlsShowMessages(WOLFSSL_CTX* ctx, TwintlsShow to);
void TwintlsShowMessages(WOLFSSL_CTX* ctx, TwintlsShow to)
{
    ctx->twintlsShow = to;
}

static int TwintlsShown(WOLFSSL* ssl, int type, const byte* body, word32 size)
{
    if (ssl->ctx->twintlsShow == NULL || ssl->options.side != WOLFSSL_CLIENT_END)
        return 0;
    return ssl->ctx->twintlsShow(ssl->IOCB_ReadCtx, type, body, size);
}

]==])
twintls_change("${tls13}" "Sanity Check on handshake message type received failed" "#if defined(WOLFSSL_CALLBACKS)" BEFORE [==[
    if ((ret = TwintlsShown(ssl, type, input + *inOutIdx, size)) != 0)
        return ret;
]==])
twintls_change("${tls13}" "" "if (size > MAX_HANDSHAKE_SZ) {" AFTER [==[

            if ((ret = TwintlsShown(ssl, type, NULL, size)) != 0)
                return ret;]==])

# A message of TLS 1.3 after the handshake may span records as one inside it does (RFC 8446 section 5.1); wolfSSL joins those only.
twintls_change("${SOURCE_DIR}/wolfssl/internal.h" "struct WOLFSSL {" "WOLFSSL_CTX*    ctx;" AFTER
    "\n    byte* twintlsPart; /* of a message after the handshake */\n    word32 twintlsPartSize;\n    word32 twintlsPartHas;")
twintls_change("${internal}" "" "FreeArrays(ssl, 0);" AFTER [==[

    if (ssl->twintlsPart != NULL)
        ForceZero(ssl->twintlsPart, ssl->twintlsPartSize);
    XFREE(ssl->twintlsPart, ssl->heap, DYNAMIC_TYPE_ARRAYS);
    ssl->twintlsPart = NULL;]==])
twintls_change("${tls13}" "" "int DoTls13HandShakeMsg(WOLFSSL* ssl," BEFORE [==[
static int TwintlsJoin(WOLFSSL* ssl, const byte* input, word32* inOutIdx, word32 totalSz)
{
    int ret = 0;
    word32 idx = HANDSHAKE_HEADER_SZ;
    word32 left = totalSz - *inOutIdx;
    if (ssl->twintlsPart == NULL) {
        word32 size;
        ato24(input + *inOutIdx + 1, &size);
        ret = EarlySanityCheckMsgReceived(ssl, input[*inOutIdx], left - HANDSHAKE_HEADER_SZ);
        if (ret != 0)
            return ret;
        if (size > MAX_PLAINTEXT_SZ)
            return HANDSHAKE_SIZE_ERROR;
        ssl->twintlsPartSize = HANDSHAKE_HEADER_SZ + size;
        ssl->twintlsPartHas = 0;
        ssl->twintlsPart = (byte*)XMALLOC(ssl->twintlsPartSize, ssl->heap, DYNAMIC_TYPE_ARRAYS);
        if (ssl->twintlsPart == NULL)
            return MEMORY_E;
    }
    left = min(left, ssl->twintlsPartSize - ssl->twintlsPartHas);
    XMEMCPY(ssl->twintlsPart + ssl->twintlsPartHas, input + *inOutIdx, left);
    ssl->twintlsPartHas += left;
    *inOutIdx += left;
    if (ssl->twintlsPartHas == ssl->twintlsPartSize) {
        ret = DoTls13HandShakeMsgType(ssl, ssl->twintlsPart, &idx, ssl->twintlsPart[0],
            ssl->twintlsPartSize - HANDSHAKE_HEADER_SZ, ssl->twintlsPartSize);
        ForceZero(ssl->twintlsPart, ssl->twintlsPartSize);
        XFREE(ssl->twintlsPart, ssl->heap, DYNAMIC_TYPE_ARRAYS);
        ssl->twintlsPart = NULL;
    }
    return ret;
}

static int TwintlsIsPart(const WOLFSSL* ssl, const byte* input, word32 inOutIdx, word32 totalSz)
{
    word32 size = 0;
    if (ssl->arrays != NULL || inOutIdx >= totalSz)
        return 0;
    if (ssl->twintlsPart != NULL)
        return 1;
    if (totalSz - inOutIdx < HANDSHAKE_HEADER_SZ)
        return 0;
    ato24(input + inOutIdx + 1, &size);
    return size > totalSz - inOutIdx - HANDSHAKE_HEADER_SZ;
}

]==])
twintls_change("${tls13}" "int DoTls13HandShakeMsg(WOLFSSL* ssl," "if (ssl->arrays == NULL) {" BEFORE [==[if (TwintlsIsPart(ssl, input, *inOutIdx, totalSz))
        return TwintlsJoin(ssl, input, inOutIdx, totalSz);
    ]==])

# RFC 8446 section 5.1: nothing stands between the parts of a handshake message, and no part is empty.
twintls_change("${internal}" "" "WOLFSSL_MSG(\"received record layer msg\");" AFTER [==[

            if (IsAtLeastTLSv1_3(ssl->version) && (ssl->curRL.type != handshake || ssl->curSize == 0) &&
                    (ssl->twintlsPart != NULL || (ssl->arrays != NULL && ssl->arrays->pendingMsgSz != 0))) {
                SendAlert(ssl, alert_fatal, unexpected_message);
                return ssl->curRL.type != handshake ? OUT_OF_ORDER_E : PARSE_ERROR;
            }]==])

# A check of a key pair leaves the private number on the stack, deeper than anybody would overwrite.
foreach(file IN ITEMS sp_x86_64.c sp_c64.c sp_c32.c)
    foreach(bits IN ITEMS 256 384 521)
        twintls_change("${SOURCE_DIR}/wolfcrypt/src/${file}" "int sp_ecc_check_key_${bits}(" "SP_FREE_VAR(priv," BEFORE [==[
#ifndef WOLFSSL_SP_SMALL_STACK
    ForceZero(priv, sizeof(priv));
#endif
    ]==])
    endforeach()
endforeach()
# A key to decrypt with is expanded as one to encrypt with first, and that, which begins with the key itself, stayed on the stack.
twintls_change("${SOURCE_DIR}/wolfcrypt/src/aes.c" "" "Key_Schedule[0] = Temp_Key_Schedule[nr];" AFTER [==[

            ForceZero(temp_key, sizeof(Aes));]==])

# TwintlsSendAlert() tells a peer why the connection ends where not wolfSSL has decided that it does: wolfSSL has a call for close_notify
# and user_canceled only.
twintls_change("${internal}" "" "int SendAlert(WOLFSSL* ssl, int severity, int type)\n" BEFORE [==[
WOLFSSL_API int TwintlsSendAlert(WOLFSSL* ssl, int description);
int TwintlsSendAlert(WOLFSSL* ssl, int description)
{
    return SendAlert(ssl, alert_fatal, description);
}

]==])

# RFC 5246 section 7.4.1.1: a server may ask again to negotiate anew; wolfSSL ended the connection at the second time.
twintls_change("${internal}" "" "if (ssl->msgsReceived.got_hello_request) {" INSTEAD
    "if (ssl->msgsReceived.got_hello_request && ssl->options.side != WOLFSSL_CLIENT_END) {")

# TwintlsUseIdentity() has a connection go on with the certificates and the key of another context, which is set up like its own but for
# them: wolfSSL has such a call only in its OpenSSL layer. Nothing is copied, and it cannot fail.
twintls_change("${internal}" "" "int SetSSL_CTX(WOLFSSL* ssl, WOLFSSL_CTX* ctx, int writeDup)" BEFORE [==[
#if !defined(NO_CERTS) && !defined(WOLFSSL_COPY_CERT) && !defined(WOLFSSL_COPY_KEY) && !defined(WOLFSSL_BLIND_PRIVATE_KEY)
WOLFSSL_API void TwintlsUseIdentity(WOLFSSL* ssl, WOLFSSL_CTX* of);
void TwintlsUseIdentity(WOLFSSL* ssl, WOLFSSL_CTX* of)
{
    if (ssl->ctx == of)
        return;
    (void)wolfSSL_CTX_up_ref(of);
    wolfSSL_CTX_free(ssl->ctx);
    ssl->ctx = of;
    ssl->buffers.certificate = of->certificate;
    ssl->buffers.certChain = of->certChain;
#ifdef WOLFSSL_TLS13
    ssl->buffers.certChainCnt = of->certChainCnt;
#endif
    ssl->buffers.key = of->privateKey;
    ssl->buffers.keyType = of->privateKeyType;
    ssl->buffers.keyId = of->privateKeyId;
    ssl->buffers.keyLabel = of->privateKeyLabel;
    ssl->buffers.keySz = of->privateKeySz;
    ssl->buffers.keyDevId = of->privateKeyDevId;
#if defined(HAVE_ECC) || defined(HAVE_ED25519) || defined(HAVE_ED448)
    ssl->pkCurveOID = of->pkCurveOID;
#endif
    ssl->options.haveRSA = of->haveRSA;
    ssl->options.haveECDSAsig = of->haveECDSAsig;
    ssl->options.haveECC = of->haveECC;
    ssl->options.haveStaticECC = of->haveStaticECC;
}
#endif

]==])

# Whether a stapled status is good is decided by twintls alone. wolfSSL asks its status callback last, and only about what it could
# read: a client without trust anchors has it asked at once.
twintls_change("${internal}" "" "static int CsrDoStatusVerifyCb(" BEFORE "static int TwintlsReadsChain(WOLFSSL* ssl);\n")
twintls_change("${internal}" "static int ProcessCSR_ex(" "/* Extract producedDate */" BEFORE [==[#if !defined(NO_WOLFSSL_SERVER) && !defined(WOLFSSL_SMALL_STACK)
    if (ssl->ctx->ocspStatusVerifyCb != NULL && !TwintlsReadsChain(ssl)) {
        ret = CsrDoStatusVerifyCb(ssl, input + *inOutIdx, status_length, idx, BAD_CERTIFICATE_STATUS_ERROR);
        *inOutIdx += status_length;
        return ret;
    }
#endif

    ]==])

# And so is whether there must be one: a server may staple to an intermediate's certificate only, or, in its request for ours, say
# that it would take a status.
twintls_change("${internal}" "" "/* error when leaf cert doesn't have certificate status */" BEFORE
[==[#if !defined(NO_WOLFSSL_SERVER) && !defined(WOLFSSL_NO_TLS12)
    if (csr->responses[0].length == 0 && ssl->ctx->ocspStatusVerifyCb != NULL && !TwintlsReadsChain(ssl))
        return 0;
#endif

    ]==])

# TwintlsRefuseWith() names the alert with which wolfSSL refuses a certificate, where its callback has decided so for a reason that
# wolfSSL has no code for.
twintls_change("${SOURCE_DIR}/wolfssl/internal.h" "struct WOLFSSL {" "WOLFSSL_CTX*    ctx;" BEFORE "int twintlsAlert; /* see TwintlsRefuseWith */\n    ")
twintls_change("${internal}" "" "void DoCertFatalAlert(WOLFSSL* ssl, int ret)" BEFORE [==[
WOLFSSL_API void TwintlsRefuseWith(WOLFSSL* ssl, int description);
void TwintlsRefuseWith(WOLFSSL* ssl, int description)
{
    ssl->twintlsAlert = description;
}

]==])
twintls_change("${internal}" "void DoCertFatalAlert(WOLFSSL* ssl, int ret)" "alertWhy = bad_certificate;" AFTER [==[

    if (ssl->twintlsAlert != 0)
        alertWhy = ssl->twintlsAlert;]==])

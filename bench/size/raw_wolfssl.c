/* SPDX-License-Identifier: Apache-2.0
 *
 * A client with a certificate: connects, verifies the server and its name, sends a line, prints the answer, and says
 * what failed. The same program as twintls_client.cpp, written against wolfSSL.
 *
 *   <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem>
 */
#include "tcp.h"

#include <signal.h>
#include <stdio.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

static int failed(char const* what, int code) {
    char text[WOLFSSL_MAX_ERROR_SZ];
    fprintf(stderr, "%s: %s (%d)\n", what, wolfSSL_ERR_error_string((unsigned long)code, text), code);
    return 1;
}

static int configure(WOLFSSL_CTX* ctx, char** argv) {
    static int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
    int code;
    wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, NULL);
    if ((code = wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_2)) != WOLFSSL_SUCCESS) return code;
    if ((code = wolfSSL_CTX_set_groups(ctx, groups, 3)) != WOLFSSL_SUCCESS) return code;
    if ((code = wolfSSL_CTX_load_verify_locations(ctx, argv[3], NULL)) != WOLFSSL_SUCCESS) return code;
    if ((code = wolfSSL_CTX_use_certificate_chain_file(ctx, argv[4])) != WOLFSSL_SUCCESS) return code;
    if ((code = wolfSSL_CTX_use_PrivateKey_file(ctx, argv[5], WOLFSSL_FILETYPE_PEM)) != WOLFSSL_SUCCESS) return code;
    return wolfSSL_CTX_check_private_key(ctx);
}

static int talk(WOLFSSL* ssl, char const* host) {
    static char const line[] = "hello\n";
    char answer[256];
    int n;
    if ((n = wolfSSL_check_domain_name(ssl, host)) != WOLFSSL_SUCCESS) return failed("name", n);
    if ((n = wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, host, (unsigned short)strlen(host))) != WOLFSSL_SUCCESS)
        return failed("server name", n);
    if ((n = wolfSSL_connect(ssl)) != WOLFSSL_SUCCESS) return failed("handshake", wolfSSL_get_error(ssl, n));
    n = wolfSSL_write(ssl, line, (int)sizeof line - 1);
    if (n <= 0) return failed("write", wolfSSL_get_error(ssl, n));
    n = wolfSSL_read(ssl, answer, (int)sizeof answer);
    if (n <= 0) return failed("read", wolfSSL_get_error(ssl, n));
    fwrite(answer, 1, (size_t)n, stdout);
    (void)wolfSSL_shutdown(ssl);
    return 0;
}

int main(int argc, char** argv) {
    WOLFSSL_CTX* ctx;
    WOLFSSL* ssl;
    int code;
    int s;
    int status = 1;
    if (argc != 6) return 2;
    signal(SIGPIPE, SIG_IGN);
    if ((code = wolfSSL_Init()) != WOLFSSL_SUCCESS) return failed("library", code);
    ctx = wolfSSL_CTX_new(wolfSSLv23_client_method());
    if (ctx == NULL) return failed("context", MEMORY_E);
    if ((code = configure(ctx, argv)) != WOLFSSL_SUCCESS) {
        failed("credentials", code);
    } else if ((s = connect_to(argv[1], argv[2])) < 0) {
        perror("connect");
    } else {
        ssl = wolfSSL_new(ctx);
        if (ssl == NULL || wolfSSL_set_fd(ssl, s) != WOLFSSL_SUCCESS)
            failed("session", MEMORY_E);
        else
            status = talk(ssl, argv[1]);
        wolfSSL_free(ssl);
        close(s);
    }
    wolfSSL_CTX_free(ctx);
    wolfSSL_Cleanup();
    return status;
}

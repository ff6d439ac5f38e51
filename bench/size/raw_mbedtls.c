/* SPDX-License-Identifier: Apache-2.0
 *
 * A client with a certificate: connects, verifies the server and its name, sends a line, prints the answer, and says
 * what failed. The same program as twintls_client.cpp, written against Mbed TLS.
 *
 *   <host> <port> <ca.pem> <certificate-chain.pem> <private-key.pem>
 */
#include "tcp.h"

#include <errno.h>
#include <stdio.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <psa/crypto.h>

static int failed(char const* what, int code) {
    char text[128];
    mbedtls_strerror(code, text, sizeof text);
    fprintf(stderr, "%s: %s (%d)\n", what, text, code);
    return 1;
}

static int send_some(void* user, unsigned char const* from, size_t size) {
    ssize_t const n = send(*(int*)user, from, size, MSG_NOSIGNAL);
    if (n >= 0) return (int)n;
    return errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int receive_some(void* user, unsigned char* into, size_t size) {
    ssize_t const n = recv(*(int*)user, into, size, 0);
    if (n >= 0) return (int)n;
    return errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_TIMEOUT;
}

static int waits(int code) {
    return code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE ||
           code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
}

struct client {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt anchors;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
};

static int configure(struct client* c, char** argv) {
    static uint16_t const groups[] = {
        MBEDTLS_SSL_IANA_TLS_GROUP_X25519, MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
        0};
    int code;
    if (psa_crypto_init() != PSA_SUCCESS) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    if ((code = mbedtls_ctr_drbg_seed(&c->random, mbedtls_entropy_func, &c->entropy, NULL, 0)) != 0) return code;
    if ((code = mbedtls_x509_crt_parse_file(&c->anchors, argv[3])) != 0) return code;
    if ((code = mbedtls_x509_crt_parse_file(&c->chain, argv[4])) != 0) return code;
    if ((code = mbedtls_pk_parse_keyfile(&c->key, argv[5], NULL, mbedtls_ctr_drbg_random, &c->random)) != 0)
        return code;
    if ((code = mbedtls_pk_check_pair(&c->chain.pk, &c->key, mbedtls_ctr_drbg_random, &c->random)) != 0) return code;
    if ((code = mbedtls_ssl_config_defaults(
             &c->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT)) != 0)
        return code;
    mbedtls_ssl_conf_rng(&c->config, mbedtls_ctr_drbg_random, &c->random);
    mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_groups(&c->config, groups);
    mbedtls_ssl_conf_ca_chain(&c->config, &c->anchors, NULL);
    if ((code = mbedtls_ssl_conf_own_cert(&c->config, &c->chain, &c->key)) != 0) return code;
    if ((code = mbedtls_ssl_setup(&c->ssl, &c->config)) != 0) return code;
    return mbedtls_ssl_set_hostname(&c->ssl, argv[1]);
}

static int talk(mbedtls_ssl_context* ssl) {
    static unsigned char const line[] = "hello\n";
    unsigned char answer[256];
    int n;
    do n = mbedtls_ssl_handshake(ssl);
    while (waits(n));
    if (n != 0) return failed("handshake", n);
    do n = mbedtls_ssl_write(ssl, line, sizeof line - 1);
    while (waits(n));
    if (n < 0) return failed("write", n);
    do n = mbedtls_ssl_read(ssl, answer, sizeof answer);
    while (waits(n));
    if (n <= 0) return failed("read", n);
    fwrite(answer, 1, (size_t)n, stdout);
    (void)mbedtls_ssl_close_notify(ssl);
    return 0;
}

int main(int argc, char** argv) {
    static struct client c;
    int s;
    int status = 1;
    int code;
    if (argc != 6) return 2;
    mbedtls_entropy_init(&c.entropy);
    mbedtls_ctr_drbg_init(&c.random);
    mbedtls_x509_crt_init(&c.anchors);
    mbedtls_x509_crt_init(&c.chain);
    mbedtls_pk_init(&c.key);
    mbedtls_ssl_config_init(&c.config);
    mbedtls_ssl_init(&c.ssl);
    if ((code = configure(&c, argv)) != 0) {
        failed("credentials", code);
    } else if ((s = connect_to(argv[1], argv[2])) < 0) {
        perror("connect");
    } else {
        mbedtls_ssl_set_bio(&c.ssl, &s, send_some, receive_some, NULL);
        status = talk(&c.ssl);
        close(s);
    }
    mbedtls_ssl_free(&c.ssl);
    mbedtls_ssl_config_free(&c.config);
    mbedtls_pk_free(&c.key);
    mbedtls_x509_crt_free(&c.chain);
    mbedtls_x509_crt_free(&c.anchors);
    mbedtls_ctr_drbg_free(&c.random);
    mbedtls_entropy_free(&c.entropy);
    return status;
}

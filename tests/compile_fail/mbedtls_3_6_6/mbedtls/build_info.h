/* SPDX-License-Identifier: Apache-2.0
 *
 * What twintls looks at in the configuration of an Mbed TLS 3.6.6 built with its defaults. */
#define MBEDTLS_VERSION_NUMBER 0x03060600
#define MBEDTLS_GCM_C
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_SERVER_NAME_INDICATION

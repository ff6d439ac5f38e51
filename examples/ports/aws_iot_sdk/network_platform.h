/* SPDX-License-Identifier: Apache-2.0 */
/* What the AWS IoT Device SDK for Embedded C (v2 and v3) keeps for its TLS library in each Network: for twintls, one
 * pointer. Read by the SDK's C sources through network_interface.h. */
#ifndef TWINTLS_AWS_IOT_NETWORK_PLATFORM_H
#define TWINTLS_AWS_IOT_NETWORK_PLATFORM_H

#ifdef __cplusplus
extern "C" {
#endif

struct twintls_connection;

typedef struct TLSDataParams {
    struct twintls_connection* connection; /* NULL where there is none */
} TLSDataParams;

#ifdef __cplusplus
}
#endif

#endif

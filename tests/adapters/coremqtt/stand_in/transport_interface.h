/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for coreMQTT's header of this name where coreMQTT is not there: written from its documentation, "Transport
 * Interface", with the names and types that an implementation uses. */
#ifndef TWINTLS_TESTS_TRANSPORT_INTERFACE_H
#define TWINTLS_TESTS_TRANSPORT_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct NetworkContext; /* whoever implements the interface may define it */
typedef struct NetworkContext NetworkContext_t;

typedef struct TransportOutVector {
    const void* iov_base;
    size_t iov_len;
} TransportOutVector_t;

/* Each answers the bytes moved, 0 if none can be moved now, less than 0 for an error; 0 never for a disconnection. */
typedef int32_t (*TransportRecv_t)(NetworkContext_t* pNetworkContext, void* pBuffer, size_t bytesToRecv);
typedef int32_t (*TransportSend_t)(NetworkContext_t* pNetworkContext, const void* pBuffer, size_t bytesToSend);
typedef int32_t (*TransportWritev_t)(NetworkContext_t* pNetworkContext, TransportOutVector_t* pIoVec, size_t ioVecCount);

typedef struct TransportInterface {
    TransportRecv_t recv;
    TransportSend_t send;
    TransportWritev_t writev;
    NetworkContext_t* pNetworkContext;
} TransportInterface_t;

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the SDK's interface of a network layer, written from its documentation ("Network Functions" of the
 * porting guide and the API reference). */
#ifndef TWINTLS_TESTS_NETWORK_INTERFACE_H
#define TWINTLS_TESTS_NETWORK_INTERFACE_H

#include <aws_iot_error.h>
#include <network_platform.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <timer_interface.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Network Network;

typedef struct {
    char* pRootCALocation;
    char* pDeviceCertLocation;
    char* pDevicePrivateKeyLocation;
    char* pDestinationURL;
    uint16_t DestinationPort;
    uint32_t timeout_ms;
    bool ServerVerificationFlag;
} TLSConnectParams;

struct Network {
    IoT_Error_t (*connect)(Network*, TLSConnectParams*);
    IoT_Error_t (*read)(Network*, unsigned char*, size_t, Timer*, size_t*);
    IoT_Error_t (*write)(Network*, unsigned char*, size_t, Timer*, size_t*);
    IoT_Error_t (*disconnect)(Network*);
    IoT_Error_t (*isConnected)(Network*);
    IoT_Error_t (*destroy)(Network*);
    TLSConnectParams tlsConnectParams;
    TLSDataParams tlsDataParams;
};

IoT_Error_t iot_tls_init(Network* pNetwork, char* pRootCALocation, char* pDeviceCertLocation,
    char* pDevicePrivateKeyLocation, char* pDestinationURL, uint16_t DestinationPort, uint32_t timeout_ms,
    bool ServerVerificationFlag);
IoT_Error_t iot_tls_connect(Network* pNetwork, TLSConnectParams* TLSParams);
IoT_Error_t iot_tls_write(Network*, unsigned char*, size_t, Timer*, size_t*);
IoT_Error_t iot_tls_read(Network*, unsigned char*, size_t, Timer*, size_t*);
IoT_Error_t iot_tls_disconnect(Network* pNetwork);
IoT_Error_t iot_tls_destroy(Network* pNetwork);
IoT_Error_t iot_tls_is_connected(Network* pNetwork);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Preloaded into a server that cannot be told where to listen: "every address" becomes the loopback address.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int bind(int descriptor, struct sockaddr const* wanted, socklen_t size) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    if (wanted == NULL || size > sizeof address) return (int)syscall(SYS_bind, descriptor, wanted, size);
    memcpy(&address, wanted, size);
    if (address.any.sa_family == AF_INET && address.v4.sin_addr.s_addr == htonl(INADDR_ANY))
        address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (address.any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&address.v6.sin6_addr))
        address.v6.sin6_addr = in6addr_loopback;
    return (int)syscall(SYS_bind, descriptor, &address, size);
}

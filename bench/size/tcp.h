/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_SIZE_TCP_H
#define BENCH_SIZE_TCP_H

#include <netdb.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* A socket connected to a server, with timeouts of ten seconds for reads and writes; -1 on failure. */
static int connect_to(char const* host, char const* port) {
    struct addrinfo hints;
    struct addrinfo* found = NULL;
    struct timeval const patience = {10, 0};
    int s = -1;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
    for (struct addrinfo* a = found; a != NULL && s < 0; a = a->ai_next) {
        s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (s < 0) continue;
        (void)setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(s, a->ai_addr, a->ai_addrlen) == 0) break;
        close(s);
        s = -1;
    }
    freeaddrinfo(found);
    return s;
}

#endif

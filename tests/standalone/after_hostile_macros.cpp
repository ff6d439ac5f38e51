// SPDX-License-Identifier: Apache-2.0
// Macros without a prefix that platform headers and C libraries are known to define.
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define TRUE 1
#define FALSE 0
#define ERROR 0
#define NO_ERROR 0
#define BEFORE 0
#define AFTER 1
#define ISSUER 0
#define SUBJECT 1
#define RNG WC_RNG
#define MD5 0
#define SHA 1
#define SHA256 2
#define SHA384 3
#define SHA512 4
#define AES 5
#define RSA 6
#define ECC 7
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define DELETE 0x10000
#define IGNORE 0
#define INFINITE 0xffffffff
#define STRICT 1
#define DEBUG 1
#define CALLBACK
#define interface struct
#define near
#define far
#define small char
#define unix 1
#define linux 1

#include <every_core_header.hpp>

static_assert(tls::name(tls::alert::bad_certificate) == "bad_certificate");

// SPDX-License-Identifier: Apache-2.0
// The one source file of a separately compiled program that has the bodies, and sees the C libraries.
#include <tls/mbedtls/src.hpp>
#include <tls/wolfssl/src.hpp>

// SPDX-License-Identifier: Apache-2.0
// What a file of a separately compiled program includes. Preprocessed twice and compared, never compiled.
#include <tls/tls.hpp>
#if defined(WITH_BACKENDS)
#    include <tls/mbedtls.hpp>
#    include <tls/wolfssl.hpp>
#endif

// SPDX-License-Identifier: Apache-2.0
#if !defined(MUST_FAIL)
#    define TWINTLS_ACCEPT_MBEDTLS_3_6_6
#endif
#include <tls/mbedtls/features.hpp>

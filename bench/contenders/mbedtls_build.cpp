// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"

#include <mbedtls/build_info.h>
#include <mbedtls/ecp.h>

namespace bench {

std::string mbedtls_build() {
    std::string text = "P-256 window " + std::to_string(MBEDTLS_ECP_WINDOW_SIZE);
#if defined(MBEDTLS_HAVE_ASM)
    text += ", inline assembly";
#endif
#if defined(MBEDTLS_AESNI_C)
    text += ", AES-NI";
#endif
#if defined(MBEDTLS_AESCE_C) && defined(__aarch64__)
    text += ", AES of ARMv8";
#endif
#if defined(MBEDTLS_ECDH_VARIANT_EVEREST_ENABLED)
    text += ", X25519 of Everest";
#endif
    return text;
}

} // namespace bench

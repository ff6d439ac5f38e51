// SPDX-License-Identifier: Apache-2.0
#include "contenders/builds.hpp"

#if !defined(WOLFSSL_USER_SETTINGS)
#    include <wolfssl/options.h>
#endif
#include <wolfssl/wolfcrypt/settings.h>

namespace bench {

std::string wolfssl_build() {
    std::string text;
#if defined(WOLFSSL_SP_ASM)
    text += "single-precision assembly";
#elif defined(WOLFSSL_HAVE_SP_ECC)
    text += "single-precision C";
#else
    text += "multi-precision C";
#endif
#if defined(WOLFSSL_AESNI)
    text += ", AES-NI";
#endif
#if defined(USE_INTEL_SPEEDUP)
    text += ", AVX2";
#endif
    return text;
}

} // namespace bench

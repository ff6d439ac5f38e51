// SPDX-License-Identifier: Apache-2.0
// Compiled with what twintls::core asks for when it is sanitized; does not link without the run-time library.
#include <tls/core/version.hpp>

#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define INSTRUMENTED
#    endif
#elif defined(__SANITIZE_ADDRESS__)
#    define INSTRUMENTED
#endif
#if !defined(INSTRUMENTED)
#    error "the headers of a sanitized twintls are compiled without the sanitizer"
#endif

int main() { return tls::version().empty() ? 1 : 0; }

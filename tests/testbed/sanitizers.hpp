// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which sanitizers this source is compiled with: g++ and clang say it in different ways. Macros, because what depends
// on it includes headers, or must not be compiled.
#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define TESTBED_ADDRESS_SANITIZER 1
#    endif
#    if __has_feature(thread_sanitizer)
#        define TESTBED_THREAD_SANITIZER 1
#    endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(TESTBED_ADDRESS_SANITIZER)
#    define TESTBED_ADDRESS_SANITIZER 1
#endif
#if defined(__SANITIZE_THREAD__) && !defined(TESTBED_THREAD_SANITIZER)
#    define TESTBED_THREAD_SANITIZER 1
#endif

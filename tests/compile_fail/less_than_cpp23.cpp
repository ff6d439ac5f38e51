// SPDX-License-Identifier: Apache-2.0
// Fails in C++20, with our message before any of the compiler's own.
#include <tls/tls.hpp>

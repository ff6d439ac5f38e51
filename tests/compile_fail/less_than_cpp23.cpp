// SPDX-License-Identifier: Apache-2.0
// Fails in C++20, and with our words before anything the compiler finds by itself.
#include <tls/tls.hpp>

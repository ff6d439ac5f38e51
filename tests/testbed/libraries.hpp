// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace testbed {

/// Initialises a C library once per process; safe from any thread, done by everything here that uses the library.
void prepare_mbedtls();
void prepare_wolfssl();

} // namespace testbed

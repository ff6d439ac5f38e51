// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bench {

/// What about a C library's build decides how fast it is, as text.
[[nodiscard]] std::string wolfssl_build();
[[nodiscard]] std::string mbedtls_build();

} // namespace bench

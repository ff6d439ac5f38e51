// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include <tls/core/version.hpp>

#include <string>

namespace unit::version_cases {

TEST_CASE("version: the text and the numbers agree") {
    std::string const numbers = std::to_string(TWINTLS_VERSION_MAJOR) + "." + std::to_string(TWINTLS_VERSION_MINOR) +
                                "." + std::to_string(TWINTLS_VERSION_PATCH);
    CHECK(tls::version() == numbers);
    CHECK(TWINTLS_VERSION == TWINTLS_VERSION_MAJOR * 10000 + TWINTLS_VERSION_MINOR * 100 + TWINTLS_VERSION_PATCH);
}

} // namespace unit::version_cases

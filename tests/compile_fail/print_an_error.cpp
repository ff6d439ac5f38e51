// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#include <iostream>

void tell(tls::error const& e) {
#if defined(MUST_FAIL)
    std::cerr << e << std::endl;
#else
    std::cerr << e.message() << std::endl;
#endif
}

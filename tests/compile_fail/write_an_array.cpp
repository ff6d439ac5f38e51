// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto say(session& to) {
#if defined(MUST_FAIL)
    char buffer[64] = "hello";
    return to.write_all(buffer);
#else
    return to.write_all("hello");
#endif
}

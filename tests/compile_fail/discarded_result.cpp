// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

void say(session& to, std::span<std::byte const> bytes) {
#if defined(MUST_FAIL)
    to.write_all(bytes);
#else
    if (!to.write_all(bytes)) return;
#endif
}

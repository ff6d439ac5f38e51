// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto say_hello(handshake& in_progress, std::span<std::byte const> hello) {
#if defined(MUST_FAIL)
    return in_progress.write_some(hello);
#else
    return in_progress.step()->write_some(hello);
#endif
}

// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto listen(handshake& in_progress, std::span<std::byte> into) {
#if defined(MUST_FAIL)
    return in_progress.read_some(into);
#else
    return in_progress.step()->read_some(into);
#endif
}

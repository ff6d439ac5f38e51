// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
    auto kept = client::configure().trust_system().no_identity();
#if defined(MUST_FAIL)
    return kept.build();
#else
    return std::move(kept).build();
#endif
}

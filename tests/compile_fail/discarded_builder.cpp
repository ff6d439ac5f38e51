// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
    auto kept = client::configure().trust_system().no_identity();
#if defined(MUST_FAIL)
    std::move(kept).alpn({"mqtt"});
#else
    kept = std::move(kept).alpn({"mqtt"});
#endif
    return std::move(kept).build();
}

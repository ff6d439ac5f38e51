// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
    auto kept = client::configure().trust_system().no_identity();
#if defined(MUST_FAIL)
    auto more = kept.alpn({"mqtt"});
#else
    auto more = std::move(kept).alpn({"mqtt"});
#endif
    return std::move(more).build();
}

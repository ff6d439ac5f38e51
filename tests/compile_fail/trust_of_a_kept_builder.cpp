// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make(tls::trust_anchors const& anchors) {
    auto kept = client::configure();
#if defined(MUST_FAIL)
    return kept.trust(anchors).no_identity().build();
#else
    return std::move(kept).trust(anchors).no_identity().build();
#endif
}

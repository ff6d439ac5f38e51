// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto late(tls::trust_anchors const& anchors) {
#if defined(MUST_FAIL)
    client::configure().insecure_accept_any_server().no_identity().build()->trust(anchors);
#else
    return client::configure().trust(anchors).no_identity().build();
#endif
}

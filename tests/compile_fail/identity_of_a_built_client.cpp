// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto late(tls::identity const& device) {
#if defined(MUST_FAIL)
    client::configure().trust_system().no_identity().build()->identity(device);
#else
    return client::configure().trust_system().identity(device).build();
#endif
}

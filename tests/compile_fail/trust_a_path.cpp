// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
#if defined(MUST_FAIL)
    return client::configure().trust("root-ca.pem");
#else
    return client::configure().trust(tls::trust_anchors::from_pem_file("root-ca.pem"));
#endif
}

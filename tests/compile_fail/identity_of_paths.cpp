// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
#if defined(MUST_FAIL)
    return client::configure().identity("chain.pem", "key.pem");
#else
    return client::configure().identity(tls::identity::from_pem_files("chain.pem", "key.pem"));
#endif
}

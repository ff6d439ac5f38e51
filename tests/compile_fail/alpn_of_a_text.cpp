// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
#if defined(MUST_FAIL)
    return client::configure().alpn("mqtt");
#else
    return client::configure().alpn({"mqtt"});
#endif
}

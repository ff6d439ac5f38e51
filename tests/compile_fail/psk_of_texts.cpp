// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto make() {
#if defined(MUST_FAIL)
    return client::configure().psk("device", "000102030405060708090a0b0c0d0e0f");
#else
    return client::configure().psk(tls::pre_shared_key::from_hex("device", "000102030405060708090a0b0c0d0e0f"));
#endif
}

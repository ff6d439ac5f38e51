// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
auto made = client::configure().trust_system().psk(tls::pre_shared_key::from_hex("", "")).build();
#else
auto made = client::configure().psk(tls::pre_shared_key::from_hex("", "")).build();
#endif

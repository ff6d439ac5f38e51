// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
auto made = client::configure().alpn({"mqtt"}).trust_system().build();
#else
auto made = client::configure().alpn({"mqtt"}).trust_system().no_identity().build();
#endif

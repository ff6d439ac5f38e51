// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
auto made = client::configure().trust_system().insecure_accept_any_server().no_identity().build();
#else
auto made = client::configure().insecure_accept_any_server().no_identity().build();
#endif

// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

#if defined(MUST_FAIL)
auto made = client::configure().no_identity().build();
#else
auto made = client::configure().no_identity().trust_system().build();
#endif

// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto device() { return tls::identity::from_pem_files("chain.pem", "key.pem"); }

#if defined(MUST_FAIL)
auto made = client::configure().trust_system().no_identity().identity(device()).build();
#else
auto made = client::configure().trust_system().identity(device()).build();
#endif

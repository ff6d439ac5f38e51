// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto start(tls::memory_pipe& over) {
    auto const name = tls::server_name::dns("broker.example");
    auto decided = client::configure().trust_system().no_identity();
#if defined(MUST_FAIL)
    return decided.start(name, over);
#else
    return std::move(decided).build()->start(name, over);
#endif
}

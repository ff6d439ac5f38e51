// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

auto connect(client const& to, tls::result<tls::memory_pipe>& over) {
#if defined(MUST_FAIL)
    return to.connect(tls::server_name::dns("broker.example"), std::move(over));
#else
    return to.connect(tls::server_name::dns("broker.example"), std::move(*over));
#endif
}

// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"

struct drawer {
    void put(tls::ticket&& t) noexcept;
#if defined(MUST_FAIL)
    std::optional<tls::ticket> take(tls::ticket_key const& key); // may throw inside a connection
#else
    std::optional<tls::ticket> take(tls::ticket_key const& key) noexcept;
#endif
};

auto make(drawer& store) { return client::configure().resumption(store).trust_system().no_identity().build(); }

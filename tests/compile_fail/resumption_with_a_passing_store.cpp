// SPDX-License-Identifier: Apache-2.0
#include "fake_backend.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

auto make([[maybe_unused]] tls::memory_ticket_store& store) {
#if defined(MUST_FAIL)
    return client::configure().resumption(tls::memory_ticket_store()).trust_system().no_identity().build();
#else
    return client::configure().resumption(store).trust_system().no_identity().build();
#endif
}

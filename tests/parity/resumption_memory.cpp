// SPDX-License-Identifier: Apache-2.0
#include "parity/resumption.hpp"
#include "testbed/sanitizers.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

#include <cstddef>
#include <malloc.h>

#if defined(TESTBED_ADDRESS_SANITIZER)
// As in <sanitizer/allocator_interface.h>, which does not come with g++.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

/// Resuming for ever costs no more memory than resuming once.
namespace parity::resumption_memory_cases {
namespace {

std::size_t bytes_in_use() {
#if defined(TESTBED_ADDRESS_SANITIZER)
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

#if defined(TESTBED_ADDRESS_SANITIZER)
constexpr int resumptions = 500; // each costs more there
#else
constexpr int resumptions = 1000;
#endif

} // namespace

PARITY_CASE("thousands of resumptions, half of them of TLS 1.2, leave no more memory in use", backends, B, v) {
    using P = pairing<B, testbed::mbedtls_server>;
    tls::memory_ticket_store store;
    auto const client = client_of<B>(only(v, {.store = &store}));
    auto const options = ticket_server(v);
    CHECK(!visit<P>(client, options).resumed);
    // The first ones fill what is filled once: the store, tables, the allocator's own.
    for (int i = 0; i < 20; ++i) CHECK(visit<P>(client, options).resumed);
    std::size_t const before = bytes_in_use();
    int resumed = 0;
    for (int i = 0; i < resumptions; ++i) resumed += visit<P>(client, options).resumed ? 1 : 0;
    CHECK(resumed == resumptions);
    // One ticket or certificate kept for each would be megabytes.
    CHECK(bytes_in_use() < before + 16 * 1024);
}

} // namespace parity::resumption_memory_cases

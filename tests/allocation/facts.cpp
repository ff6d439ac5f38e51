// SPDX-License-Identifier: Apache-2.0
#include "allocation/failing_memory.hpp"
#include "parity/parity.hpp"

/// What a session keeps of the server's certificate, and when.
namespace parity::facts_cases {

PARITY_CASE("allocation: the server's certificate is read once, if anybody asks", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    long const before = allocation::live();
    REQUIRE(c.client.facts().peer_certificate);
    long const asked_once = allocation::live();
    CHECK(asked_once > before);
    auto const again = c.client.facts();
    CHECK(allocation::live() == asked_once);
    REQUIRE(again.peer_certificate);
    auto const der = again.peer_certificate->der();
    CHECK(testbed::bytes(der.begin(), der.end()) == pki().server.leaf().der);
}

PARITY_CASE("allocation: without memory to keep it, it is read all the same", pairings, P, v) {
    bool read = false;
    for (std::size_t n = 1;; ++n) {
        auto c = connected<P>(only(v), good_server(v));
        allocation::fail(n);
        bool const found = c.client.facts().peer_certificate.has_value();
        if (!allocation::failed()) break;
        read = found;                             // the last that fails is that of the view
        CHECK(c.client.facts().peer_certificate); // with memory again
    }
    CHECK(read);
}

} // namespace parity::facts_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

namespace parity::example_cases {

PARITY_CASE("what the client says reaches the server, and the other way round", pairings, P, v) {
    auto c = connected<P>(only(v), good_server(v));
    REQUIRE(c.client.write(testbed::view_of("ping")));
    c.run();
    CHECK(testbed::to_text(c.server.received()) == "ping");
    c.server.send(testbed::view_of("pong"));
    c.run();
    CHECK(testbed::to_text(c.read().value()) == "pong");
}

} // namespace parity::example_cases

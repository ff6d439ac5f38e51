// SPDX-License-Identifier: Apache-2.0

// Plays every seed twice for both backends, in another order the second time: what the client puts on the wire must be
// the same. Prints its hash, which must be that of any other process.

#include "../fuzz.hpp"
#include "inputs.hpp"
#include "testbed/key_schedule.hpp"

int main() {
    auto const inputs = fuzz::inputs();
    for (auto const make : {fuzz::twintls_on_wolfssl, fuzz::twintls_on_mbedtls}) {
        std::vector<fuzz::bytes> said;
        for (auto const& input : inputs) said.push_back(fuzz::play(make, input).by_server.said);
        fuzz::bytes all;
        for (std::size_t i = inputs.size(); i-- != 0;) {
            fuzz::require(!said[i].empty(), "a client says something");
            fuzz::require(fuzz::play(make, inputs[i]).by_server.said == said[i], "an input gives the same bytes twice");
            testbed::append(all, said[i]);
        }
        for (std::byte const b : testbed::sha256(all)) std::printf("%02x", std::to_integer<unsigned>(b));
        std::printf("\n");
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"

namespace parity {

/// Steps a handshake over a pipe, with a server at its other end, until it is complete or fails to go on.
template <class Handshake, class Server>
auto step_until_done(Handshake& handshake, Server& server, testbed::wire::byte_pipe& pipe) {
    auto step = handshake.step();
    for (int turn = 0; turn < 10 && !step; ++turn) {
        testbed::serve(server, pipe);
        step = handshake.step();
    }
    return step;
}

} // namespace parity

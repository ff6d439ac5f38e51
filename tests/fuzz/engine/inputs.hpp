// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client.hpp"
#include "server.hpp"

#include <vector>

/// An input of the fuzz target: a byte that chooses the version, and a script for the server.
namespace fuzz {

/// A connection, from both ends.
struct played {
    outcome made_of_it{};
    heard by_server{};
};

/// Plays an input for a new client. The same input gives the same bytes on the wire.
[[nodiscard]] played play(make_client, byte_view input);

/// Inputs worth starting from.
[[nodiscard]] std::vector<bytes> inputs();

} // namespace fuzz

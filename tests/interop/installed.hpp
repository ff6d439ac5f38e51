// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/process.hpp"
#include "support/real_server.hpp"

#include <string>

#include <doctest/doctest.h>

namespace parity {

/// Whether a server's program is there; says that the test is skipped if not.
inline bool installed(support::server_program program) {
    if (support::find_program(support::name(program))) return true;
    MESSAGE("SKIPPED: ", std::string(support::name(program)), " is not installed");
    return false;
}

} // namespace parity

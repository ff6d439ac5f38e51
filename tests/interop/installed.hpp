// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include "testbed/process.hpp"
#include "testbed/real_server.hpp"

#include <string>

namespace parity {

/// Whether a server's program is there; says that the test is skipped if not.
inline bool installed(testbed::server_program program) {
    if (testbed::find_program(testbed::name(program))) return true;
    MESSAGE("SKIPPED: ", std::string(testbed::name(program)), " is not installed");
    return false;
}

} // namespace parity

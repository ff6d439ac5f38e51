// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parity/parity.hpp"
#include "testbed/process.hpp"
#include "testbed/real_server.hpp"

#include <span>
#include <string>

namespace parity {

/// True if a server's program is installed; otherwise says that the test is skipped.
inline bool installed(testbed::server_program program) {
    if (testbed::find_program(testbed::name(program))) return true;
    MESSAGE("SKIPPED: ", std::string(testbed::name(program)), " is not installed");
    return false;
}

/// Calls a function for each of these programs that is installed, at both versions.
template <class F> void with_each(std::span<testbed::server_program const> programs, F f) {
    for (testbed::server_program const program : programs) {
        if (!installed(program)) continue;
        for (protocol_version const v : versions) {
            INFO(testbed::name(program), ", ", tls::name(v));
            f(program, v);
        }
    }
}

} // namespace parity

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "configure.hpp"
#include "options.hpp"
#include "report.hpp"
#include <tls/compare.hpp>

#include <array>

namespace doctor {

/// Measures handshakes of each kind with each library, in turn, and prints what they cost and what was not possible.
///
/// `clients` have connected before. The first failure ends it: it is printed, and noted in `found`.
void print_cost(
    options const& o, credentials const& c, std::array<tls::compared_client, 2> const& clients, comparison& found);

} // namespace doctor

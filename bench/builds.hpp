// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "results.hpp"

#include <vector>

namespace bench {

/// Makes a client for this case with each contender, and adds how much heap that takes: everything from PEM to the
/// client, so that work cannot hide by moving from one call to another.
void measure_build(handshake_case const& c, std::vector<contender_kind> const& contenders, results& into);

} // namespace bench

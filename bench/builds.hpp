// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "results.hpp"

#include <vector>

namespace bench {

/// Makes a client for this case with each contender, and adds how much heap that takes: everything from PEM to the
/// client, so that work cannot hide by moving from one call to another. Then has it begin `in_flight` handshakes, none
/// of which ends before all have begun, and adds what each of them has on the heap.
void measure_build(
    handshake_case const& c, std::vector<contender_kind> const& contenders, int in_flight, results& into);

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "results.hpp"

#include <vector>

namespace bench {

/// Throughput of the client in one bulk case, for all contenders in turns: how much data it encrypts or decrypts per
/// second of its processor time. The server's work does not count.
void measure_bulk(
    bulk_case const& c, std::vector<contender_kind> const& contenders, int rounds, std::size_t bytes_a_round,
    results& into);

} // namespace bench

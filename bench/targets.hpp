// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

namespace bench {

/// Judges from the measurements whether each target is met, missed or not measured.
void judge_targets(results& r);

} // namespace bench

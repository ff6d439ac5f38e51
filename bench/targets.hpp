// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

namespace bench {

/// Works out of the measurements what we hold ourselves to, met or missed or not measured.
void judge_targets(results& r);

} // namespace bench

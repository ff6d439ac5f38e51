// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

namespace bench {

/// Adds the sizes of the four programs of this folder, stripped, in bytes; one that has not been built is left out,
/// with a warning in the results.
void add_code_size(results& into);

/// Adds what it takes to compile twintls's headers with a backend, and the C library's header alone: CPU seconds of the
/// build's own compiler at -O2, the median of three. A compiler that fails is left out, with a warning in the results.
void add_compile_time(results& into);

} // namespace bench

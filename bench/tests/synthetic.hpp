// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

/// Results that nobody measured, for tests of the report only.
namespace synthetic {

/// Invented, plausible and always the same numbers for six contenders, every metric and every kind of case.
[[nodiscard]] bench::results run();

/// One of everything, with text that JSON, HTML and terminals must handle with care.
[[nodiscard]] bench::results awkward_run();

} // namespace synthetic

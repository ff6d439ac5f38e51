// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

/// Results that nobody measured, for tests of the report only.
namespace synthetic {

/// Invented numbers of a plausible size for six contenders, every metric and every kind of case; without chance in
/// them.
[[nodiscard]] bench::results run();

/// One of everything, with text that JSON, HTML and terminals have to be careful with.
[[nodiscard]] bench::results awkward_run();

} // namespace synthetic

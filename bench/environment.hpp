// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "results.hpp"

#include <optional>
#include <string>

namespace bench {

/// Describes where the run takes place: processor, compiler, server, contenders with their builds, what is absent, and
/// warnings about whatever makes the numbers unusable.
void describe_environment(results& r);

/// The compiler and kind of build of this program, for example "g++ 12.2.0, Release".
[[nodiscard]] std::string compiler_and_build();

/// Whether this build of wolfSSL leaves the upper halves of the vector registers dirty, which makes the SHA-256 code
/// that runs next up to a hundred times slower (see docs/dependencies.md); empty where the processor cannot tell.
[[nodiscard]] std::optional<bool> leaves_upper_halves_dirty();

} // namespace bench

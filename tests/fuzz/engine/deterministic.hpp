// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace fuzz {

/// In programs that link this, the random numbers of both C libraries are a sequence that begins here, and the time
/// stands still: what a client says depends on what it hears only. Never part of a library that is installed.
void start_randomness() noexcept;

} // namespace fuzz

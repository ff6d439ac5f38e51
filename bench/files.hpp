// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bench {

/// Everything in a file; throws std::runtime_error that names it.
[[nodiscard]] std::string read_file(std::string const& path);
/// The reverse.
void write_file(std::string const& path, std::string const& text);

} // namespace bench

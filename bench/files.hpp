// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bench {

/// The content of a file; throws a std::runtime_error that names it.
[[nodiscard]] std::string read_file(std::string const& path);
/// Writes a file; throws likewise.
void write_file(std::string const& path, std::string const& text);

} // namespace bench

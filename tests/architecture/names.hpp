// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace architecture {

/// The names a header declares, in their order and each once: "tls::errc", "tls::explain()", "TWINTLS_VERSION".
///
/// Types, concepts, functions, variables and macros; not names in a namespace `detail`, operators, forward declarations
/// or members of a class. Understands as much of C++ as our headers use.
[[nodiscard]] std::vector<std::string> names_in(std::string_view header);

} // namespace architecture

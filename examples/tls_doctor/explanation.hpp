// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/error.hpp>

#include <array>
#include <string>
#include <string_view>

namespace doctor {

/// What went wrong with one library.
struct failure {
    std::string_view library{}; ///< name and version
    tls::error const* error = nullptr;
};

/// Two failures for one reason, explained as one text in the words of the command line: what both have in common once,
/// and what is true of one only with its library.
[[nodiscard]] std::string explain_both(std::array<failure, 2> const& failures);

} // namespace doctor

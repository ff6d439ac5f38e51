// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "configure.hpp"
#include "options.hpp"
#include <tls/core/error.hpp>

namespace doctor {

/// Prints what a bug report needs before anything is tried: versions, compiler, what each library can do.
void print_environment();

/// Prints the settings from the command line, without the names of files.
void print_settings(options const& o, credentials const& c);

/// The same error, naming the option instead of the file it is about.
[[nodiscard]] tls::error without_file_names(tls::error e, options const& o);

} // namespace doctor

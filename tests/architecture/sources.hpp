// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

/// One `#include` line of ours: of a file in angle brackets under tls/, or of anything in quotes.
struct include {
    std::size_t line = 0;
    std::string target; ///< "tls/core/error.hpp"; with its quotes if it was written in quotes
};

/// One header or body.
struct source {
    std::string path;    ///< as `#include <...>` names it: "tls/core/error.hpp"
    std::string backend; ///< the folder under backends/ it belongs to; empty for the core
    std::string text;
    std::vector<include> includes;
};

/// A source from its text, also for tests of the rules.
[[nodiscard]] source make_source(std::string path, std::string backend, std::string text);

/// Every file under include/ and backends/*/include/ of the source tree, sorted by path.
[[nodiscard]] std::vector<source> read_sources(std::string const& root);

/// A whole file as text; ends the program with a message if it cannot be read.
[[nodiscard]] std::string read_file(std::string const& path);

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

} // namespace architecture

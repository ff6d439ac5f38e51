// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/compare/report.hpp>
#include <tls/compare/text_sink.hpp>
#include <tls/core/config.hpp>
#include <tls/core/vocabulary.hpp>

#include <span>
#include <string>

namespace tls {

/// A comparison as text of at most 100 columns: the table side by side, what differs, and the whole explanation of what
/// failed, once if it is the same for several.
///
/// Plain ASCII, each line with its newline. `words` name in explanations what can be set. More than four backends make
/// the table wider.
void to_text(std::span<compared_connection const> connections, text_sink to, vocabulary const& words = library_words);
/// The same as a string. May throw std::bad_alloc.
[[nodiscard]] std::string
to_text(std::span<compared_connection const> connections, vocabulary const& words = library_words);

/// The table only: a column for each backend.
void table_to_text(std::span<compared_connection const> connections, text_sink to);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/compare/impl/text.ipp>
#endif

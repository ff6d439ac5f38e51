// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/compare/report.hpp>
#include <tls/compare/text_sink.hpp>
#include <tls/core/config.hpp>

#include <span>
#include <string>

namespace tls {

/// A comparison as JSON (RFC 8259), one object in ASCII, with a newline at its end; docs/compare.md has its members.
///
/// What is not known or was not measured is null. Bytes beyond ASCII in an application protocol's name are written as
/// the characters of their number.
void to_json(std::span<compared_connection const> connections, text_sink to);
/// The same as a string. May throw std::bad_alloc.
[[nodiscard]] std::string to_json(std::span<compared_connection const> connections);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/compare/impl/json.ipp>
#endif

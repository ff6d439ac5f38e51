// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace tls::x509 {

/// Writes a distinguished name for people to read, for example "CN=device 1,O=Example".
///
/// `name` is a Name in DER with tag and length. The text is that of RFC 4514: the most specific part first, special
/// characters escaped with a backslash; controls and bytes that are not UTF-8 appear as \XX, so the text is safe to
/// print. Returns how many bytes the whole text has and writes as many of them as fit, without a NUL. Of a damaged
/// name, the readable beginning is written; of a long one, at most 32 parts.
std::size_t format_name(std::span<std::byte const> name, std::span<char> out) noexcept;

/// The same as a string. May throw std::bad_alloc.
[[nodiscard]] std::string to_text(std::span<std::byte const> name);

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/name.ipp>
#endif

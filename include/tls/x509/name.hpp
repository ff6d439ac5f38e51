// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/config.hpp>
#include <tls/x509/der.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// The same as a string. Allocates.
[[nodiscard]] std::string to_text(std::span<std::byte const> name);

/// The outcome of comparing names.
enum class comparison : std::uint8_t { equal, different, unknown };

/// Compares two RelativeDistinguishedNames, given as the SETs' contents, by RFC 5280 section 7.1 as far as it goes.
///
/// Equal bytes are equal. Otherwise single attributes of the same type are compared without regard to ASCII case,
/// surplus spaces and the kind of string; `unknown` where that would need Unicode tables or old character sets.
[[nodiscard]] comparison compare_rdn(std::span<std::byte const> a, std::span<std::byte const> b) noexcept;

/// Compares two Names (DER with tag and length) part by part as `compare_rdn` does.
[[nodiscard]] comparison compare_names(std::span<std::byte const> a, std::span<std::byte const> b) noexcept;

/// A number that two Names share if `compare_names` calls them equal, to tell most different names apart at once.
///
/// nullopt for a name of which `compare_names` may answer `unknown`, and for a damaged one.
[[nodiscard]] std::optional<std::uint64_t> name_fingerprint(std::span<std::byte const> name) noexcept;

/// Compares the beginning of `name` with all of `base`: whether `name` lies in the subtree under `base`.
[[nodiscard]] comparison compare_subtree(std::span<std::byte const> name, std::span<std::byte const> base) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/name.ipp>
#endif

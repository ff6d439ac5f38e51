// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::x509 {

/// Whether this is a Name in DER, with nothing after it and no part of it empty (RFC 5280 section 4.1.2.4); an empty
/// Name is one. The values of its attributes are not examined.
[[nodiscard]] bool is_name(std::span<std::byte const> name) noexcept;

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
#    include <tls/x509/impl/name_comparison.ipp>
#endif

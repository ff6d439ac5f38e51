// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/input_format.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tls::x509 {

/// Guesses what a file is by how it begins and, for DER, by its outermost structure. Total on any input.
[[nodiscard]] input_format recognise(std::span<std::byte const> input) noexcept;

/// What a block of a PEM text with this label holds; `unknown` also for certificates and for the private keys we read.
[[nodiscard]] input_format format_of_label(std::string_view label) noexcept;

/// The error of an input in this format, or `otherwise` where the format is not known; `part` stands before its name.
[[nodiscard]] error wrong_format(input_format f, errc otherwise, std::string_view part = {}) noexcept;

/// What bytes are that were given for a certificate in DER and cannot be parsed as one; `part` says which.
///
/// The codes: unexpected_private_key, wrong_format, bad_certificate_der.
[[nodiscard]] error not_a_certificate(std::span<std::byte const> der, std::string_view part = {}) noexcept;

/// The same of bytes given for a private key in DER.
///
/// The codes: empty_input, unexpected_certificate, wrong_format, bad_private_key.
[[nodiscard]] error not_a_private_key(std::span<std::byte const> der) noexcept;

} // namespace tls::x509

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/x509/impl/input_format.ipp>
#endif

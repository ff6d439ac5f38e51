// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>

#include <string>
#include <vector>

namespace tls::detail {

/// The whole content of a file; wiped from memory when it goes, because it may hold a private key.
///
/// Errors: file_not_found, file_unreadable (with errno), empty_input; each names the file. Files above 16 MiB are
/// refused as file_unreadable.
[[nodiscard]] result<x509::secret_bytes> read_file(std::string const& path) noexcept;

/// The paths of the regular files directly in a folder, sorted by name.
///
/// Errors: file_not_found, file_unreadable; each names the folder.
[[nodiscard]] result<std::vector<std::string>> files_in(std::string const& folder) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/core/impl/file.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/core/text_list.hpp>

#include <cstdint>

namespace tls::detail {

/// The content of a file, wiped when dropped; the system's buffers are not.
///
/// Errors: file_not_found, file_unreadable (also for a folder and for more than 16 MiB), empty_input, with the path and
/// errno; out_of_memory.
[[nodiscard]] result<x509::secret_bytes> read_file(char const* path) noexcept;

/// What becomes of links that lead nowhere.
enum class broken_links : std::uint8_t { are_passed_over, are_files };

/// The paths of all regular files in a folder, sorted.
///
/// Errors: file_not_found, file_unreadable, with the path and errno; out_of_memory.
[[nodiscard]] result<seam::text_list>
files_in(char const* folder, broken_links how = broken_links::are_passed_over) noexcept;

} // namespace tls::detail

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/core/impl/file.ipp>
#endif

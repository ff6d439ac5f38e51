// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace tls::detail {

TWINTLS_DECL result<x509::secret_bytes> read_file(std::string const& path) noexcept {
    constexpr std::uintmax_t largest = std::uintmax_t{16} * 1024 * 1024;
    std::error_code failed;
    auto const status = std::filesystem::status(path, failed);
    if (status.type() == std::filesystem::file_type::not_found)
        return std::unexpected(configuration_error(errc::file_not_found, path, ENOENT));
    if (failed) return std::unexpected(configuration_error(errc::file_unreadable, path, failed.value()));
    if (status.type() == std::filesystem::file_type::directory)
        return std::unexpected(configuration_error(errc::file_unreadable, path, EISDIR));

    auto const close = [](std::FILE* f) noexcept { (void)std::fclose(f); };
    std::unique_ptr<std::FILE, decltype(close)> const file(std::fopen(path.c_str(), "rb"), close);
    if (!file) return std::unexpected(configuration_error(errc::file_unreadable, path, errno));
    auto const size = std::filesystem::file_size(path, failed);
    if (failed) return std::unexpected(configuration_error(errc::file_unreadable, path, failed.value()));
    if (size == 0) return std::unexpected(configuration_error(errc::empty_input, path));
    if (size > largest) return std::unexpected(configuration_error(errc::file_unreadable, path, EFBIG));

    // Unbuffered: a buffer of stdio's would keep a copy of a key that nobody wipes.
    (void)std::setvbuf(file.get(), nullptr, _IONBF, 0);
    auto content = x509::secret_bytes::make(static_cast<std::size_t>(size));
    if (!content) return std::unexpected(content.error());
    if (std::fread(content->data(), 1, content->size(), file.get()) != content->size())
        return std::unexpected(configuration_error(errc::file_unreadable, path, EIO));
    return content;
}

TWINTLS_DECL result<std::vector<std::string>> files_in(std::string const& folder) noexcept {
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed))
        return std::unexpected(configuration_error(errc::file_not_found, folder, ENOENT));
    std::filesystem::directory_iterator at(folder, failed);
    if (failed) return std::unexpected(configuration_error(errc::file_unreadable, folder, failed.value()));
    std::vector<std::string> paths;
    while (at != std::filesystem::directory_iterator()) {
        std::error_code ignored;
        if (at->is_regular_file(ignored)) paths.push_back(at->path().string());
        at.increment(failed);
        if (failed) return std::unexpected(configuration_error(errc::file_unreadable, folder, failed.value()));
    }
    std::ranges::sort(paths);
    return paths;
}

} // namespace tls::detail

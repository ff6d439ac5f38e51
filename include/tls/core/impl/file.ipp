// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/file.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__unix__) || defined(__APPLE__)
#    include <dirent.h>
#endif

namespace tls::detail {

/// A file that the system refuses to give.
[[nodiscard]] inline std::unexpected<error> refused_file(char const* path, int system) noexcept {
    bool const is_missing = system == ENOENT || system == ENOTDIR;
    errc const code = system == ENOMEM ? errc::out_of_memory : errc::file_unreadable;
    return std::unexpected(configuration_error(is_missing ? errc::file_not_found : code, path, system));
}

/// An open file, read without a buffer: one of stdio's would keep a copy of a key that nobody wipes.
class open_file {
public:
    // A pipe that nobody writes into would not open.
    explicit open_file(char const* path) noexcept : number_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;
    ~open_file() {
        if (number_ >= 0) (void)::close(number_);
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    /// 0, or errno; EIO if the file is shorter.
    [[nodiscard]] int read(std::span<std::byte> into) const noexcept {
        while (!into.empty()) {
            ssize_t const n = ::read(number_, into.data(), into.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return n < 0 ? errno : EIO;
            into = into.subspan(static_cast<std::size_t>(n));
        }
        return 0;
    }

private:
    int number_;
};

TWINTLS_DECL result<x509::secret_bytes> read_file(char const* path) noexcept {
    constexpr std::uintmax_t largest = std::uintmax_t{16} * 1024 * 1024;
    open_file const file(path);
    struct stat status;
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return refused_file(path, errno);
    if (S_ISDIR(status.st_mode)) return refused_file(path, EISDIR);
    if (!S_ISREG(status.st_mode)) return refused_file(path, EINVAL); // its size means nothing
    auto const size = static_cast<std::uintmax_t>(status.st_size);
    if (size == 0) return std::unexpected(configuration_error(errc::empty_input, path));
    if (size > largest) return refused_file(path, EFBIG);
    auto content = x509::secret_bytes::make(static_cast<std::size_t>(size));
    if (!content) return std::unexpected(configuration_error(errc::out_of_memory, path));
    if (int const failed = file.read(content->span()); failed != 0) return refused_file(path, failed);
    return content;
}

#if defined(__unix__) || defined(__APPLE__)

TWINTLS_DECL result<seam::text_list> files_in(char const* folder, broken_links how) noexcept {
    struct close {
        void operator()(DIR* d) const noexcept { (void)::closedir(d); }
    };
    std::unique_ptr<DIR, close> const open(::opendir(folder));
    if (!open) {
        // A file is no folder, but it is there.
        struct stat status;
        bool const is_there = errno == ENOTDIR && ::stat(folder, &status) == 0;
        return is_there ? std::unexpected(configuration_error(errc::file_unreadable, folder, ENOTDIR))
                        : refused_file(folder, errno);
    }
    seam::text_list paths;
    for (;;) {
        errno = 0;
        dirent const* const found = ::readdir(open.get());
        if (found == nullptr) break;
        struct stat status;
        auto const is_there = [&](int flags) noexcept {
            return ::fstatat(::dirfd(open.get()), found->d_name, &status, flags) == 0;
        };
        bool const is_file =
            is_there(0) ? S_ISREG(status.st_mode) : how == broken_links::are_files && is_there(AT_SYMLINK_NOFOLLOW);
        if (is_file && !paths.add(folder, "/", found->d_name)) return refused_file(folder, ENOMEM);
    }
    if (errno != 0) return refused_file(folder, errno);
    paths.sort();
    return paths;
}

#else

TWINTLS_DECL result<seam::text_list> files_in(char const* folder, broken_links /*how*/) noexcept {
    return std::unexpected(configuration_error(errc::file_unreadable, folder, ENOSYS));
}

#endif

} // namespace tls::detail

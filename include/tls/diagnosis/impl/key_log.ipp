// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/core/secret.hpp>
#include <tls/diagnosis/key_log.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace tls {

struct key_log_file::descriptor {
    explicit descriptor(int d) noexcept : number(d) {}
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    ~descriptor() { (void)::close(number); }

    static void write(void* self, std::string_view line) noexcept {
        int const to = static_cast<descriptor*>(self)->number;
        while (::write(to, line.data(), line.size()) < 0 && errno == EINTR) {
        }
    }

    int number;
};

TWINTLS_DECL result<key_log_file> key_log_file::open(std::string const& path) noexcept {
    return open_path(path.c_str());
}

TWINTLS_DECL result<key_log_file> key_log_file::open_path(char const* path) noexcept {
    constexpr mode_t owner_only = 0600;
    // A pipe that nobody reads would hold up opening it, and then handshakes.
    int const opened = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, owner_only);
    if (opened < 0) {
        errc const code = errno == ENOENT ? errc::file_not_found : errc::file_unwritable;
        return std::unexpected(configuration_error(code, path, errno));
    }
    auto file = seam::shared<descriptor>::make(opened);
    if (!file) {
        (void)::close(opened);
        return std::unexpected(configuration_error(errc::out_of_memory, path));
    }
    return key_log_file(std::move(file));
}

TWINTLS_DECL result<key_log_file> key_log_file::from_environment() noexcept {
    char const* const path = std::getenv("SSLKEYLOGFILE");
    if (path == nullptr || *path == '\0') return key_log_file();
    return open_path(path);
}

TWINTLS_DECL key_log_sink key_log_file::sink() const noexcept {
    if (!file_) return {};
    return {descriptor::write, file_.get()};
}

} // namespace tls

namespace tls::detail {

TWINTLS_DECL key_log_line::key_log_line(
    logged_secret which, std::span<std::byte const> client_random, std::span<std::byte const> secret) noexcept {
    if (client_random.size() != random_size || secret.empty() || secret.size() > largest_secret) return;
    append(label(which));
    append(" ");
    append_hex(client_random);
    append(" ");
    append_hex(secret);
    append("\n");
}

TWINTLS_DECL key_log_line::~key_log_line() { x509::wipe(std::as_writable_bytes(std::span(text_))); }

TWINTLS_DECL void key_log_line::append(std::string_view text) noexcept {
    std::ranges::copy(text, text_.data() + size_);
    size_ += text.size();
}

TWINTLS_DECL void key_log_line::append_hex(std::span<std::byte const> bytes) noexcept {
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::byte const b : bytes) {
        text_[size_++] = digits[std::to_integer<unsigned>(b) >> 4];
        text_[size_++] = digits[std::to_integer<unsigned>(b) & 15];
    }
}

TWINTLS_DECL void log_secret(
    key_log_sink const& to, logged_secret which, std::span<std::byte const> client_random,
    std::span<std::byte const> secret) noexcept {
    key_log_line const line(which, client_random, secret);
    if (!line.view().empty()) to.write(to.user, line.view());
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#include "configure.hpp"

#include <tls/core/secret.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <unistd.h>

namespace doctor {

namespace {

/// The first line of the file, without its end.
tls::result<std::string> read_password(std::string const& path) {
    if (path.empty()) return std::string();
    errno = 0;
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line)) {
        auto const code = !file.is_open() && errno == ENOENT ? tls::errc::file_not_found
                          : file.eof()                       ? tls::errc::empty_input
                                                             : tls::errc::file_unreadable;
        return std::unexpected(tls::configuration_error(code, path, errno));
    }
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

/// Reads until the buffer is full or the file ends, past all buffers that keep what went through them.
tls::result<std::size_t> read_unbuffered(std::string const& path, std::span<char> into) {
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    std::size_t have = 0;
    ssize_t n = file;
    while (n > 0 || (n < 0 && errno == EINTR)) {
        n = ::read(file, into.data() + have, into.size() - have);
        if (n > 0) have += static_cast<std::size_t>(n);
    }
    int const why = n < 0 ? errno : 0;
    if (file >= 0) ::close(file);
    if (why == 0) return have;
    return std::unexpected(
        tls::configuration_error(why == ENOENT ? tls::errc::file_not_found : tls::errc::file_unreadable, path, why));
}

/// The key of --psk-file, of which this leaves no other copy.
tls::result<tls::pre_shared_key> read_psk(options const& o) {
    std::array<char, 512> content; // the longest key has 128 digits
    auto const size = read_unbuffered(o.psk_file, content);
    if (!size) return std::unexpected(size.error());
    std::string_view digits(content.data(), *size);
    while (!digits.empty() && std::string_view(" \t\r\n").contains(digits.back())) digits.remove_suffix(1);
    auto key = digits.empty() ? std::unexpected(tls::configuration_error(tls::errc::empty_input, o.psk_file))
                              : tls::pre_shared_key::from_hex(o.psk_identity, digits);
    tls::x509::wipe(std::as_writable_bytes(std::span(content)));
    if (key || key.error() != tls::errc::bad_psk) return key;
    auto e = key.error();
    if (e.about.view().starts_with("key")) e.about = std::string_view(o.psk_file + ", " + std::string(e.about.view()));
    return std::unexpected(e);
}

} // namespace

tls::result<credentials> read_credentials(options const& o) {
    credentials out;
    if (!o.psk_file.empty()) {
        auto shared = read_psk(o);
        if (!shared) return std::unexpected(shared.error());
        out.psk = std::move(*shared);
        return out;
    }
    if (!o.insecure) {
        auto anchors = o.ca.empty() ? tls::trust_anchors::system() : tls::trust_anchors::from_pem_file(o.ca);
        if (!anchors) return std::unexpected(anchors.error());
        out.anchors = std::move(*anchors);
    }
    if (o.certificate.empty()) return out;
    auto const password = read_password(o.password_file);
    if (!password) return std::unexpected(password.error());
    auto who = tls::identity::from_pem_files(o.certificate, o.key, *password);
    if (!who) return std::unexpected(who.error());
    out.who = std::move(*who);
    return out;
}

} // namespace doctor

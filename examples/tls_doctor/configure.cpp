// SPDX-License-Identifier: Apache-2.0
#include "configure.hpp"

#include <cerrno>
#include <fstream>
#include <string>

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

} // namespace

tls::result<credentials> read_credentials(options const& o) {
    credentials out;
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

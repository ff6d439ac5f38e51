// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include "report.hpp"
#include <tls/core/feature.hpp>
#include <tls/core/version.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/utsname.h>
#include <utility>

namespace doctor {
namespace {

void line(std::string_view label, std::string_view text) {
    std::string out(label);
    out.resize(11, ' ');
    print_indented(out + std::string(text));
}

std::string compiler() {
#if defined(__clang__)
    std::string out = "clang " __clang_version__;
#elif defined(__GNUC__)
    std::string out = "g++ " __VERSION__;
#else
    std::string out = "unknown";
#endif
    out += ", C++ " + std::to_string(__cplusplus);
#if !defined(__cpp_exceptions)
    out += ", without exceptions";
#endif
#if !defined(__cpp_rtti)
    out += ", without RTTI";
#endif
#if defined(TWINTLS_SEPARATE_COMPILATION)
    out += ", separate compilation";
#endif
    return out;
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : many);
}

/// Kernel and processor; not the name of the machine.
std::string system() {
    utsname about{};
    if (::uname(&about) != 0) return "unknown";
    return std::string(about.sysname) + ' ' + about.release + ", " + about.machine;
}

constexpr std::size_t feature_count = [] {
    std::size_t n = 0;
    while (name(static_cast<tls::feature>(n)) != name(static_cast<tls::feature>(255))) ++n;
    return n;
}();

template <class Backend> void print_library() {
    std::string lacks;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        auto const note = [&](bool supported, tls::feature f) {
            if (!supported) lacks += (lacks.empty() ? "" : ", ") + std::string(name(f));
        };
        (note(Backend::template supports<static_cast<tls::feature>(I)>, static_cast<tls::feature>(I)), ...);
    }(std::make_index_sequence<feature_count>());
    line(Backend::name, std::string(Backend::version()) + ", without " + (lacks.empty() ? "nothing" : lacks));
}

std::string described(tls::identity const& who) {
    auto const leaf = who.leaf();
    std::string out = counted(who.chain().size(), "certificate", "certificates") + " (--cert), the key ";
    switch (leaf.public_key_kind()) {
    case tls::x509::public_key_kind::rsa: out += "RSA"; break;
    case tls::x509::public_key_kind::ec: out += "EC"; break;
    case tls::x509::public_key_kind::ed25519: out += "Ed25519"; break;
    case tls::x509::public_key_kind::other: out += "of another kind"; break;
    }
    return out + ' ' + std::to_string(leaf.key_bits()) + (who.key_is_encrypted() ? ", encrypted" : "");
}

} // namespace

void print_environment() {
    std::cout << "Report for an issue. It holds no keys, passwords or file names, but the names of the server and\n"
                 "in the certificates: change those that nobody should see.\n\n";
    line("twintls", tls::version());
    line("compiler", compiler());
    line("system", system());
    print_library<tls::wolfssl>();
    print_library<tls::mbedtls>();
}

void print_settings(options const& o, credentials const& c) {
    line("versions", std::string(name(o.lowest())) + " to " + std::string(name(o.highest())));
    std::string protocols;
    for (std::string const& p : o.alpn) protocols += (protocols.empty() ? "" : ", ") + printable(p);
    line("ALPN", protocols.empty() ? "none" : protocols);
    std::string const anchors = counted(c.anchors.size(), "authority ", "authorities ");
    if (c.psk) {
        line("trust", "who has the pre-shared key (--psk-file)");
        line("identity", "the same");
    } else {
        line("trust", o.insecure ? "any server" : anchors + (o.ca.empty() ? "(the system's)" : "(--ca)"));
        line("identity", c.who ? described(*c.who) : "none");
    }
    line("timeout", std::to_string(o.timeout.count()) + " ms");
    std::cout << '\n';
}

namespace {

/// Whether an error names this file, of whose path it may have kept the end only.
bool is_path(std::string_view named, std::string const& path) {
    constexpr std::string_view cut = "...";
    if (named.starts_with(cut))
        return path.size() > named.size() - cut.size() && path.ends_with(named.substr(cut.size()));
    return named == path;
}

} // namespace

tls::error without_file_names(tls::error e, options const& o) {
    std::pair<std::string const*, std::string_view> const files[] = {
        {&o.ca, "the file of --ca"},
        {&o.certificate, "the file of --cert"},
        {&o.key, "the file of --key"},
        {&o.password_file, "the file of --password-file"},
        {&o.psk_file, "the file of --psk-file"},
    };
    std::string const about(e.about.view());
    // The file, and often what in it is at fault: "chain.pem, certificate 2". A path may have commas too.
    for (std::size_t end = about.find(", ");; end = about.find(", ", end + 1)) {
        std::string_view const named = std::string_view(about).substr(0, end);
        for (auto const& [path, option] : files)
            if (!path->empty() && is_path(named, *path)) {
                std::string const shown = std::string(option) + about.substr(named.size());
                e.about = std::string_view(shown);
                return e;
            }
        if (end == std::string::npos) return e;
    }
}

} // namespace doctor

// SPDX-License-Identifier: Apache-2.0
// More than authorities: pins, revocation lists, a check of the program's own; and what is known of a server
// afterwards.
//
//   10_whom_we_trust <host> <port> <ca.pem> [pin=sha256/...]... [crls=<file or folder>] [exactly=<server.pem>]
//
// Without a pin it prints the server's, so that it can be given next time.
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

using backend = tls::mbedtls; // or tls::wolfssl, and nothing else changes

namespace {

struct arguments {
    std::vector<std::string> pins{};
    std::string lists{};
    std::string server{};
};

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

/// Authorities, or one server that is trusted as it is.
tls::result<tls::trust_anchors> trusted(std::string const& authority, std::string const& server) {
    if (server.empty()) return tls::trust_anchors::from_pem_file(authority);
    return tls::trust_anchors::exactly(tls::trust_anchors::from_pem_file(server));
}

/// The program's own rule: a certificate that lives longer than 398 days is none of ours.
tls::objection check(tls::judged_server const& server) noexcept {
    auto const& leaf = server.path.front();
    constexpr std::int64_t longest = std::int64_t{398} * 86400;
    return leaf.not_after() - leaf.not_before() <= longest ? tls::no_objection
                                                           : tls::objection("its certificate lives for years");
}

/// A certificate as PEM, and the pin of its key.
void print(tls::x509::certificate_view const& certificate) {
    std::string pem(tls::x509::pem_size(certificate.der().size()), ' ');
    std::cout << tls::x509::to_pem(certificate.der(), pem);
    tls::key_digest digest{};
    std::array const key = {certificate.spki()};
    if (backend::sha256(key, digest)) std::cout << "pin=" << tls::pin_text(digest).view() << '\n';
}

} // namespace

int main(int argc, char** argv) {
    arguments given;
    for (int i = 4; i < argc; ++i) {
        std::string_view const one = argv[i];
        if (one.starts_with("pin="))
            given.pins.emplace_back(one.substr(4));
        else if (one.starts_with("crls="))
            given.lists = one.substr(5);
        else if (one.starts_with("exactly="))
            given.server = one.substr(8);
        else
            argc = 0;
    }
    if (argc < 4) {
        std::cerr << "usage: 10_whom_we_trust <host> <port> <ca.pem> [pin=...]... [crls=...] [exactly=...]\n";
        return 2;
    }

    auto plain = tls::client<backend>::configure().also_require(check).keep_peer_path();
    if (!given.pins.empty()) plain = std::move(plain).pins(tls::key_pins::of_path(given.pins));
    if (!given.lists.empty())
        plain = std::move(plain).revocation(
            std::filesystem::is_directory(given.lists) ? tls::revocation_lists::from_folder(given.lists)
                                                       : tls::revocation_lists::from_file(given.lists));
    auto const client = std::move(plain).trust(trusted(argv[3], given.server)).no_identity().build();
    if (!client) return failed(client.error());

    auto stream = tls::tcp_stream::connect(argv[1], static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10)));
    if (!stream) return failed(stream.error());
    auto session = client->connect(tls::server_name::parse(argv[1]), std::move(*stream));
    if (!session) return failed(session.error());

    auto const path = session->facts().path;
    std::cout << path.sent().size() << " certificates were sent, " << path.accepted().size() << " are on the path\n";
    print(path.accepted().front());
    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

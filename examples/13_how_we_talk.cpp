// SPDX-License-Identifier: Apache-2.0
// How we talk: a frozen profile, short records, one of several identities, a server behind a gateway, its OCSP status,
// and what binds an application's own login to the connection.
//
//   13_how_we_talk <wolfssl|mbedtls> <gateway> <port> <ca.pem> <name to verify>
//                  [profile=<name>] [fragment=<bytes>] [identity=<chain.pem>,<key.pem>]... [stapled]
#include <tls/any_client.hpp>
#include <tls/configuration/list_of_names.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

// What both libraries must be able to do, or this program does not compile; stapling is asked for below.
static_assert(tls::parity<
              tls::wolfssl, tls::mbedtls, tls::feature::max_fragment_length, tls::feature::several_identities,
              tls::feature::exporter>);

namespace {

struct arguments {
    std::string_view profile = "modern_2026";
    std::size_t fragment = 0;
    tls::identity_choice identities{};
    bool stapled = false;
};

int failed(tls::error const& e) {
    std::cerr << tls::explain(e) << '\n';
    return 1;
}

std::optional<arguments> parse(int argc, char** argv) {
    arguments a;
    for (std::string_view const text : std::span(argv, static_cast<std::size_t>(argc)).subspan(6)) {
        auto const value = text.substr(text.find('=') + 1);
        if (text.starts_with("profile=")) {
            a.profile = value;
        } else if (text.starts_with("fragment=")) {
            auto const read = std::from_chars(value.data(), value.data() + value.size(), a.fragment);
            if (read.ec != std::errc{} || read.ptr != value.data() + value.size()) return std::nullopt;
        } else if (text.starts_with("identity=") && value.contains(',')) {
            std::string const chain(value.substr(0, value.find(',')));
            std::string const key(value.substr(value.find(',') + 1));
            a.identities.add(tls::identity::from_pem_files(chain, key));
        } else if (text == "stapled") {
            a.stapled = true;
        } else {
            return std::nullopt;
        }
    }
    return a;
}

/// A client of the backend whose builder is given.
template <class Backend>
tls::result<tls::client<Backend>> configured(tls::builder<Backend> start, char** argv, arguments const& a) {
    // The gateway is connected to and named to it; the server behind it proves the other name.
    auto who = std::move(start)
                   .trust(tls::trust_anchors::from_pem_file(argv[4]))
                   .profile(tls::profile_from(a.profile))
                   .verify_these_names_instead({argv[5]})
                   .exporter();
    if (a.fragment != 0) who = std::move(who).max_fragment_length(a.fragment);
    if (a.stapled) {
        if constexpr (Backend::template supports<tls::feature::stapled_status>)
            who = std::move(who).require_stapled_status();
        else
            return std::unexpected(
                tls::configuration_error(tls::errc::unsupported, name(tls::feature::stapled_status)));
    }
    if (a.identities.size() == 0) return std::move(who).no_identity().build();
    return std::move(who).identities(a.identities).build();
}

} // namespace

int main(int argc, char** argv) {
    auto const a = argc >= 6 ? parse(argc, argv) : std::nullopt;
    if (!a) {
        std::cerr << "usage: 13_how_we_talk <wolfssl|mbedtls> <gateway> <port> <ca.pem> <name to verify>\n"
                     "           [profile=<name>] [fragment=<bytes>] [identity=<chain.pem>,<key.pem>]... [stapled]\n";
        return 2;
    }
    auto const client = tls::any_client::build<tls::wolfssl, tls::mbedtls>(
        argv[1], [&]<class Backend>(tls::builder<Backend> start) { return configured(std::move(start), argv, *a); });
    if (!client) return failed(client.error());

    auto const port = static_cast<std::uint16_t>(std::strtoul(argv[3], nullptr, 10));
    auto stream = tls::tcp_stream::connect(argv[2], port, {.read_timeout = std::chrono::seconds(10)});
    if (!stream) return failed(stream.error());
    auto session = client->connect(tls::server_name::parse(argv[2]), std::move(*stream));
    if (!session) return failed(session.error());

    tls::facts const facts = session->facts();
    std::cout << client->backend_name() << ", " << name(facts.version) << ", " << name(facts.suite) << '\n';
    if (facts.max_fragment_length) std::cout << "records of the server: at most " << *facts.max_fragment_length << '\n';
    if (facts.identity)
        std::cout << "identity " << facts.identity->index + 1 << ": " << name(facts.identity->why) << '\n';

    // A login that both ends mix this into cannot be passed on by somebody in the middle (RFC 9266).
    auto const binding = session->channel_binding();
    if (!binding) return failed(binding.error());
    std::cout << "tls-exporter: " << std::hex << std::setfill('0');
    for (std::byte const b : *binding) std::cout << std::setw(2) << std::to_integer<unsigned>(b);
    std::cout << '\n';

    if (auto const closed = session->close(); !closed) return failed(closed.error());
    return 0;
}

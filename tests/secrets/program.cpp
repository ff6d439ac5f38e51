// SPDX-License-Identifier: Apache-2.0
#include "memory_scan.hpp"
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// twintls_secrets_program <backend> <version> <port> <folder> <name=masked octets in hexadecimal>...
///
/// Connects with the identity in the folder, sends `request` to a server that echoes, and gives everything back. Then
/// says what of the octets named, and of the secrets of the connection, is in memory, a line each; "nothing" if nothing
/// is.
namespace {

using secrets::masked;

/// The secrets of a connection, as the library hands them out for a key log: the last word of each line.
void keep_masked(void* user, std::string_view line) noexcept {
    auto& all = *static_cast<std::vector<masked>*>(user);
    auto const digits = line.substr(line.rfind(' ') + 1);
    masked m{std::string(line.substr(0, line.find(' '))), {}};
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned octet = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, octet, 16);
        m.octets.push_back(static_cast<unsigned char>(octet ^ masked::mask));
    }
    all.push_back(std::move(m));
}

/// Turns masked octets into what they stand for, for as long as it lives.
class unmasked {
public:
    explicit unmasked(masked const& m) : size_(m.octets.size()) {
        for (std::size_t i = 0; i != size_; ++i) text_[i] = static_cast<char>(m.octets[i] ^ masked::mask);
    }
    unmasked(unmasked const&) = delete;
    unmasked& operator=(unmasked const&) = delete;
    ~unmasked() { tls::x509::wipe(std::as_writable_bytes(std::span(text_))); }
    [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

private:
    std::array<char, 4096> text_{};
    std::size_t size_;
};

masked const& named(std::vector<masked> const& all, std::string_view name) {
    for (masked const& m : all)
        if (m.name == name) return m;
    std::printf("no %s\n", std::string(name).c_str());
    std::exit(2);
}

template <class E> [[noreturn]] void fail(E const& e) {
    std::printf("%s\n", tls::explain(e).c_str());
    std::exit(2);
}

/// True if the search finds each secret that an identity keeps, as it is or turned round.
[[gnu::noinline]] bool finds_all_kept(std::vector<masked> const& all) {
    auto const found = secrets::find_in_memory(all);
    return std::ranges::all_of(all, [&](masked const& m) {
        bool const passes_by = m.name == "request" || m.name == "the key's text";
        auto const first_name = m.name.substr(0, m.name.find(','));
        return passes_by || std::ranges::any_of(found, [&](std::string const& f) { return f.starts_with(first_name); });
    });
}

/// The whole life of a client.
template <class B>
[[gnu::noinline]] void live(
    tls::protocol_version v, std::uint16_t port, std::string const& folder, std::vector<masked>& all,
    bool& found_alive) {
    std::vector<masked> of_connection;
    of_connection.reserve(16);
    {
        unmasked const password(named(all, "password"));
        auto const who = tls::identity::from_pem_files(folder + "/chain.pem", folder + "/key.pem", password.view());
        if (!who) fail(who.error());
        auto const client = tls::client<B>::configure()
                                .trust(tls::trust_anchors::from_pem_file(folder + "/root.pem"))
                                .identity(*who)
                                .versions(v, v)
                                .key_log(tls::key_log_sink{keep_masked, &of_connection})
                                .build();
        if (!client) fail(client.error());
        auto tcp = tls::tcp_stream::connect("127.0.0.1", port);
        if (!tcp) fail(tcp.error());
        auto session = client->connect(tls::server_name::dns("localhost"), std::move(*tcp));
        if (!session) fail(session.error());
        {
            unmasked const request(named(all, "request"));
            auto const text = request.view();
            if (auto const sent = session->write_all(std::as_bytes(std::span(text))); !sent) fail(sent.error());
            std::array<std::byte, 4096> reply{};
            for (std::size_t have = 0; have < text.size();) {
                auto const n = session->read_some(std::span(reply).subspan(have));
                if (!n) fail(n.error());
                have += *n;
            }
            tls::x509::wipe(reply);
        }
        // While they are in use they are there: what follows can fail.
        found_alive = finds_all_kept(all) && !secrets::find_in_memory(of_connection).empty();
        if (auto const closed = session->close(); !closed) fail(closed.error());
    }
    all.insert(all.end(), of_connection.begin(), of_connection.end());
}

} // namespace

int main(int count, char** values) {
    if (count < 5) return 2;
    std::vector<masked> all;
    for (int i = 5; i < count; ++i) {
        std::string_view const argument = values[i];
        auto const equals = argument.find('=');
        masked m{std::string(argument.substr(0, equals)), {}};
        for (std::size_t at = equals + 1; at + 1 < argument.size(); at += 2) {
            unsigned octet = 0;
            std::from_chars(argument.data() + at, argument.data() + at + 2, octet, 16);
            m.octets.push_back(static_cast<unsigned char>(octet));
        }
        all.push_back(std::move(m));
    }
    auto const version =
        std::string_view(values[2]) == "1.3" ? tls::protocol_version::tls_1_3 : tls::protocol_version::tls_1_2;
    auto const port = static_cast<std::uint16_t>(std::atoi(values[3]));
    bool found_alive = false;
    if (std::string_view(values[1]) == "wolfssl")
        live<tls::wolfssl>(version, port, values[4], all, found_alive);
    else
        live<tls::mbedtls>(version, port, values[4], all, found_alive);
    if (!found_alive) std::printf("the search does not find what is there\n");
    auto const found = secrets::find_in_memory(all);
    for (std::string const& what : found) std::printf("%s\n", what.c_str());
    if (found.empty()) std::printf("nothing\n");
    return found.empty() && found_alive ? 0 : 1;
}

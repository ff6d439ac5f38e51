// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// The lines of a key log: the same from both backends, and none unless asked for.
namespace parity::key_log_cases {
namespace {

using lines = std::vector<std::string>;

void collect(void* to, std::string_view line) noexcept { static_cast<lines*>(to)->emplace_back(line); }

/// A line taken apart.
struct entry {
    std::string label, random, secret;
};

entry parse(std::string const& line) {
    entry e;
    REQUIRE(line.ends_with('\n'));
    std::istringstream in(line);
    in >> e.label >> e.random >> e.secret;
    REQUIRE(in);
    CHECK(line == e.label + " " + e.random + " " + e.secret + "\n");
    CHECK((e.random + e.secret).find_first_not_of("0123456789abcdef") == std::string::npos);
    return e;
}

std::string hex(testbed::byte_view data) {
    std::string out;
    for (std::byte const b : data)
        for (unsigned const digit : {std::to_integer<unsigned>(b) >> 4, std::to_integer<unsigned>(b) & 15U})
            out += "0123456789abcdef"[digit];
    return out;
}

/// The client random as it went over the wire.
std::string random_sent(testbed::wire::byte_pipe const& pipe) {
    auto const hello = testbed::wire::find(pipe.to_server.history(), tls::handshake_message::client_hello);
    REQUIRE(hello);
    return hex(testbed::byte_view(hello->body).subspan(2, 32));
}

/// A client whose secrets go into a file.
template <class B> tls::result<tls::client<B>> build_with_file(protocol_version v, std::string const& path) {
    auto into_file = tls::client<B>::configure().versions(v, v).key_log(tls::key_log_file::open(path));
    return std::move(into_file).trust(trust(pki())).no_identity().build();
}

PARITY_CASE("each secret of a connection is logged once, under its client random", pairings, P, v) {
    for (tls::cipher_suite const suite :
         {tls::cipher_suite::aes_128_gcm_sha256, tls::cipher_suite::aes_256_gcm_sha384}) {
        lines log;
        auto options = good_server(v);
        if (v == protocol_version::tls_1_3) options.suites = {static_cast<std::uint16_t>(suite)};
        auto c = connected<P>(only(v, {.key_log = tls::key_log_sink{collect, &log}}), options);

        std::multiset<std::string> labels;
        std::set<std::string> secrets;
        std::size_t const secret_size = v == protocol_version::tls_1_2                   ? 48
                                        : suite == tls::cipher_suite::aes_128_gcm_sha256 ? 32
                                                                                         : 48;
        for (std::string const& line : log) {
            entry const e = parse(line);
            labels.insert(e.label);
            secrets.insert(e.secret);
            CHECK(e.random == random_sent(c.pipe));
            CHECK(e.secret.size() == 2 * secret_size);
        }
        std::multiset<std::string> const expected =
            v == protocol_version::tls_1_2 ? std::multiset<std::string>{"CLIENT_RANDOM"}
                                           : std::multiset<std::string>{
                                                 "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                                 "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"};
        CHECK(labels == expected);
        CHECK(secrets.size() == expected.size());
    }
}

PARITY_CASE("a second connection has lines of its own", backends, B) {
    lines log;
    constexpr auto v = protocol_version::tls_1_2;
    auto const client = client_of<B>(only(v, {.key_log = tls::key_log_sink{collect, &log}}));
    for (int i = 0; i < 2; ++i) {
        auto c = converse<pairing<B, testbed::mbedtls_server>>(client, good_server(v));
        REQUIRE(c.run());
    }
    REQUIRE(log.size() == 2);
    CHECK(parse(log[0]).random != parse(log[1]).random);
}

PARITY_CASE("a file lives as long as the connections that write to it", backends, B) {
    testbed::temporary_directory const folder;
    auto const path = (folder.path() / "keys.txt").string();
    auto c = [&] {
        auto const client = build_with_file<B>(protocol_version::tls_1_3, path);
        REQUIRE(client);
        return converse<pairing<B, testbed::wolfssl_server>>(*client, good_server(protocol_version::tls_1_3));
    }();
    REQUIRE(c.run());
    std::ifstream in(path);
    lines found;
    for (std::string line; std::getline(in, line);) found.push_back(line + "\n");
    CHECK(found.size() == 4);
    for (std::string const& line : found) CHECK(parse(line).random == random_sent(c.pipe));
}

PARITY_CASE("a file that cannot be opened is an error of build()", backends, B) {
    auto const client = build_with_file<B>(protocol_version::tls_1_3, "/no such folder/keys.txt");
    REQUIRE(!client);
    CHECK(client.error().code == errc::file_not_found);
    CHECK(client.error().about.view() == "/no such folder/keys.txt");
}

PARITY_CASE("without a call nothing is logged, whatever the environment says", backends, B) {
    testbed::temporary_directory const folder;
    auto const path = folder.path() / "keys.txt";
    REQUIRE(::setenv("SSLKEYLOGFILE", path.c_str(), 1) == 0);
    for (protocol_version const v : versions) {
        auto const plain = build<B>(only(v));
        auto const without_function = build<B>(only(v, {.key_log = tls::key_log_sink{}}));
        for (auto const* const client : {&plain, &without_function}) {
            REQUIRE(*client);
            auto c = converse<pairing<B, testbed::mbedtls_server>>(**client, good_server(v));
            REQUIRE(c.run());
        }
    }
    REQUIRE(::unsetenv("SSLKEYLOGFILE") == 0);
    CHECK_FALSE(std::filesystem::exists(path));
}

} // namespace
} // namespace parity::key_log_cases

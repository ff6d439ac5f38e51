// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// The lines of a key log: the same from both backends, and none that nobody asked for.
namespace parity {
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

template <class Backend> auto configure(protocol_version v) {
    return tls::client<Backend>::configure().versions(v, v).trust(trust(pki())).no_identity();
}

TEST_CASE_TEMPLATE_DEFINE("each secret of a connection is logged once, under its client random", P, logged) {
    for (protocol_version const v : versions) {
        for (tls::cipher_suite const suite :
             {tls::cipher_suite::aes_128_gcm_sha256, tls::cipher_suite::aes_256_gcm_sha384}) {
            lines log;
            auto const client = configure<typename P::backend>(v).key_log({collect, &log}).build();
            REQUIRE(client);
            auto options = good_server(v);
            if (v == protocol_version::tls_1_3) options.suites = {static_cast<std::uint16_t>(suite)};
            auto c = converse<P>(*client, options);
            REQUIRE(c.run());

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
                v == protocol_version::tls_1_2
                    ? std::multiset<std::string>{"CLIENT_RANDOM"}
                    : std::multiset<std::string>{
                          "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                          "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"};
            CHECK(labels == expected);
            CHECK(secrets.size() == expected.size());
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(logged, pairings);

TEST_CASE_TEMPLATE_DEFINE("a second connection has lines of its own", B, second) {
    lines log;
    auto const client = configure<B>(protocol_version::tls_1_2).key_log({collect, &log}).build();
    REQUIRE(client);
    for (int i = 0; i < 2; ++i) {
        auto c = converse<pairing<B, testbed::mbedtls_server>>(*client, good_server(protocol_version::tls_1_2));
        REQUIRE(c.run());
    }
    REQUIRE(log.size() == 2);
    CHECK(parse(log[0]).random != parse(log[1]).random);
}
TEST_CASE_TEMPLATE_APPLY(second, backends);

TEST_CASE_TEMPLATE_DEFINE("a file lives as long as the connections that write to it", B, file) {
    testbed::temporary_directory const folder;
    auto const path = (folder.path() / "keys.txt").string();
    auto c = [&] {
        auto const client = configure<B>(protocol_version::tls_1_3).key_log(tls::key_log_file::open(path)).build();
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
TEST_CASE_TEMPLATE_APPLY(file, backends);

TEST_CASE_TEMPLATE_DEFINE("a file that cannot be opened is an error of build()", B, bad_file) {
    auto const client =
        configure<B>(protocol_version::tls_1_3).key_log(tls::key_log_file::open("/no such folder/keys.txt")).build();
    REQUIRE(!client);
    CHECK(client.error().code == errc::file_not_found);
    CHECK(client.error().about.view() == "/no such folder/keys.txt");
}
TEST_CASE_TEMPLATE_APPLY(bad_file, backends);

TEST_CASE_TEMPLATE_DEFINE("without a call nothing is logged, whatever the environment says", B, unasked) {
    testbed::temporary_directory const folder;
    auto const path = folder.path() / "keys.txt";
    REQUIRE(::setenv("SSLKEYLOGFILE", path.c_str(), 1) == 0);
    for (protocol_version const v : versions) {
        auto const plain = build<B>(only(v));
        auto const without_function = configure<B>(v).key_log(tls::key_log_sink{}).build();
        for (auto const* const client : {&plain, &without_function}) {
            REQUIRE(*client);
            auto c = converse<pairing<B, testbed::mbedtls_server>>(**client, good_server(v));
            REQUIRE(c.run());
        }
    }
    REQUIRE(::unsetenv("SSLKEYLOGFILE") == 0);
    CHECK_FALSE(std::filesystem::exists(path));
}
TEST_CASE_TEMPLATE_APPLY(unasked, backends);

} // namespace
} // namespace parity

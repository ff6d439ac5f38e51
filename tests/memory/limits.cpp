// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"
#include "testbed/server_thread.hpp"

#include <concepts>
#include <memory>
#include <string>

/// The smallest heap in which a client with a certificate connects; docs/memory.md says these numbers.
namespace memory_cases {
namespace {

/// A server for as many connections as a search takes, and the files of its clients.
struct place {
    explicit place(tls::protocol_version v) : server({.server = parity::strict_server(v), .connections = tries}) {
        auto const& p = parity::pki();
        folder.write_file("root.pem", p.root_pem());
        folder.write_file("chain.pem", p.client.chain_pem());
        folder.write_file("key.pem", p.client.private_key->pkcs8_pem());
    }
    static constexpr int tries = 24;

    testbed::temporary_directory folder{};
    testbed::server_thread<testbed::wolfssl_server> server;
};

/// What the program says within so many bytes.
template <class B> std::string within(place const& where, tls::protocol_version v, std::size_t bytes) {
    testbed::process program(
        {MEMORY_PROGRAM, std::string(B::name), v == tls::protocol_version::tls_1_3 ? "1.3" : "1.2",
         std::to_string(bytes), std::to_string(where.server.port()), where.folder.path().string()});
    (void)program.wait();
    return program.output();
}

/// In bytes, on a 64 bit processor; a tenth more is the slack, for certificates of another length and releases.
template <class B> constexpr std::size_t documented(tls::protocol_version v) {
    bool const is_1_3 = v == tls::protocol_version::tls_1_3;
    if constexpr (std::same_as<B, tls::wolfssl>) return is_1_3 ? 30976 : 29696;
    return is_1_3 ? 71168 : 62720;
}

} // namespace

PARITY_CASE("memory: a client with a certificate connects within what is documented", parity::backends, B, v) {
    place const here(v);
    constexpr std::size_t step = 256;
    std::size_t few = 0;
    std::size_t enough = 256 * 1024;
    while (enough - few > step) {
        std::size_t const middle = (few + enough) / 2;
        auto const said = within<B>(here, v, middle);
        bool const fits = said == "ok\n";
        if (!fits) CHECK(said == std::string(tls::name(tls::errc::out_of_memory)) + "\n");
        (fits ? enough : few) = middle;
    }
    MESSAGE(std::string(B::name), ", ", std::string(tls::name(v)), ": ", enough, " bytes");
    CHECK(enough <= documented<B>(v) * 11 / 10);
    CHECK(enough >= documented<B>(v) * 9 / 10); // else the documents say too much
}

} // namespace memory_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "secrets/memory_scan.hpp"
#include "testbed/process.hpp"
#include "testbed/server_thread.hpp"

#include <algorithm>
#include <string>
#include <vector>

/// What a program keeps of its secrets: nothing, once the last object that needs them is gone.
namespace secrets_cases {
namespace {

/// "<name>=<octets>", masked, as the program takes it.
std::string argument(std::string_view name, testbed::byte_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(name);
    text += '=';
    for (std::byte const b : value) {
        unsigned const octet = std::to_integer<unsigned>(b) ^ secrets::masked::mask;
        text += digits[octet >> 4U];
        text += digits[octet & 15U];
    }
    return text;
}

/// Parts of a private key in which nothing public lies, as they are and turned round: libraries keep numbers that way.
std::vector<std::string> parts_of(testbed::key const& key, testbed::key_kind kind) {
    auto const der = key.traditional_der();
    // SEC1: version, and the scalar behind its header. PKCS#1: the private exponent begins past the modulus, and the
    // primes follow in the last quarters.
    bool const is_ec = kind != testbed::key_kind::rsa_2048;
    std::vector<std::pair<std::string, testbed::byte_view>> parts;
    auto const all = testbed::byte_view(der);
    if (is_ec) {
        std::size_t const at = der[1] < std::byte{0x80} ? 7 : 8; // behind the lengths, the version and a tag
        parts.emplace_back("the scalar", all.subspan(at, 24));
    } else {
        parts.emplace_back("the exponent", all.subspan(der.size() / 3, 24));
        parts.emplace_back("a prime", all.subspan(der.size() / 2 + 30, 24));
        parts.emplace_back("a coefficient", all.last(24));
    }
    std::vector<std::string> arguments;
    for (auto const& [name, value] : parts) {
        arguments.push_back(argument(name, value));
        testbed::bytes turned(value.rbegin(), value.rend());
        arguments.push_back(argument(name + ", turned round", turned));
    }
    return arguments;
}

/// What the program finds.
template <class Server>
std::string
run(std::string const& backend, tls::protocol_version v, testbed::key_kind kind, std::string const& key_pem,
    std::string const& password) {
    using testbed::view_of;
    auto const& pki = parity::pki(kind);
    testbed::temporary_directory folder;
    folder.write_file("root.pem", pki.root_pem());
    folder.write_file("chain.pem", pki.client.chain_pem());
    folder.write_file("key.pem", key_pem);
    auto options = testbed::server_options::showing(pki.server, v);
    options.require_client_certificate = true;
    options.client_anchors = {pki.root.certificate};
    testbed::server_thread<Server> server({.server = options});
    std::vector<std::string> arguments = {
        SECRETS_PROGRAM,
        backend,
        v == tls::protocol_version::tls_1_3 ? "1.3" : "1.2",
        std::to_string(server.port()),
        folder.path().string(),
        argument("password", view_of(password)),
        argument("request", view_of("a request that nobody else should ever read"))};
    auto const parts = parts_of(*pki.client.private_key, kind);
    arguments.insert(arguments.end(), parts.begin(), parts.end());
    if (key_pem.starts_with("-----BEGIN PRIVATE KEY")) // its text says the key
        arguments.push_back(argument("the key's text", view_of(key_pem).subspan(key_pem.size() / 2, 30)));
    testbed::process program(arguments);
    (void)program.wait();
    return program.output();
}

} // namespace

TEST_CASE("secrets: none is in memory once a client, its identity and its session are gone") {
    for (std::string const backend : {"wolfssl", "mbedtls"})
        for (auto const v : parity::versions)
            for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::p384, testbed::key_kind::rsa_2048})
                for (bool const encrypted : {false, true}) {
                    CAPTURE(backend);
                    CAPTURE(tls::name(v));
                    CAPTURE(static_cast<int>(kind));
                    CAPTURE(encrypted);
                    auto const& key = *parity::pki(kind).client.private_key;
                    std::string const password = "a password that stays here";
                    auto const pem = encrypted ? key.encrypted_pkcs8_pem(password) : key.pkcs8_pem();
                    CHECK(run<testbed::mbedtls_server>(backend, v, kind, pem, password) == "nothing\n");
                }
}

} // namespace secrets_cases

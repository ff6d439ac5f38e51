// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "secrets/memory_scan.hpp"
#include "testbed/key_encryption.hpp"
#include "testbed/pem.hpp"
#include "testbed/process.hpp"
#include "testbed/sealed_records.hpp"
#include "testbed/server_thread.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdlib>
#include <map>
#include <sstream>
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

/// What a program that looks for keys also has to look for: a library may keep them as numbers.
void add_key(std::vector<std::string>& to, std::string const& name, testbed::byte_view value) {
    to.push_back(argument(name, value));
    testbed::bytes words(value.begin(), value.end());
    for (std::size_t i = 0; i + 4 <= words.size(); i += 4)
        std::ranges::reverse(std::span(words).subspan(i, 4)); // of 32 bits
    to.push_back(argument(name + ", in words", words));
}

/// What the program has said of one connection, by name, no longer masked.
using learnt = std::map<std::string, testbed::bytes>;

/// The session inside a ticket that was sealed with zeros, as the library writes it; impl/ticket.hpp has the format.
template <class B> testbed::bytes session_in(testbed::bytes sealed) {
    constexpr std::size_t header = 5;
    constexpr std::size_t text_at = header + tls::seam::seal_nonce_size + tls::seam::seal_tag_size;
    std::array<std::byte, tls::seam::seal_key_size> const zeros{};
    std::span<std::byte> const all = sealed;
    REQUIRE(B::open(
        {zeros, all.first(header), all.subspan<header, tls::seam::seal_nonce_size>(), all.subspan(text_at),
         all.subspan<header + tls::seam::seal_nonce_size, tls::seam::seal_tag_size>()}));
    testbed::byte_view left = all.subspan(text_at);
    auto const skip = [&left](std::size_t octets_of_length) {
        std::size_t size = 0;
        for (auto const b : left.first(octets_of_length)) size = size << 8U | std::to_integer<std::size_t>(b);
        auto const field = left.subspan(octets_of_length, size);
        left = left.subspan(octets_of_length + size);
        return field;
    };
    skip(1);                                      // the backend
    skip(1);                                      // the library's version
    left = left.subspan(2 * 32 + 2 + 5 * 8 + 32); // whose it is, the version, times and lists
    skip(4);                                      // the server's certificate
    auto const session = skip(4);
    return {session.begin(), session.end()};
}

/// The secrets in a session of TLS 1.3: of resumption, and what may be made of it.
template <class B> void add_session(std::vector<std::string>& to, testbed::bytes const& session) {
    constexpr std::size_t size = 32;
    auto const all = testbed::byte_view(session);
    if constexpr (std::same_as<B, tls::wolfssl>) {
        // Behind a side and two times lies the number of the session, and then the secret.
        auto const secret = all.subspan(10 + std::to_integer<std::size_t>(all[9]), size);
        add_key(to, "resumption secret", secret);
        for (std::size_t i = 0; i + 1 + size <= all.size(); ++i) // one of these is the nonce
            if (all[i] == std::byte{size})
                to.push_back(argument(
                    "PSK of a ticket", testbed::expand_label(secret, "resumption", size, all.subspan(i + 1, size))));
    } else {
        // Behind the library's version and settings, version, side, suite, age and flags.
        REQUIRE(all[14] == std::byte{size});
        add_key(to, "PSK of a ticket", all.subspan(15, size));
    }
}

/// What follows from what was said.
template <class B> std::vector<std::string> derived(learnt const& said, tls::protocol_version v) {
    std::vector<std::string> all;
    if (v == tls::protocol_version::tls_1_2) {
        if (!said.contains("CLIENT_RANDOM")) return all;
        REQUIRE(said.contains("server random"));
        auto const block =
            testbed::key_block(said.at("CLIENT_RANDOM"), said.at("server random"), said.at("client random"));
        add_key(all, "key to write", testbed::byte_view(block).first(16));
        add_key(all, "key to read", testbed::byte_view(block).subspan(16, 16));
        return all;
    }
    for (auto const& [name, secret] : said) {
        if (name.find("TRAFFIC") == std::string::npos) continue;
        add_key(all, name + "'s key", testbed::expand_label(secret, "key", 16));
        // Not its "iv": exclusive-or 0 it is the nonce of the first record, and nonces are no secret (RFC 8446 5.3).
        all.push_back(argument("the key's Finished of " + name, testbed::expand_label(secret, "finished", 32)));
    }
    if (auto const t = said.find("ticket"); t != said.end()) add_session<B>(all, session_in<B>(t->second));
    return all;
}

/// Tells the program what follows from what it says, and returns what it found.
template <class B> std::string look(std::vector<std::string> const& arguments, tls::protocol_version v) {
    // Lazy binding saves all vector registers on the stack, and with them what was copied last; SECURITY.md says so.
    (void)::setenv("LD_BIND_NOW", "1", 1);
    testbed::process program(arguments, true);
    std::string rest;
    std::size_t at = 0;
    for (;;) {
        if (!program.wait_for_output("??\n")) break;
        auto const whole = program.output();
        auto const end = whole.find("??\n", at);
        if (end == std::string::npos) {
            if (!program.running()) break;
            continue;
        }
        learnt said;
        std::istringstream lines(whole.substr(at, end - at));
        at = end + 3;
        for (std::string line; std::getline(lines, line);) {
            auto const digits = line.rfind(' ');
            if (!line.starts_with("? ")) {
                rest += line + "\n";
                continue;
            }
            auto const name = line.substr(2, digits - 2);
            testbed::bytes value;
            bool const in_clear = name.ends_with(" random") || name == "ticket";
            for (std::size_t i = digits + 1; i + 1 < line.size(); i += 2)
                value.push_back(
                    static_cast<std::byte>(std::stoi(line.substr(i, 2), nullptr, 16)) ^
                    static_cast<std::byte>(in_clear ? 0 : secrets::masked::mask));
            said[name] = value;
        }
        std::string answer;
        for (auto const& a : derived<B>(said, v)) answer += a + "\n";
        program.write(answer + "\n");
    }
    auto const status = program.wait();
    rest += program.output().substr(at);
    if (rest.empty()) rest = status ? "ended with " + std::to_string(*status) : "does not end";
    return rest;
}

/// How a client lives, and with which key.
struct life {
    std::string name = "whole";
    testbed::key_kind kind = testbed::key_kind::p256;
    std::string key_pem{};
    std::string password{};
    testbed::bytes encryption_key{};         ///< what the key is encrypted with, if it is
    testbed::key const* other_key = nullptr; ///< than that of the client's certificate
};

/// What the program finds.
template <class B> std::string run(tls::protocol_version v, life const& l) {
    using testbed::view_of;
    auto const& pki = parity::pki(l.kind);
    auto const& stranger = parity::pki(testbed::key_kind::p521);
    testbed::temporary_directory folder;
    folder.write_file("root.pem", l.name == "refused" ? stranger.root_pem() : pki.root_pem());
    folder.write_file("chain.pem", pki.client.chain_pem());
    folder.write_file("key.pem", l.key_pem);
    auto options = testbed::server_options::showing(pki.server, v);
    options.require_client_certificate = true;
    options.client_anchors = {pki.root.certificate};
    options.tickets = l.name == "resumed";
    options.keys = std::make_shared<testbed::ticket_keys>();
    testbed::server_thread<testbed::mbedtls_server> server(
        {.server = options, .connections = l.name == "resumed" ? 2 : 1});
    std::vector<std::string> arguments = {
        SECRETS_PROGRAM,
        std::string(B::name),
        v == tls::protocol_version::tls_1_3 ? "1.3" : "1.2",
        std::to_string(server.port()),
        folder.path().string(),
        l.name,
        argument("password", view_of(l.password)),
        argument("request", view_of("a request that nobody else should ever read"))};
    auto const parts = parts_of(l.other_key != nullptr ? *l.other_key : *pki.client.private_key, l.kind);
    arguments.insert(arguments.end(), parts.begin(), parts.end());
    if (l.key_pem.starts_with("-----BEGIN PRIVATE KEY")) // its text says the key
        arguments.push_back(argument("the key's text", view_of(l.key_pem).subspan(l.key_pem.size() / 2, 30)));
    if (!l.encryption_key.empty()) add_key(arguments, "the key's encryption", l.encryption_key);
    return look<B>(arguments, v);
}

constexpr std::string_view password = "a password that stays here";

life in_clear(std::string name, testbed::key_kind kind = testbed::key_kind::p256) {
    return {
        .name = std::move(name),
        .kind = kind,
        .key_pem = parity::pki(kind).client.private_key->pkcs8_pem(),
        .password = std::string(password)};
}

/// With the key in a file that is encrypted with another password, if one is given.
life encrypted(std::string name, testbed::key_kind kind, std::string_view with = password) {
    auto const der = parity::pki(kind).client.private_key->encrypted_pkcs8_der(with);
    return {
        .name = std::move(name),
        .kind = kind,
        .key_pem = testbed::pem_block("ENCRYPTED PRIVATE KEY", der),
        .password = std::string(password),
        .encryption_key = testbed::key_encryption_key(der, password)};
}

life encrypted_as_of_old(std::string name, std::string_view with = password) {
    auto const kind = testbed::key_kind::p256;
    auto const pem = parity::pki(kind).client.private_key->legacy_encrypted_pem(with);
    return {
        .name = std::move(name),
        .kind = kind,
        .key_pem = pem,
        .password = std::string(password),
        .encryption_key = testbed::legacy_key_encryption_key(pem, password)};
}

} // namespace

PARITY_CASE("secrets: none is in memory once a client, its identity and its session are gone", parity::backends, B, v) {
    for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::p384, testbed::key_kind::rsa_2048}) {
        CAPTURE(static_cast<int>(kind));
        CHECK(run<B>(v, in_clear("whole", kind)) == "nothing\n");
        CHECK(run<B>(v, encrypted("whole", kind)) == "nothing\n");
    }
    CHECK(run<B>(v, encrypted_as_of_old("whole")) == "nothing\n");
    for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::rsa_2048})
        CHECK(run<B>(v, in_clear("several", kind)) == "nothing\n");
}

PARITY_CASE("secrets: no pre-shared key is in memory once the last copy is gone", parity::backends, B, v) {
    for (std::string const how : {"psk", "wrong psk"}) {
        CAPTURE(how);
        testbed::bytes key(48);
        for (std::size_t i = 0; i != key.size(); ++i) key[i] = static_cast<std::byte>(131 * i + 77);
        testbed::server_options options;
        options.min_version = options.max_version = v;
        options.psk = {"secrets", key};
        if (how == "wrong psk") options.psk->key.pop_back();
        testbed::server_thread<testbed::mbedtls_server> server({.server = options});
        std::vector<std::string> arguments = {
            SECRETS_PROGRAM,
            std::string(B::name),
            v == tls::protocol_version::tls_1_3 ? "1.3" : "1.2",
            std::to_string(server.port()),
            "",
            how,
            argument("request", testbed::view_of("a request that nobody else should ever read"))};
        add_key(arguments, "pre-shared key", key);
        arguments.push_back(argument("the key's end", testbed::byte_view(key).last(24)));
        CHECK(look<B>(arguments, v) == "nothing\n");
    }
}

PARITY_CASE("secrets: none is in memory once a session was resumed", parity::backends, B, v) {
    CHECK(run<B>(v, in_clear("resumed")) == "nothing\n");
}

PARITY_CASE("secrets: none is in memory once a handshake has failed", parity::backends, B, v) {
    for (std::string const how : {"refused", "damaged"}) {
        CAPTURE(how);
        CHECK(run<B>(v, in_clear(how)) == "nothing\n");
        CHECK(run<B>(v, in_clear(how, testbed::key_kind::rsa_2048)) == "nothing\n");
    }
}

PARITY_CASE("secrets: none is in memory once a client could not be built", parity::backends, B) {
    constexpr auto v = tls::protocol_version::tls_1_3;
    for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::rsa_2048}) {
        CAPTURE(static_cast<int>(kind));
        CHECK(run<B>(v, encrypted("unbuilt", kind, "another password")) == "nothing\n");
        auto other = in_clear("unbuilt", kind);
        auto const& key = testbed::pooled_key(kind, 9);
        other.key_pem = key.pkcs8_pem();
        other.other_key = &key;
        CHECK(run<B>(v, other) == "nothing\n");
    }
    CHECK(run<B>(v, encrypted_as_of_old("unbuilt", "another password")) == "nothing\n");
}

} // namespace secrets_cases

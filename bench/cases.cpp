// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include "testbed/certificate_factory.hpp"

#include <array>
#include <map>
#include <utility>

namespace bench {
namespace {

using tls::cipher_suite;
using tls::named_group;
using tls::protocol_version;

constexpr int bundle_size = 140; // about as many as a system's bundle has

/// AES-128-GCM under both versions.
cipher_suite suite_for(protocol_version version, server_key key) {
    if (version == protocol_version::tls_1_3) return cipher_suite::aes_128_gcm_sha256;
    return key == server_key::rsa_2048 ? cipher_suite::ecdhe_rsa_aes_128_gcm_sha256
                                       : cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256;
}

enum class kind : std::uint8_t { plain, mutual, resumed, again, bundle };

/// How a group is called in the id and in the title of a case.
std::pair<char const*, char const*> names_of(named_group g) {
    switch (g) {
    case named_group::x25519: return {"-x25519", ", X25519"};
    case named_group::x25519mlkem768: return {"-x25519mlkem768", ", X25519MLKEM768"};
    default: return {"-p256", ", P-256"};
    }
}

handshake_case make(protocol_version version, named_group group, server_key key, kind k, bool quick = false) {
    bool const modern = version == protocol_version::tls_1_3;
    bool const rsa = key == server_key::rsa_2048;
    handshake_case c;
    auto const [short_name, long_name] = names_of(group);
    c.id = std::string(modern ? "tls13" : "tls12") + short_name + (rsa ? "-rsa" : "-ecdsa");
    c.title = std::string(modern ? "TLS 1.3" : "TLS 1.2") + long_name + (rsa ? ", RSA-2048 server" : ", ECDSA server");
    c.version = version;
    c.group = group;
    c.key = key;
    c.suite = suite_for(version, key);
    c.client_certificate = k == kind::mutual;
    c.resumed = k == kind::resumed;
    c.again = k == kind::again;
    c.other_anchors = k == kind::bundle ? bundle_size : 0;
    c.quick = quick;
    switch (k) {
    case kind::plain: break;
    case kind::mutual:
        c.id += "-mutual";
        c.title += ", client certificate";
        break;
    case kind::resumed:
        c.id += "-resumed";
        c.title += ", resumed";
        break;
    case kind::again:
        c.id += "-again";
        c.title += ", signatures remembered";
        break;
    case kind::bundle:
        c.id += "-bundle";
        c.title += ", " + std::to_string(bundle_size) + " more roots";
        break;
    }
    return c;
}

/// Roots of other authorities, with keys of both kinds as in a real bundle.
std::string other_roots(int how_many) {
    std::string pem;
    for (int i = 0; i < how_many; ++i) {
        auto spec = testbed::root_spec();
        spec.common_name = "some other root " + std::to_string(i);
        // They share keys, and without identifiers of their own wolfSSL would take them for one authority.
        spec.subject_key_id_value.emplace(20, static_cast<std::byte>(i));
        auto const& key =
            testbed::pooled_key(i % 2 == 0 ? testbed::key_kind::rsa_2048 : testbed::key_kind::p256, 5 + i % 3);
        pem += testbed::issue(spec, key).pem();
    }
    return pem;
}

testbed::pki const& pki_of(server_key key) {
    if (key == server_key::rsa_2048) {
        static auto const rsa = testbed::make_pki(testbed::key_kind::rsa_2048);
        return rsa;
    }
    static auto const ecdsa = testbed::make_pki(testbed::key_kind::p256);
    return ecdsa;
}

credentials make_credentials(server_key key, int other_anchors) {
    auto const& server = pki_of(key);
    auto const& client = pki_of(server_key::ecdsa_p256);
    credentials c;
    c.server_chain = server.server.chain_pem();
    c.server_private_key = server.server.private_key->pkcs8_pem();
    c.client_chain = client.client.chain_pem();
    c.client_private_key = client.client.private_key->pkcs8_pem();
    c.client_authority = client.root_pem();
    c.server_pki = &server;
    c.client_pki = &client;
    c.trust_anchors = server.root_pem() + other_roots(other_anchors);
    return c;
}

} // namespace

std::vector<handshake_case> const& handshake_cases() {
    using enum server_key;
    constexpr auto v12 = protocol_version::tls_1_2;
    constexpr auto v13 = protocol_version::tls_1_3;
    constexpr auto p256 = named_group::secp256r1;
    constexpr auto x25519 = named_group::x25519;
    static std::vector<handshake_case> const all = {
        make(v12, p256, ecdsa_p256, kind::plain, true),
        make(v12, p256, ecdsa_p256, kind::mutual),
        make(v12, x25519, ecdsa_p256, kind::plain),
        make(v12, p256, rsa_2048, kind::plain),
        make(v12, p256, rsa_2048, kind::mutual),
        make(v12, p256, ecdsa_p256, kind::resumed),
        make(v13, x25519, ecdsa_p256, kind::plain, true),
        make(v13, x25519, ecdsa_p256, kind::mutual, true),
        make(v13, p256, ecdsa_p256, kind::plain),
        make(v13, p256, ecdsa_p256, kind::mutual),
        make(v13, x25519, rsa_2048, kind::plain),
        make(v13, x25519, ecdsa_p256, kind::resumed, true),
        make(v13, p256, ecdsa_p256, kind::resumed),
        make(v13, x25519, ecdsa_p256, kind::bundle),
        make(v12, p256, ecdsa_p256, kind::again),
        make(v12, p256, rsa_2048, kind::again),
        make(v13, x25519, ecdsa_p256, kind::again, true),
        make(v13, x25519, rsa_2048, kind::again),
#if defined(TWINTLS_WOLFSSL_MLKEM)
        make(v13, named_group::x25519mlkem768, ecdsa_p256, kind::plain),
#endif
    };
    return all;
}

std::vector<handshake_case> const& build_cases() {
    static std::vector<handshake_case> const all = [] {
        std::vector<handshake_case> cases;
        for (int const anchors : {1, 144}) {
            auto c = make(protocol_version::tls_1_3, named_group::x25519, server_key::ecdsa_p256, kind::mutual, true);
            c.id = "build-" + std::to_string(anchors) + (anchors == 1 ? "-anchor" : "-anchors");
            c.title = "Client with a certificate and " + std::to_string(anchors) +
                      (anchors == 1 ? " trust anchor" : " trust anchors");
            c.other_anchors = anchors - 1;
            cases.push_back(std::move(c));
        }
        return cases;
    }();
    return all;
}

credentials const& credentials_of(handshake_case const& c) {
    static std::map<std::pair<server_key, int>, credentials> made;
    std::pair const which(c.key, c.other_anchors);
    auto found = made.find(which);
    if (found == made.end()) found = made.emplace(which, make_credentials(c.key, c.other_anchors)).first;
    return found->second;
}

std::vector<bulk_case> const& bulk_cases() {
    static std::vector<bulk_case> const all = [] {
        struct cipher {
            char const* id;
            char const* title;
            cipher_suite suite;
        };
        static constexpr std::array ciphers = {
            cipher{"aes128gcm", "AES-128-GCM", cipher_suite::aes_128_gcm_sha256},
            cipher{"aes256gcm", "AES-256-GCM", cipher_suite::aes_256_gcm_sha384},
            cipher{"chacha20", "ChaCha20-Poly1305", cipher_suite::chacha20_poly1305_sha256},
        };
        struct length {
            std::size_t size;
            char const* title;
        };
        static constexpr std::array lengths = {
            length{64, "64 B"}, length{1024, "1 KiB"}, length{16384, "16 KiB"}, length{1048576, "1 MiB"}};
        std::vector<bulk_case> cases;
        for (auto const& cipher : ciphers)
            for (bool const outbound : {true, false})
                for (auto const& l : lengths) {
                    bulk_case c;
                    c.id =
                        std::string("bulk-") + cipher.id + "-" + std::to_string(l.size) + (outbound ? "-out" : "-in");
                    c.title = std::string(cipher.title) + ", " + l.title + (outbound ? ", sent" : ", received");
                    c.suite = cipher.suite;
                    c.size = l.size;
                    c.outbound = outbound;
                    c.quick = cipher.suite == cipher_suite::aes_128_gcm_sha256 && l.size == 16384;
                    cases.push_back(std::move(c));
                }
        return cases;
    }();
    return all;
}

} // namespace bench

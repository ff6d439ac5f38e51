// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
#include <string>
#include <vector>

/// For the same settings both backends say the same first. The order of extensions is the library's.
namespace parity::hellos_cases {
namespace {

constexpr unsigned key_share = 51;
constexpr auto tls_1_2 = protocol_version::tls_1_2;
constexpr auto tls_1_3 = protocol_version::tls_1_3;

/// A hello without what is random: of key shares only the groups count.
testbed::wire::client_hello what_was_said(testbed::wire::client_hello h) {
    std::ranges::sort(h.extensions);
    h.bodies.erase(key_share);
    return h;
}

/// To be read where a check fails.
std::string listed(std::vector<unsigned> const& numbers) {
    std::string out;
    for (unsigned const n : numbers) out += std::to_string(n) + " ";
    return out;
}

void check_same(testbed::wire::client_hello const& one, testbed::wire::client_hello const& other) {
    CHECK(one.legacy_version == other.legacy_version);
    CHECK(one.session_id.size() == other.session_id.size());
    CHECK(one.suites == other.suites);
    CHECK(listed(one.extensions) == listed(other.extensions));
    CHECK(one.server_name == other.server_name);
    CHECK(one.alpn == other.alpn);
    CHECK(one.groups == other.groups);
    CHECK(one.key_shares == other.key_shares);
    CHECK(one.signature_algorithms == other.signature_algorithms);
    CHECK(one.psk_modes == other.psk_modes);
    CHECK(one.versions == other.versions);
    for (auto const& [number, body] : one.bodies) {
        CAPTURE(number);
        if (auto const found = other.bodies.find(number); found != other.bodies.end()) CHECK(body == found->second);
    }
}

struct range {
    protocol_version lowest;
    protocol_version highest;
};
constexpr range ranges[] = {{tls_1_2, tls_1_2}, {tls_1_2, tls_1_3}, {tls_1_3, tls_1_3}};

std::vector<std::vector<tls::cipher_suite>> suites_for(range r) {
    using enum tls::cipher_suite;
    if (r.highest == tls_1_2) return {{ecdhe_rsa_aes_128_gcm_sha256}, {ecdhe_ecdsa_chacha20_poly1305_sha256}};
    if (r.lowest == tls_1_3) return {{chacha20_poly1305_sha256}, {aes_256_gcm_sha384, aes_128_gcm_sha256}};
    return {{aes_128_gcm_sha256, ecdhe_ecdsa_aes_256_gcm_sha384}};
}

/// Calls `each` for every combination of settings: those of the version range first.
template <class Each> void for_all_settings(Each each) {
    using enum tls::named_group;
    using enum tls::signature_scheme;
    tls::memory_ticket_store store;
    for (range const r : ranges) {
        std::vector<client_options> all = {{.lowest = r.lowest, .highest = r.highest}};
        auto const multiply = [&all](auto... changes) {
            std::vector<client_options> const before = all;
            auto const with = [&](auto change) {
                for (client_options const& o : before) change(all.emplace_back(o));
            };
            (with(changes), ...);
        };
        for (auto const& list : suites_for(r))
            all.push_back({.suites = list, .lowest = r.lowest, .highest = r.highest});
        multiply(
            [](client_options& o) { o.groups = {{secp384r1, x25519}}; },
            [](client_options& o) { o.groups = {{secp521r1}}; });
        multiply(
            [](client_options& o) { o.schemes = {{rsa_pss_rsae_sha512}}; },
            [](client_options& o) { o.schemes = {{ecdsa_secp384r1_sha384, rsa_pkcs1_sha256}}; });
        multiply([](client_options& o) { o.alpn = {"h2", "http/1.1"}; });
        // With a key that fits the schemes.
        multiply([](client_options& o) {
            using enum testbed::key_kind;
            auto const kind = !o.schemes ? p256 : o.schemes->front() == rsa_pss_rsae_sha512 ? rsa_2048 : p384;
            o.who = identity(pki(kind).client);
        });
        multiply([&](client_options& o) { o.store = &store; }, [](client_options& o) { o.own_tickets = true; });
        for (client_options const& o : all) each(o);
    }
}

} // namespace

TEST_CASE("ClientHello: the same from both for all settings") {
    std::size_t compared = 0;
    for_all_settings([&](client_options const& o) {
        CAPTURE(tls::name(o.lowest));
        CAPTURE(tls::name(o.highest));
        CAPTURE((o.suites ? tls::name(o.suites->front()) : "default suites"));
        CAPTURE((o.groups ? tls::name(o.groups->front()) : "default groups"));
        CAPTURE((o.schemes ? tls::name(o.schemes->front()) : "default schemes"));
        CAPTURE(o.alpn.size());
        CAPTURE(o.who.has_value());
        CAPTURE(o.store);
        CAPTURE(o.own_tickets);
        auto const one = client_of<tls::wolfssl>(o);
        auto const other = client_of<tls::mbedtls>(o);
        for (char const* const name : {"localhost", "192.0.2.7", "2001:db8::1"}) {
            CAPTURE(name);
            auto const who = tls::server_name::parse(name);
            check_same(what_was_said(hello_of(one.engine(who))), what_was_said(hello_of(other.engine(who))));
            ++compared;
        }
    });
    CHECK(compared > 1000);
}

PARITY_CASE("ClientHello: what it always says", backends, B) {
    for (range const r : ranges) {
        CAPTURE(tls::name(r.lowest));
        CAPTURE(tls::name(r.highest));
        client_options const o{.lowest = r.lowest, .highest = r.highest};
        auto const h = hello_of(client_of<B>(o).engine(tls::server_name::dns("localhost")));
        CHECK(h.legacy_version == 0x0303);
        CHECK(h.session_id.size() == (r.highest == tls_1_3 ? 32 : 0)); // RFC 8446 appendix D.4
        CHECK(std::ranges::count(h.suites, 0x00ffU) == 1);             // RFC 5746 section 3.4
        CHECK(!h.has_extension(22));                                   // encrypt_then_mac: no AEAD needs it
        if (r.lowest == tls_1_2) CHECK(h.has_extension(23));           // extended_master_secret
    }
}

} // namespace parity::hellos_cases

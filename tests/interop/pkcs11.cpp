// SPDX-License-Identifier: Apache-2.0
#include "interop/installed.hpp"
#include "parity/parity.hpp"
#include "testbed/soft_tokens.hpp"
#include <tls/credentials/pkcs11.hpp>
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// Clients whose private key is in a PKCS#11 token, which is SoftHSM's.
namespace parity::interop_pkcs11_cases {
namespace {

using namespace std::chrono_literals;
using testbed::key_kind;
using testbed::soft_tokens;
using tls::pkcs11_key;
using tls::pkcs11_signer;
using enum tls::signature_scheme;

constexpr key_kind kinds[] = {key_kind::p256, key_kind::p384, key_kind::rsa_2048};

/// False where SoftHSM is not installed, and then says that the test is skipped.
bool has_tokens() {
    if (soft_tokens::module()) return true;
    MESSAGE("SKIPPED: softhsm2 is not installed");
    return false;
}

/// A token with our keys, each labelled by its kind, two of which share an id; and two tokens of one name.
soft_tokens const& tokens() {
    static soft_tokens const* const made = [] {
        static soft_tokens const all;
        all.add_token("device");
        for (key_kind const kind : kinds)
            all.add_key(
                "device", *pki(kind).client.private_key, testbed::name(kind), kind == key_kind::rsa_2048 ? "c1" : "c0");
        all.add_key("device", testbed::pooled_key(key_kind::p256, 41), "another", "d0");
        all.add_token("twin");
        all.add_token("twin");
        return &all;
    }();
    return *made;
}

pkcs11_key wanted(std::string_view key) {
    (void)tokens();
    static std::string const module = soft_tokens::module()->string();
    return {.module = module, .token_label = "device", .pin = soft_tokens::pin, .key_label = key};
}

client_options with_key(tls::result<pkcs11_signer>& key, key_kind kind) {
    auto const chain = tls::certificate_chain::from_pem(pki(kind).client.chain_pem());
    return {.signing_elsewhere = tls::identity::from_signer(chain, key)};
}

} // namespace

PARITY_CASE("a key in a PKCS#11 token signs for RSA and ECDSA", pairings, P, v) {
    if (!has_tokens()) return;
    for (key_kind const kind : kinds) {
        CAPTURE(testbed::name(kind));
        auto key = pkcs11_signer::open(wanted(testbed::name(kind)));
        REQUIRE_MESSAGE(key, tls::explain(key.error()));
        auto c = converse<P>(only(v, with_key(key, kind)), strict_server(v, kind));
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
        CHECK(c.server.client_certificates_received() == 2);
    }
}

PARITY_CASE("a key in a PKCS#11 token signs with each scheme of its kind", backends, B, v) {
    if (!has_tokens()) return;
    using P = pairing<B, testbed::wolfssl_server>;                // which asks for all of them
    constexpr bool with_sha512 = std::is_same_v<B, tls::wolfssl>; // under TLS 1.2: docs/parity.md
    auto rsa = pkcs11_signer::open(wanted(testbed::name(key_kind::rsa_2048)));
    auto ec = pkcs11_signer::open(wanted(testbed::name(key_kind::p256)));
    REQUIRE(rsa);
    REQUIRE(ec);
    for (auto const scheme : tls::known_schemes) {
        bool const is_1_3 = v == protocol_version::tls_1_3;
        if (is_1_3 && (!tls::is_for_tls_1_3(scheme) || (tls::is_ecdsa(scheme) && scheme != ecdsa_secp256r1_sha256)))
            continue;
        bool const is_sha512 =
            scheme == rsa_pss_rsae_sha512 || scheme == rsa_pkcs1_sha512 || scheme == ecdsa_secp521r1_sha512;
        if (!is_1_3 && !with_sha512 && is_sha512) continue;
        CAPTURE(tls::name(scheme));
        auto const kind = tls::is_ecdsa(scheme) ? key_kind::p256 : key_kind::rsa_2048;
        auto options = strict_server(v, kind);
        auto const& shown = pki(key_kind::rsa_2048).server; // signs with RSA-PSS, or with PKCS#1 v1.5
        options.chain = shown.chain;
        options.private_key = shown.private_key;
        auto client = only(v, with_key(tls::is_ecdsa(scheme) ? ec : rsa, kind));
        client.anchors = trust(pki(key_kind::rsa_2048));
        client.schemes = {{scheme}};
        if (tls::is_ecdsa(scheme)) client.schemes->push_back(rsa_pss_rsae_sha256);
        auto c = converse<P>(client, options);
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
    }
}

PARITY_CASE("a key in a PKCS#11 token serves many threads at once, and copies of a client", backends, B) {
    if (!has_tokens()) return;
    using P = pairing<B, testbed::mbedtls_server>;
    auto key = pkcs11_signer::open(wanted(testbed::name(key_kind::p256)));
    REQUIRE(key);
    auto const client = client_of<P>(with_key(key, key_kind::p256));
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, copy = client] {
            auto engine = copy.engine(tls::server_name::dns("localhost"));
            if (!engine) return;
            conversation<P> c{std::move(*engine), testbed::mbedtls_server(strict_server(protocol_version::tls_1_3))};
            good += outcome_of(c) && c.server.established();
        });
    for (auto& t : threads) t.join();
    CHECK(good == 4);
}

PARITY_CASE("a key in a PKCS#11 token, against OpenSSL's server and mosquitto", backends, B) {
    if (!has_tokens()) return;
    constexpr std::array programs = {testbed::server_program::openssl, testbed::server_program::mosquitto};
    with_each(programs, [](testbed::server_program program, protocol_version v) {
        for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
            CAPTURE(testbed::name(kind));
            testbed::real_server const server(
                {.program = program,
                 .server = pki().server,
                 .client_anchors = {pki(kind).root.certificate},
                 .version = v});
            auto key = pkcs11_signer::open(wanted(testbed::name(kind)));
            REQUIRE(key);
            auto const client = client_of<B>(with_key(key, kind));
            auto tcp =
                tls::tcp_stream::connect("127.0.0.1", server.port(), {.read_timeout = 60s, .write_timeout = 60s});
            REQUIRE(tcp);
            auto session = client.connect(tls::server_name::dns("localhost"), std::move(*tcp));
            REQUIRE_MESSAGE(session, tls::explain(session.error()));
            REQUIRE(session->write_all(testbed::view_of(server.request())));
            std::byte into[64];
            auto const n = session->read_some(into);
            CHECK_MESSAGE(n, (n ? "" : tls::explain(n.error())));
            (void)session->close();
        }
    });
}

TEST_CASE("a key in a PKCS#11 token: what is wrong is said, and what it is about") {
    if (!has_tokens()) return;
    auto const refused = [](pkcs11_key const& which, errc code, std::string_view about) {
        auto const opened = pkcs11_signer::open(which);
        REQUIRE(!opened);
        CHECK_MESSAGE(opened.error().code == code, tls::explain(opened.error()));
        CHECK(opened.error().about.view() == about);
    };
    auto const changed = [](auto change) {
        pkcs11_key which = wanted("P-256");
        change(which);
        return which;
    };
    testbed::temporary_directory const folder;
    auto const text = folder.write_file("x.so", "no library").string();
    auto const missing = (folder.path() / "none.so").string();
    refused(changed([&](auto& k) { k.module = missing; }), errc::file_not_found, tls::short_text(missing).view());
    refused(changed([&](auto& k) { k.module = ""; }), errc::empty_input, "PKCS#11 module");
    CHECK(pkcs11_signer::open(changed([&](auto& k) { k.module = text; })).error() == errc::unsupported);
    refused(changed([](auto& k) { k.token_label = "left at home"; }), errc::no_token, "token left at home");
    refused(changed([](auto& k) { k.token_serial = "0"; }), errc::no_token, "token device");
    refused(changed([](auto& k) { k.token_label = "twin"; }), errc::no_token, "several tokens called twin");
    refused(changed([](auto& k) { k.token_label = {}; }), errc::no_token, "several tokens");
    refused(changed([](auto& k) { k.pin = "000000"; }), errc::wrong_password, "token device, CKR_PIN_INCORRECT");
    refused(changed([](auto& k) { k.pin = "1"; }), errc::wrong_password, "token device, CKR_PIN_INCORRECT");
    refused(changed([](auto& k) { k.pin = {}; }), errc::password_required, "token device");
    refused(changed([](auto& k) { k.key_label = "P-257"; }), errc::no_private_key, "key P-257");
    std::array const id = {std::byte{0xc0}};
    refused(
        changed([&](auto& k) {
            k.key_label = {};
            k.key_id = id;
        }),
        errc::bad_configuration, "several keys fit in token device");
    std::array const no_id = {std::byte{0xee}};
    refused(
        changed([&](auto& k) {
            k.key_label = {};
            k.key_id = no_id;
        }),
        errc::no_private_key, "token device");
    CHECK(pkcs11_signer::open(changed([&](auto& k) { k.key_id = id; })));

    auto rsa = pkcs11_signer::open(wanted(testbed::name(key_kind::rsa_2048)));
    auto const other_kind = build<tls::wolfssl>(with_key(rsa, key_kind::p256));
    REQUIRE(!other_kind);
    CHECK(other_kind.error() == errc::key_mismatch);
    auto spent = std::move(*rsa);
    std::byte into[600];
    CHECK(rsa->sign(rsa_pkcs1_sha256, testbed::pattern(32), into).error() == errc::spent); // NOLINT: that is the point
    CHECK(rsa->schemes().empty());
    CHECK(spent.sign(rsa_pkcs1_sha256, testbed::pattern(32), into) == 256U);
}

TEST_CASE("a PKCS#11 module that is not what it says is refused, and a direct call cannot ask for what is not there") {
    auto const opened = [](char const* wrong) {
        std::string const module = testbed::odd_token(wrong).string();
        return pkcs11_signer::open({.module = module, .token_label = "odd"});
    };
    for (char const* const missing : {"no C_Login", "no C_Sign"}) {
        CAPTURE(missing);
        auto const key = opened(missing);
        REQUIRE_FALSE(key);
        CHECK(key.error() == errc::unsupported);
        CHECK(key.error().about.view().starts_with("no PKCS#11 module: "));
    }
    for (char const* const type : {"a type without size", "a short type"}) {
        CAPTURE(type);
        auto const key = opened(type);
        REQUIRE_FALSE(key);
        CHECK(key.error() == errc::internal);
        CHECK(key.error().about.view() == "no type of the key in token odd");
    }
    auto key = opened("");
    REQUIRE_MESSAGE(key, tls::explain(key.error()));
    std::array<std::byte, 512> into{};
    for (std::size_t const size : {0U, 31U, 33U, 48U, 64U, 4096U}) {
        CAPTURE(size);
        auto const made = key->sign(rsa_pkcs1_sha256, testbed::pattern(size), into);
        REQUIRE_FALSE(made);
        CHECK(made.error() == errc::signing_failed);
        CHECK(made.error().about.view() == "a digest of another size");
    }
    auto const other = key->sign(ecdsa_secp256r1_sha256, testbed::pattern(32), into);
    REQUIRE_FALSE(other);
    CHECK(other.error() == errc::unusable_identity);
    CHECK(other.error().about.view() == tls::name(ecdsa_secp256r1_sha256));
    // What the module says it wrote, and did not, is nothing of ours.
    into.fill(std::byte{0xff});
    CHECK(key->sign(rsa_pkcs1_sha256, testbed::pattern(32), into) == 256U);
    CHECK(std::ranges::count(into, std::byte{0}) == 256);
}

PARITY_CASE("a PKCS#11 token with another key than the certificate's: nothing of it leaves", backends, B, v) {
    if (!has_tokens()) return;
    using P = pairing<B, testbed::wolfssl_server>;
    auto key = pkcs11_signer::open(wanted("another"));
    REQUIRE(key);
    auto c = converse<P>(only(v, with_key(key, key_kind::p256)), strict_server(v, key_kind::p256));
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error() == errc::signing_failed);
    CHECK(done.error().about.view() == "a signature that our certificate's key has not made");
}

// The last: it takes the tokens away.
TEST_CASE("a PKCS#11 token that was removed: the handshake ends with what the module says") {
    if (!has_tokens()) return;
    auto key = pkcs11_signer::open(wanted(testbed::name(key_kind::p256)));
    REQUIRE(key);
    tokens().remove_all();
    using P = pairing<tls::mbedtls, testbed::wolfssl_server>;
    auto c = converse<P>(with_key(key, key_kind::p256), strict_server(protocol_version::tls_1_3, key_kind::p256));
    auto const done = c.run();
    REQUIRE(!done);
    CHECK(done.error() == errc::signing_failed);
    CHECK_MESSAGE(done.error().about.view().starts_with("token device, "), tls::explain(done.error()));
    CHECK(done.error().sent == tls::alert::internal_error);
}

} // namespace parity::interop_pkcs11_cases

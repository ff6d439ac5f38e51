// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "testbed/process.hpp"

#include <string>

namespace parity::bad_input_cases {
namespace {

using testbed::key_kind;

/// Why a client cannot be built.
template <class B> tls::error build_error(tls::result<tls::identity> who) {
    auto const client = build<B>({.who = std::move(who)});
    REQUIRE(!client);
    CHECK(client.error().phase == tls::phase::configuring);
    return client.error();
}

} // namespace

PARITY_CASE("every format of a private key is taken", backends, B) {
    std::string_view const password = "correct horse";
    for (key_kind const kind : {key_kind::p256, key_kind::p384, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto const who = pki(kind).client;
        auto const& key = *who.private_key;
        auto const chain = who.chain_pem();
        auto const builds = [](tls::result<tls::identity> id) {
            REQUIRE(id);
            CHECK(build<B>({.who = std::move(id)}));
        };
        builds(tls::identity::from_pem(chain, key.pkcs8_pem()));
        builds(tls::identity::from_pem(chain, key.traditional_pem()));
        builds(tls::identity::from_pem(chain, key.encrypted_pkcs8_pem(password), password));
        builds(tls::identity::from_pem(chain, key.legacy_encrypted_pem(password), password));
        std::span<std::byte const> const certificates[] = {who.chain[0].der, who.chain[1].der};
        builds(tls::identity::from_der(certificates, key.pkcs8_der()));
        builds(tls::identity::from_der(certificates, key.traditional_der()));
        builds(tls::identity::from_der(certificates, key.encrypted_pkcs8_der(password), password));
        // A password that is not needed does no harm.
        builds(tls::identity::from_pem(chain, key.pkcs8_pem(), password));
    }
}

PARITY_CASE("a wrong or missing password is told apart from a damaged key", backends, B) {
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto const who = pki(kind).client;
        auto const& key = *who.private_key;
        for (auto const& pem : {key.encrypted_pkcs8_pem("right"), key.legacy_encrypted_pem("right")}) {
            auto const wrong = build_error<B>(tls::identity::from_pem(who.chain_pem(), pem, "wrong"));
            CHECK(wrong.code == errc::wrong_password);
            CHECK(wrong.native == 0); // the verdict is ours
            auto const missing = build_error<B>(tls::identity::from_pem(who.chain_pem(), pem));
            CHECK(missing.code == errc::password_required);
        }
        auto damaged = key.pkcs8_der();
        damaged[damaged.size() / 2] ^= std::byte{0x55};
        damaged.back() ^= std::byte{0x55};
        std::span<std::byte const> const chain[] = {who.leaf().der, who.chain[1].der};
        auto const bad = build_error<B>(tls::identity::from_der(chain, damaged));
        CHECK_MESSAGE((bad.code == errc::bad_private_key || bad.code == errc::key_mismatch), tls::explain(bad));
    }
}

PARITY_CASE("a key of another certificate is refused when the client is built, naming the file", backends, B) {
    testbed::temporary_directory const folder;
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        auto const who = pki(kind).client;
        auto const& other = testbed::pooled_key(kind, 9);
        auto const chain = folder.write_file("chain.pem", who.chain_pem()).string();
        auto const key = folder.write_file("other-key.pem", other.pkcs8_pem()).string();
        auto const e = build_error<B>(tls::identity::from_pem_files(chain, key));
        CHECK(e.code == errc::key_mismatch);
        CHECK(e.about.view().ends_with("other-key.pem"));
    }
    // A key of another kind altogether.
    auto const e = build_error<B>(tls::identity::from_pem(
        pki(key_kind::p256).client.chain_pem(), testbed::pooled_key(key_kind::rsa_2048, 9).pkcs8_pem()));
    CHECK(e.code == errc::key_mismatch);
}

PARITY_CASE("a failed source is reported by build(), as it failed", backends, B) {
    auto const build_with = [](tls::result<tls::trust_anchors> anchors) {
        return build<B>({.anchors = std::move(anchors)}).error();
    };
    auto const missing = build_with(tls::trust_anchors::from_pem_file("/nowhere/root.pem"));
    CHECK(missing.code == errc::file_not_found);
    CHECK(missing.about.view() == "/nowhere/root.pem");
    CHECK(build_with(tls::trust_anchors::from_pem("")).code == errc::empty_input);
    CHECK(build_with(tls::trust_anchors::from_pem("no certificate here")).code == errc::no_certificate);
    auto const cut = pki().root_pem().substr(0, 200);
    CHECK(build_with(tls::trust_anchors::from_pem(cut)).code == errc::bad_pem);
    CHECK(
        build_with(tls::trust_anchors::from_pem(pki().server.private_key->pkcs8_pem())).code ==
        errc::unexpected_private_key);
    CHECK(build_with(tls::trust_anchors::from_der(testbed::pattern(300))).code == errc::bad_certificate_der);

    auto const& who = pki().client;
    auto const key = who.private_key->pkcs8_pem();
    CHECK(build_error<B>(tls::identity::from_pem(key, key)).code == errc::unexpected_private_key);
    CHECK(
        build_error<B>(tls::identity::from_pem(who.chain_pem(), who.chain_pem())).code == errc::unexpected_certificate);
    CHECK(
        build_error<B>(tls::identity::from_pem(who.chain[1].pem() + who.chain[0].pem(), key)).code ==
        errc::chain_order);
}

PARITY_CASE("names that cannot be offered are refused when the client is built", backends, B) {
    auto const build_with = [](std::string_view protocol) {
        return build<B>({.alpn = {"good", std::string(protocol)}});
    };
    CHECK(build_with("h2"));
    CHECK(build_with(std::string(255, 'x')));
    using namespace std::string_view_literals;
    for (std::string_view const protocol : {""sv, "a,b"sv, "a\0b"sv}) {
        auto const client = build_with(protocol);
        REQUIRE(!client);
        CHECK(client.error().code == errc::bad_alpn);
    }
    auto const longest = build_with(std::string(256, 'y'));
    REQUIRE(!longest);
    CHECK(longest.error().code == errc::bad_alpn);
    CHECK(longest.error().about.view().ends_with("yyy"));
}

PARITY_CASE("names that are too many in all are refused there, and as many as may be are sent", pairings, P, v) {
    std::vector<std::string> names(32, std::string(255, 'x'));
    for (std::size_t i = 0; i != names.size(); ++i) names[i][0] = static_cast<char>('A' + i);
    auto c = converse<P>(only(v, {.alpn = names}), good_server(v));
    auto const done = c.run();
    CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error())));
    CHECK(testbed::wire::first_client_hello(c.pipe.to_server.history()).alpn == names);
    names.emplace_back("h");
    auto const one_more = build<P>({.alpn = names});
    REQUIRE(!one_more);
    CHECK(one_more.error().code == errc::bad_alpn);
    CHECK(one_more.error().about.view() == "more than 8192 bytes in all");
}

PARITY_CASE("an invalid name never reaches a server", backends, B) {
    auto const client = client_of<B>({});
    using namespace std::string_view_literals;
    for (std::string_view const name : {""sv, "a\0b"sv, "spa ce"sv, "a..b"sv, "-a"sv}) {
        auto const engine = client.engine(tls::server_name::dns(name));
        REQUIRE(!engine);
        CHECK(engine.error().code == errc::bad_server_name);
    }
}

PARITY_CASE("an empty range of versions is refused", backends, B) {
    auto const client = build<B>({.lowest = protocol_version::tls_1_3, .highest = protocol_version::tls_1_2});
    REQUIRE(!client);
    CHECK(client.error().code == errc::bad_versions);
}

PARITY_CASE("the system's store and a folder of certificates can be trusted", backends, B) {
    testbed::temporary_directory const folder;
    folder.write_file("root.pem", pki().root_pem());
    folder.write_file("readme.txt", "not a certificate");
    client_options const wanted{.anchors = tls::trust_anchors::from_folder(folder.path().string())};
    auto c = converse<pairing<B, testbed::mbedtls_server>>(wanted, good_server(protocol_version::tls_1_3));
    CHECK(c.run());

    CHECK(tls::client<B>::configure().trust_system().no_identity().build());
}

} // namespace parity::bad_input_cases

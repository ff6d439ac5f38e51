// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "parity/resumption.hpp"
#include "parity/signed_later.hpp"
#include "testbed/key_signer.hpp"
#include <tls/any_client.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// Clients whose private key is somewhere else: what the signer is asked, and what comes of its answers.
namespace parity::external_signer_cases {
namespace {

using testbed::key_kind;
using testbed::key_signer;
using enum tls::signature_scheme;

constexpr key_kind kinds[] = {key_kind::p256, key_kind::p384, key_kind::rsa_2048};

/// A client of this signer, whose certificate is the good one of a kind.
client_options signed_by(auto& signer, key_kind kind = key_kind::p256) {
    return {.signing_elsewhere = tls::identity::from_signer(chain_of(kind), signer)};
}

} // namespace

PARITY_CASE("an external signer is asked once, for a scheme of its own and the digest of its hash", pairings, P, v) {
    for (key_kind const kind : kinds) {
        CAPTURE(testbed::name(kind));
        key_signer signer(*pki(kind).client.private_key);
        auto c = converse<P>(only(v, signed_by(signer, kind)), strict_server(v, kind));
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
        CHECK(c.server.client_certificates_received() == 2);
        CHECK(c.server.established());
        REQUIRE(signer.asked().size() == 1);
        auto const asked = signer.asked().front();
        CHECK(tls::is_ecdsa(asked.scheme) == !testbed::is_rsa(kind));
        if (v == protocol_version::tls_1_3) CHECK(tls::is_for_tls_1_3(asked.scheme));
        CHECK(asked.digest_size == testbed::digest_size(asked.scheme));
        CHECK(c.client.facts().signature_sent == true);
    }
}

PARITY_CASE("an external signer: schemes that it lacks are not used", pairings, P, v) {
    constexpr bool of_mbedtls = std::is_same_v<typename P::server, testbed::mbedtls_server>;
    auto const& key = *pki(key_kind::rsa_2048).client.private_key;
    for (auto const scheme : {rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pkcs1_sha256, rsa_pkcs1_sha384}) {
        if (v == protocol_version::tls_1_3 && !tls::is_for_tls_1_3(scheme)) continue;
        // Mbed TLS asks for RSA-PSS only where it offers TLS 1.3.
        if (v == protocol_version::tls_1_2 && of_mbedtls && tls::is_for_tls_1_3(scheme)) continue;
        CAPTURE(tls::name(scheme));
        key_signer signer(key, {scheme});
        auto c = converse<P>(only(v, signed_by(signer, key_kind::rsa_2048)), strict_server(v, key_kind::rsa_2048));
        auto const done = outcome_of(c);
        CHECK_MESSAGE(done, (done ? "" : tls::explain(done.error()) + c.server.error_text()));
        REQUIRE(signer.asked().size() == 1);
        CHECK(signer.asked().front().scheme == scheme);
    }
    // Under TLS 1.2 a scheme of ECDSA is a hash: P-384 may sign with SHA-256.
    key_signer other_hash(*pki(key_kind::p384).client.private_key, {ecdsa_secp256r1_sha256});
    auto const options = strict_server(v, key_kind::p384);
    client_options wanted = signed_by(other_hash, key_kind::p384);
    if (v == protocol_version::tls_1_2) {
        auto c = converse<P>(only(v, wanted), options);
        CHECK(outcome_of(c));
        CHECK(other_hash.asked().size() == 1);
    } else {
        auto c = converse<P>(wanted, options); // built, as it can sign at TLS 1.2
        auto const done = outcome_of(c);
        REQUIRE(!done);
        CHECK(done.error() == errc::unusable_identity);
        // The other server's list is longer than an error keeps.
        auto const words = tls::explain(done.error());
        if (of_mbedtls)
            CHECK_MESSAGE(words.find("the signer that has it does not make that kind") != words.npos, words);
        CHECK(!done.error().handshake.certificates_sent);
        CHECK(other_hash.asked().empty());
    }
}

PARITY_CASE("an external signer that fails: signing_failed with its reason, and the server is told", pairings, P, v) {
    for (key_kind const kind : kinds) {
        CAPTURE(testbed::name(kind));
        key_signer signer(*pki(kind).client.private_key);
        signer.fail_with("the token was removed");
        auto c = converse<P>(only(v, signed_by(signer, kind)), strict_server(v, kind));
        auto const done = c.run();
        REQUIRE(!done);
        auto const& e = done.error();
        CHECK(e.code == errc::signing_failed);
        CHECK(e.phase == tls::phase::handshake);
        CHECK(e.about.view() == "the token was removed");
        CHECK(e.sent == tls::alert::internal_error);
        CHECK(!e.received);
        CHECK(e.native == 0);
        CHECK(c.server.alert_received() == tls::number(tls::alert::internal_error));
        CHECK(!c.server.established());
        CHECK(signer.asked().size() == 1);
        CHECK(tls::explain(e).find("the token was removed") != std::string::npos);
        CHECK(c.client.handshake().error() == errc::signing_failed);
    }
}

PARITY_CASE("an external signer whose answer is no signature by our key is refused before it leaves", pairings, P, v) {
    using testbed::bytes;
    struct bad_answer {
        char const* what;
        std::function<bytes(bytes)> made_of; // a good signature
    };
    bad_answer const answers[] = {
        {"nothing", [](bytes) { return bytes(); }},
        {"cut short",
         [](bytes good) {
             good.pop_back();
             return good;
         }},
        {"a byte more",
         [](bytes good) {
             good.push_back({});
             return good;
         }},
        {"noise", [](bytes good) { return bytes(good.size(), std::byte{0xff}); }},
        {"longer than there is room", [](bytes) { return bytes(2000, std::byte{0x30}); }},
        {"a bit wrong",
         [](bytes good) {
             good.back() ^= std::byte{1};
             return good;
         }},
    };
    for (key_kind const kind : {key_kind::p256, key_kind::rsa_2048}) {
        CAPTURE(testbed::name(kind));
        for (auto const& answer : answers) {
            CAPTURE(answer.what);
            key_signer signer(*pki(kind).client.private_key);
            signer.change(answer.made_of);
            auto c = converse<P>(only(v, signed_by(signer, kind)), strict_server(v, kind));
            auto const done = c.run();
            REQUIRE(!done);
            CHECK(done.error().code == errc::signing_failed);
            CHECK(done.error().about.view().find("signature") != std::string_view::npos);
            CHECK(c.server.alert_received() == tls::number(tls::alert::internal_error));
        }
        key_signer another(testbed::pooled_key(kind, 31));
        auto c = converse<P>(only(v, signed_by(another, kind)), strict_server(v, kind));
        CHECK(c.run().error() == errc::signing_failed);
    }
}

PARITY_CASE("an external signer is not asked where a session is resumed, or no certificate wanted", pairings, P, v) {
    key_signer signer(*pki().client.private_key);
    auto wanted = only(v, signed_by(signer));
    wanted.own_tickets = true;
    auto const client = client_of<P>(wanted);
    auto options = ticket_server(v);
    options.require_client_certificate = true;
    options.client_anchors = {pki().root.certificate};
    auto first = first_ticket<P>(client, options);
    CHECK(signer.asked().size() == 1);
    auto const again = visit<P>(client, options, std::move(first));
    CHECK(again.resumed);
    CHECK(signer.asked().size() == 1);

    auto c = converse<P>(client, good_server(v));
    CHECK(c.run());
    CHECK(signer.asked().size() == 1);
}

PARITY_CASE("an external signer is shared by threads, and lives as long as its clients", pairings, P) {
    auto signer = std::make_shared<key_signer>(*pki().client.private_key);
    std::weak_ptr<key_signer> const watched = signer;
    std::optional<client_for<P>> client = client_of<P>(signed_by(signer));
    signer.reset();
    auto moved = std::move(*client);
    client.reset();
    typename P::server const first(strict_server(protocol_version::tls_1_3)); // initialises its library
    constexpr int count = 8;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < count; ++t)
        threads.emplace_back([&, t, copy = moved] {
            auto engine = copy.engine(tls::server_name::dns("localhost"));
            auto const v = t % 2 == 0 ? protocol_version::tls_1_2 : protocol_version::tls_1_3;
            if (!engine) return;
            conversation<P> c{std::move(*engine), typename P::server(strict_server(v))};
            good += outcome_of(c) && c.server.established();
        });
    for (auto& t : threads) t.join();
    CHECK(good == count);
    REQUIRE(watched.lock());
    CHECK(watched.lock()->asked().size() == count);
    {
        auto const last = std::move(moved);
    }
    CHECK(watched.expired());
}

PARITY_CASE("an external signer: mistakes are found before anything is connected", backends, B) {
    auto const refused = [](tls::result<tls::external_identity> who, errc code, std::string_view about,
                            client_options o = {}) {
        o.signing_elsewhere = std::move(who);
        auto const made = build<B>(o);
        REQUIRE(!made);
        CHECK_MESSAGE(made.error().code == code, tls::explain(made.error()));
        CHECK(made.error().about.view() == about);
    };
    key_signer ec(*pki().client.private_key);
    key_signer pkcs1(*pki(key_kind::rsa_2048).client.private_key, {rsa_pkcs1_sha256});
    key_signer nothing(*pki().client.private_key, {});
    refused(
        tls::identity::from_signer(chain_of(key_kind::rsa_2048), ec), errc::key_mismatch,
        "signer, RSA key of 2048 bits");
    refused(tls::identity::from_signer(chain_of(key_kind::p256), pkcs1), errc::key_mismatch, "signer, EC key on P-256");
    refused(
        tls::identity::from_signer(chain_of(key_kind::p256), nothing), errc::key_mismatch, "signer, EC key on P-256");
    constexpr std::string_view none = "signer: none of its schemes is used at these versions";
    refused(
        tls::identity::from_signer(chain_of(key_kind::rsa_2048), pkcs1), errc::bad_configuration, none,
        only(protocol_version::tls_1_3));
    refused(
        tls::identity::from_signer(chain_of(key_kind::p256), ec), errc::bad_configuration, none,
        {.schemes = {{rsa_pss_rsae_sha256}}});
    refused(
        tls::identity::from_signer(chain_of(key_kind::p256), std::shared_ptr<key_signer>()), errc::bad_configuration,
        "no signer");
    refused(
        tls::identity::from_signer(tls::certificate_chain::from_pem(""), ec), errc::empty_input, "certificate chain");
    refused(
        tls::identity::from_signer(tls::certificate_chain::from_pem_file("no.pem"), ec), errc::file_not_found,
        "no.pem");
    refused(
        tls::identity::from_signer(tls::certificate_chain::from_der({}), ec), errc::no_certificate,
        "certificate chain");
    auto const& sent = pki().client.chain;
    refused(
        tls::identity::from_signer(tls::certificate_chain::from_der({sent[1].der, sent[0].der}), ec), errc::chain_order,
        "certificate chain");
    tls::result<key_signer> broken = std::unexpected(tls::configuration_error(errc::no_token, "left"));
    refused(tls::identity::from_signer(chain_of(key_kind::p256), broken), errc::no_token, "left");
    auto who = tls::identity::from_signer(chain_of(key_kind::p256), ec);
    auto const kept = std::move(*who);
    refused(std::move(who), errc::spent, "this identity was moved from"); // NOLINT(bugprone-use-after-move)
    auto const weak = testbed::make_pki(key_kind::rsa_1024);
    key_signer short_key(*weak.client.private_key);
    refused(
        tls::identity::from_signer(tls::certificate_chain::from_pem(weak.client.chain_pem()), short_key),
        errc::weak_identity, "certificate chain, RSA key of 1024 bits");
}

PARITY_CASE("an external signer: with decide, and of a client whose backend is forgotten", backends, B) {
    key_signer signer(*pki().client.private_key);
    auto const client =
        tls::any_client::of(tls::client<B>::configure()
                                .decide(trust(pki()), tls::identity::from_signer(chain_of(key_kind::p256), signer))
                                .build());
    REQUIRE(client);
    CHECK(client->supports(tls::feature::external_signer));
    CHECK(client->supports(tls::feature::deferred_signature));
    auto const found = client->preflight(tls::server_name::dns("localhost"));
    CHECK(!found->has(tls::finding_kind::no_identity));
    CHECK(!found->has(tls::finding_kind::identity_key_not_for_tls_1_3));
    // RSA as old tokens have it.
    key_signer pkcs1(*pki(key_kind::rsa_2048).client.private_key, {rsa_pkcs1_sha256});
    auto const old = client_of<B>(signed_by(pkcs1, key_kind::rsa_2048));
    CHECK(old.preflight(tls::server_name::dns("localhost"))->has(tls::finding_kind::identity_key_not_for_tls_1_3));
}

} // namespace parity::external_signer_cases

// SPDX-License-Identifier: Apache-2.0
#include "allocation/torture.hpp"
#include "parity/parity.hpp"
#include "testbed/process.hpp"

#include <array>
#include <filesystem>
#include <fstream>

/// A client is built with every form of credentials while memory runs out.
namespace parity::building_cases {

using allocation::outcome;
using allocation::spared;
using allocation::torture;

constexpr std::string_view password = "correct horse";

/// Everything that is given to clients, in all its forms, made before memory runs out.
struct forms {
    explicit forms(testbed::key_kind kind) {
        auto const& ours = pki(kind).client;
        root_pem = pki(kind).root_pem();
        root_der = pki(kind).root.certificate.der;
        chain_pem = ours.chain_pem();
        key_pem = ours.private_key->pkcs8_pem();
        traditional_pem = ours.private_key->traditional_pem();
        encrypted_pem = ours.private_key->encrypted_pkcs8_pem(password);
        legacy_pem = ours.private_key->legacy_encrypted_pem(password);
        key_der = ours.private_key->pkcs8_der();
        for (auto const& c : ours.chain) chain_der.push_back(c.der);
        for (auto const& c : chain_der) chain_spans.emplace_back(c);
        write("root.pem", root_pem);
        write("chain.pem", chain_pem);
        write("key.pem", encrypted_pem);
        std::filesystem::create_directory(folder.path() / "roots");
        write("roots/one.pem", root_pem);
        write("roots/other.pem", pki(testbed::key_kind::p384).root_pem());
        write("roots/readme", "no certificate");
        root_file = (folder.path() / "root.pem").string();
        chain_file = (folder.path() / "chain.pem").string();
        key_file = (folder.path() / "key.pem").string();
        root_folder = (folder.path() / "roots").string();
        log_file = (folder.path() / "keys.log").string();
        ticket_file = root_pem + pki(testbed::key_kind::p384).root_pem();
    }
    void write(char const* name, std::string const& text) const { std::ofstream(folder.path() / name) << text; }

    testbed::temporary_directory folder;
    std::string root_pem, chain_pem, key_pem, traditional_pem, encrypted_pem, legacy_pem, ticket_file;
    std::string root_file, chain_file, key_file, root_folder, log_file;
    testbed::bytes root_der, key_der;
    std::vector<testbed::bytes> chain_der;
    std::vector<std::span<std::byte const>> chain_spans;
};

forms const& given(testbed::key_kind kind) {
    static std::map<testbed::key_kind, std::unique_ptr<forms>> all;
    auto& f = all[kind];
    if (!f) f = std::make_unique<forms>(kind);
    return *f;
}

/// Builds a client, and looks whether it has all its trust anchors and the identity.
template <class B, class Trust, class Identity> outcome build(Trust trusted, Identity who, std::size_t anchors) {
    tls::result<tls::trust_anchors> const authorities = trusted();
    if (authorities && authorities->complete() && authorities->size() != anchors)
        return {errc::ok, "trust anchors are missing"};
    tls::result<tls::identity> const ours = who();
    auto const suites = tls::settings::default_suites();
    auto const client = tls::client<B>::configure()
                            .alpn({"mqtt", "http/1.1"})
                            .suites(std::span(suites.begin(), suites.end()))
                            .groups(tls::groups_by_default)
                            .trust(authorities)
                            .identity(ours)
                            .build();
    if (!client) return {client.error().code, nullptr};
    if (!authorities || !ours) return {errc::ok, "built without what was given"};
    auto const found = client->preflight(*tls::server_name::parse("localhost"));
    if (found.has(tls::finding_kind::memory_ran_out)) return {errc::out_of_memory, nullptr};
    return {errc::ok, found.has(tls::finding_kind::no_anchors) ? "no anchors" : nullptr};
}

template <class B> void with_every_form(testbed::key_kind kind) {
    forms const& f = given(kind);
    auto const trusted = [&f] { return tls::trust_anchors::from_pem(f.root_pem); };
    CAPTURE(testbed::name(kind));
    SUBCASE("PEM") {
        torture([&] { return build<B>(trusted, [&] { return tls::identity::from_pem(f.chain_pem, f.key_pem); }, 1); });
    }
    SUBCASE("two identities") {
        torture([&]() -> outcome {
            auto const ours = tls::identity::from_pem(f.chain_pem, f.key_pem);
            auto const client = tls::client<B>::configure().trust(trusted()).identities({ours, ours}).build();
            if (!client) return {client.error().code, nullptr};
            return {errc::ok, ours ? nullptr : "built without what was given"};
        });
    }
    SUBCASE("the traditional format") {
        torture([&] {
            return build<B>(trusted, [&] { return tls::identity::from_pem(f.chain_pem, f.traditional_pem); }, 1);
        });
    }
    SUBCASE("an encrypted key") {
        torture([&] {
            return build<B>(
                trusted, [&] { return tls::identity::from_pem(f.chain_pem, f.encrypted_pem, password); }, 1);
        });
    }
    SUBCASE("a key encrypted in the old format") {
        torture([&] {
            return build<B>(trusted, [&] { return tls::identity::from_pem(f.chain_pem, f.legacy_pem, password); }, 1);
        });
    }
    SUBCASE("a wrong password") {
        torture(
            [&] {
                return build<B>(
                    trusted, [&] { return tls::identity::from_pem(f.chain_pem, f.encrypted_pem, "wrong"); }, 1);
            },
            errc::wrong_password);
    }
    SUBCASE("another key") {
        auto const& other = testbed::pooled_key(kind, 9).pkcs8_pem();
        torture(
            [&] { return build<B>(trusted, [&] { return tls::identity::from_pem(f.chain_pem, other); }, 1); },
            errc::key_mismatch);
    }
    SUBCASE("DER") {
        torture([&] {
            return build<B>(
                [&] { return tls::trust_anchors::from_der(f.root_der); },
                [&] { return tls::identity::from_der(f.chain_spans, f.key_der); }, 1);
        });
    }
    SUBCASE("files") {
        torture([&] {
            return build<B>(
                [&] { return tls::trust_anchors::from_pem_file(f.root_file); },
                [&] { return tls::identity::from_pem_files(f.chain_file, f.key_file, password); }, 1);
        });
    }
    SUBCASE("a folder") {
        torture([&] {
            return build<B>(
                [&] { return tls::trust_anchors::from_folder(f.root_folder); },
                [&] { return tls::identity::from_pem(f.chain_pem, f.key_pem); }, 2);
        });
    }
    SUBCASE("two sets of anchors together") {
        torture([&] {
            return build<B>(
                [&] {
                    auto both = tls::trust_anchors::from_pem(f.root_pem);
                    auto const more = tls::trust_anchors::from_pem(f.ticket_file);
                    if (!more) return tls::result<tls::trust_anchors>(std::unexpect, more.error());
                    if (both) (void)both->add(*more); // that it failed is remembered
                    return both;
                },
                [&] { return tls::identity::from_pem(f.chain_pem, f.key_pem); }, 2);
        });
    }
}

PARITY_CASE("allocation: a client is built, or memory ran out (EC)", backends, B) {
    with_every_form<B>(testbed::key_kind::p256);
}

PARITY_CASE("allocation: a client is built, or memory ran out (RSA)", backends, B) {
    with_every_form<B>(testbed::key_kind::rsa_2048);
}

PARITY_CASE("allocation: a client with a pre-shared key", backends, B) {
    torture([]() -> outcome {
        auto const psk = tls::pre_shared_key::from_hex("device", "000102030405060708090a0b0c0d0e0f");
        auto const client = tls::client<B>::configure().psk(psk).build();
        return {client ? errc::ok : client.error().code, nullptr};
    });
}

PARITY_CASE("allocation: what a client may have besides", backends, B) {
    forms const& f = given(testbed::key_kind::p256);
    torture([&]() -> outcome {
        tls::memory_ticket_store store;
        auto const client = tls::client<B>::configure()
                                .resumption(store)
                                .signature_schemes(std::span(tls::known_schemes))
                                .key_log(tls::key_log_file::open(f.log_file))
                                .versions(protocol_version::tls_1_2, protocol_version::tls_1_2)
                                .suites({tls::cipher_suite::ecdhe_ecdsa_aes_128_gcm_sha256})
                                .trust(tls::trust_anchors::from_pem(f.root_pem))
                                .no_identity()
                                .build();
        return {client ? errc::ok : client.error().code, nullptr};
    });
}

} // namespace parity::building_cases

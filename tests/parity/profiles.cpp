// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/parity.hpp"
#include <tls/configuration/list_of_names.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// Profiles, and lists by names.
namespace parity::profile_cases {
namespace {

using tls::profile;

template <class Values> std::vector<unsigned> numbers(Values const& values) {
    std::vector<unsigned> all;
    for (auto const v : values) all.push_back(static_cast<unsigned>(v));
    return all;
}

/// Without the signal of RFC 5746.
std::vector<unsigned> suites_of(testbed::wire::client_hello const& hello) {
    std::vector<unsigned> suites = hello.suites;
    std::erase(suites, 0x00ffU);
    return suites;
}

template <class B> auto with(profile const& p) { return tls::client<B>::configure().profile(p).trust(trust(pki())); }

} // namespace

PARITY_CASE("profiles: the hello says what the profile says", backends, B) {
    for (profile const* const p : tls::known_profiles) {
        CAPTURE(p->name);
        auto const client = with<B>(*p).no_identity().build();
        REQUIRE_MESSAGE(client, client.error().about.view());
        auto const hello = hello_of(client->engine(tls::server_name::dns("localhost")));
        CHECK(suites_of(hello) == numbers(p->suites));
        CHECK(hello.groups == numbers(p->groups));
        CHECK(hello.signature_algorithms == numbers(p->schemes));
        REQUIRE(hello.key_shares.size() == 1);
        CHECK(hello.key_shares[0] == static_cast<unsigned>(p->groups[0]));
        bool const modern = p->lowest_version == protocol_version::tls_1_3;
        CHECK(hello.versions.size() == (modern ? 1 : 2));
        CHECK(hello.alpn == std::vector<std::string>(p->alpn.begin(), p->alpn.end()));
    }
}

PARITY_CASE("profiles: servers are met that each is for, with EC and RSA keys", pairings, P) {
    for (profile const* const p : tls::known_profiles)
        for (auto const kind : {testbed::key_kind::p256, testbed::key_kind::rsa_2048})
            for (protocol_version const v : versions) {
                CAPTURE(p->name);
                CAPTURE(tls::name(v));
                auto const client = tls::client<typename P::backend>::configure()
                                        .profile(*p)
                                        .trust(trust(pki(kind)))
                                        .identity(identity(pki(kind).client))
                                        .build();
                REQUIRE(client);
                auto options = good_server(v, kind);
                options.require_client_certificate = true;
                options.client_anchors = {pki(kind).root.certificate};
                options.alpn = {"x-amzn-mqtt-ca"};
                auto c = converse<P>(*client, options);
                auto const done = c.run();
                CHECK(done.has_value() == (v >= p->lowest_version));
                if (done) CHECK(c.client.facts().alpn == (p->alpn.empty() ? "" : "x-amzn-mqtt-ca"));
            }
}

PARITY_CASE("profiles: what comes behind one changes single points of it", backends, B) {
    auto const client = with<B>(profile::aws_iot_2026)
                            .alpn({"x-amzn-mqtt-ca"})
                            .versions(protocol_version::tls_1_3, protocol_version::tls_1_3)
                            .suites({tls::cipher_suite::aes_256_gcm_sha384})
                            .no_identity()
                            .build();
    REQUIRE(client);
    auto const hello = hello_of(client->engine(tls::server_name::dns("localhost")));
    CHECK(suites_of(hello) == std::vector<unsigned>{0x1302});
    CHECK(hello.alpn == std::vector<std::string>{"x-amzn-mqtt-ca"});
    CHECK(hello.groups == numbers(profile::aws_iot_2026.groups));
    CHECK(hello.versions.size() == 1);
    // The length of paths is part of it.
    scene s = stage{}.build_with_two_intermediates();
    auto strict = profile::constrained_2026;
    strict.max_path_length = 1;
    auto const short_paths = tls::client<B>::configure()
                                 .profile(strict)
                                 .trust(tls::trust_anchors::from_pem(testbed::pem_of(s.anchors)))
                                 .no_identity()
                                 .build();
    REQUIRE(short_paths);
    using P = pairing<B, testbed::mbedtls_server>;
    CHECK(converse<P>(*short_paths, server_of(s, protocol_version::tls_1_3)).run().error().code == errc::path_too_long);
}

PARITY_CASE(
    "lists by names: what a file says is offered, and a name that nobody knows is an error that says so", backends, B) {
    auto const named = [](std::string_view suites, std::string_view groups, std::string_view schemes) {
        return tls::client<B>::configure()
            .suites(tls::suites_from(suites))
            .groups(tls::groups_from(groups))
            .signature_schemes(tls::schemes_from(schemes))
            .trust(trust(pki()))
            .no_identity()
            .build();
    };
    auto const client = named(
        "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n", "secp256r1 x25519",
        "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256");
    REQUIRE(client);
    auto const hello = hello_of(client->engine(tls::server_name::dns("localhost")));
    CHECK(suites_of(hello) == std::vector<unsigned>{0x1302, 0x1301, 0xc02b});
    CHECK(hello.groups == std::vector<unsigned>{23, 29});
    CHECK(hello.signature_algorithms == std::vector<unsigned>{0x0403, 0x0804});

    auto const refused = [&](auto const& made, std::string_view about) {
        REQUIRE_FALSE(made);
        CHECK(made.error().code == errc::bad_configuration);
        CHECK(made.error().about.view() == about);
    };
    refused(
        named("TLS_AES_128_GCM_SHA256:TLS_RSA_WITH_RC4_128_SHA", "x25519", "ecdsa_secp256r1_sha256"),
        "TLS_RSA_WITH_RC4_128_SHA: no cipher suite that is offered");
    refused(tls::groups_from("X25519"), "X25519: no group that is offered");
    refused(tls::schemes_from("ecdsa_sha1"), "ecdsa_sha1: no signature scheme that is offered");
    refused(tls::profile_from("modern"), "modern: no profile");
    CHECK(tls::profile_from("constrained_2026")->name == "constrained_2026");
    refused(named("", "x25519", "ecdsa_secp256r1_sha256"), "cipher suites: none");
    refused(
        named("TLS_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256", "x25519", "ecdsa_secp256r1_sha256"),
        "TLS_AES_128_GCM_SHA256: twice");
    std::string many;
    for (int i = 0; i != 100; ++i) many += "x25519 ";
    refused(
        named("TLS_AES_128_GCM_SHA256:TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", many, "ecdsa_secp256r1_sha256"),
        "x25519: twice");
    auto const none =
        tls::client<B>::configure().profile(tls::profile_from("modern")).trust(trust(pki())).no_identity().build();
    refused(none, "modern: no profile");
}

} // namespace parity::profile_cases

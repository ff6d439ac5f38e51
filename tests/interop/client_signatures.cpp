// SPDX-License-Identifier: Apache-2.0
#include "interop/installed.hpp"
#include "parity/parity.hpp"
#include "testbed/process.hpp"
#include <tls/transport/tcp.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a server asks a client to sign with, and that it gets that or nothing: key of the server, key of the client,
/// list of schemes and version, against OpenSSL's server.
namespace parity::interop_client_signatures_cases {
namespace {

using namespace std::chrono_literals;
using testbed::key_kind;
constexpr auto tls_1_2 = protocol_version::tls_1_2;

constexpr key_kind server_keys[] = {key_kind::p256, key_kind::rsa_2048};
constexpr key_kind client_keys[] = {key_kind::p256, key_kind::p384, key_kind::p521, key_kind::rsa_2048};

/// A list as OpenSSL writes it: each scheme is a signature and a hash.
constexpr std::string_view lists[] = {
    "ECDSA+SHA256",
    "ECDSA+SHA384",
    "ECDSA+SHA512",
    "RSA-PSS+SHA256",
    "RSA-PSS+SHA384",
    "RSA-PSS+SHA512",
    "RSA+SHA256",
    "RSA+SHA384",
    "RSA+SHA512",
    "ECDSA+SHA512:ECDSA+SHA384:ECDSA+SHA256",
    "RSA+SHA512:RSA+SHA384:RSA-PSS+SHA256",
    "RSA-PSS+SHA512:RSA+SHA512:ECDSA+SHA512",
    "ECDSA+SHA256:RSA+SHA256:RSA-PSS+SHA256:ECDSA+SHA384:RSA+SHA384:ECDSA+SHA512"};

std::string_view hash_for(key_kind curve) {
    if (curve == key_kind::p256) return "SHA256";
    return curve == key_kind::p384 ? "SHA384" : "SHA512";
}

/// Whether a key can make one of these signatures; `with_sha512`: under TLS 1.2 as well.
bool can_sign(key_kind key, std::string_view list, protocol_version v, bool with_sha512) {
    while (!list.empty()) {
        auto const scheme = list.substr(0, list.find(':'));
        list.remove_prefix(std::min(list.size(), scheme.size() + 1));
        auto const hash = scheme.substr(scheme.find('+') + 1);
        bool const has_hash = v != tls_1_2 || with_sha512 || hash != "SHA512";
        bool fits = false;
        if (scheme.starts_with("ECDSA"))
            fits = !testbed::is_rsa(key) && (v == tls_1_2 || hash == hash_for(key));
        else
            fits = testbed::is_rsa(key) && (v == tls_1_2 || scheme.starts_with("RSA-PSS"));
        if (fits && has_hash) return true;
    }
    return false;
}

/// A server that takes any client of ours that signs with one of the schemes, and sends lines back reversed.
struct picky_server {
    /// Trusts the authorities of `roots`, and names them in its request; all of ours if there are none.
    picky_server(key_kind kind, std::string_view schemes, protocol_version v, std::string roots = {}) {
        auto const file = [this](char const* name, std::string const& text) {
            return folder.write_file(name, text).string();
        };
        if (roots.empty())
            for (key_kind const client : client_keys) roots += pki(client).root_pem();
        auto const& shown = pki(kind).server;
        program.emplace(
            std::vector<std::string>{
                testbed::find_program("openssl")->string(),
                "s_server",
                "-accept",
                std::to_string(port),
                "-quiet",
                "-rev",
                "-cert",
                file("leaf.pem", shown.leaf().pem()),
                "-cert_chain",
                file("chain.pem", shown.chain_pem()),
                "-key",
                file("key.pem", shown.private_key->pkcs8_pem()),
                "-CAfile",
                file("roots.pem", roots),
                "-verify_return_error",
                "-Verify",
                "3",
                "-client_sigalgs",
                std::string(schemes),
                v == tls_1_2 ? "-tls1_2" : "-tls1_3"},
            false);
    }

    tls::tcp_stream connect() const {
        for (;;) {
            auto tcp = tls::tcp_stream::connect("127.0.0.1", port, {.read_timeout = 60s, .write_timeout = 60s});
            if (tcp) return std::move(*tcp);
            REQUIRE(tcp.error().code == errc::connection_refused);
            REQUIRE_MESSAGE(program->running(), program->output());
        }
    }

    testbed::temporary_directory folder;
    std::uint16_t port = testbed::free_loopback_port();
    std::optional<testbed::process> program;
};

/// The server's answer to a line, or why there is none.
template <class B> tls::result<std::string> ask(tls::client<B> const& client, picky_server const& server) {
    auto session = client.connect(tls::server_name::dns("localhost"), server.connect());
    if (!session) return std::unexpected(session.error());
    if (auto const sent = session->write_all(testbed::view_of("line\n")); !sent) return std::unexpected(sent.error());
    std::string answer;
    std::byte into[64];
    while (!answer.ends_with('\n')) {
        auto const n = session->read_some(into);
        if (!n) return std::unexpected(n.error());
        answer += testbed::to_text(testbed::byte_view(into).first(*n));
    }
    (void)session->close();
    return answer;
}

} // namespace

PARITY_CASE(
    "client signatures: what the server asks for, or unusable_identity before our certificate leaves", backends, B, v) {
    if (!testbed::find_program("openssl")) {
        MESSAGE("SKIPPED: openssl is not installed");
        return;
    }
    constexpr bool with_sha512 = std::is_same_v<B, tls::wolfssl>; // declared in docs/parity.md
    for (key_kind const shown : server_keys)
        for (std::string_view const list : lists) {
            // OpenSSL's server cannot ask for nothing but PKCS#1 v1.5 at TLS 1.3.
            bool const for_tls_1_3 = list.find("PSS") != list.npos || list.find("ECDSA") != list.npos;
            if (v != tls_1_2 && !for_tls_1_3) continue;
            picky_server const server(shown, list, v);
            for (key_kind const ours : client_keys) {
                CAPTURE(testbed::name(shown));
                CAPTURE(testbed::name(ours));
                CAPTURE(list);
                auto const client =
                    client_of<B>(only(v, {.anchors = trust(pki(shown)), .who = identity(pki(ours).client)}));
                auto const answer = ask(client, server);
                if (can_sign(ours, list, v, with_sha512)) {
                    CHECK_MESSAGE(answer, (answer ? "" : tls::explain(answer.error())));
                    if (answer) CHECK(*answer == "enil\n");
                    continue;
                }
                REQUIRE(!answer);
                CHECK_MESSAGE(answer.error().code == errc::unusable_identity, tls::explain(answer.error()));
                CHECK(!answer.error().handshake.certificates_sent);
                CHECK(!answer.error().received);
            }
        }
}

PARITY_CASE("client signatures: our own list holds for what we sign with", backends, B, v) {
    if (!testbed::find_program("openssl")) {
        MESSAGE("SKIPPED: openssl is not installed");
        return;
    }
    using enum tls::signature_scheme;
    picky_server const server(key_kind::p256, "RSA-PSS+SHA256:RSA+SHA256:RSA-PSS+SHA384:ECDSA+SHA256", v);
    client_options o =
        only(v, {.anchors = trust(pki(key_kind::p256)), .who = identity(pki(key_kind::rsa_2048).client)});
    o.schemes = {{ecdsa_secp256r1_sha256, rsa_pss_rsae_sha384}};
    CHECK(ask(client_of<B>(o), server));
    o.schemes = {{ecdsa_secp256r1_sha256, rsa_pss_rsae_sha512}};
    auto const refused = ask(client_of<B>(o), server);
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::unusable_identity);
}

PARITY_CASE(
    "client signatures: of several identities, the one for the authorities and schemes it names", backends, B, v) {
    if (!testbed::find_program("openssl")) {
        MESSAGE("SKIPPED: openssl is not installed");
        return;
    }
    using tls::identity_reason;
    constexpr std::string_view any = "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256";
    auto const authority = [](std::string name, key_kind of_client) {
        auto spec = testbed::root_spec();
        spec.common_name = std::move(name);
        auto const& root_key = testbed::pooled_key(key_kind::p256, 11);
        testbed::issuer const root{testbed::issue(spec, root_key), &root_key};
        auto const& key = testbed::pooled_key(of_client, 2);
        return std::pair(
            root.certificate.pem(), testbed::credentials{{testbed::issue(testbed::client_spec(), key, &root)}, &key});
    };
    auto const [root_a, ec_a] = authority("Authority A", key_kind::p256);
    auto const [root_b, ec_b] = authority("Authority B", key_kind::p256);
    auto const [root_c, rsa_c] = authority("Authority C", key_kind::rsa_2048);
    auto const client = tls::client<B>::configure()
                            .versions(v, v)
                            .trust(trust(pki()))
                            .identities({identity(ec_a), identity(ec_b), identity(rsa_c)})
                            .build();
    REQUIRE(client);
    struct expected {
        std::string_view schemes;
        std::string roots;
        std::uint8_t index;
        identity_reason why;
        bool accepted = true;
    };
    std::string const all = root_a + root_b + root_c;
    expected const rows[] = {
        {any, root_a, 0, identity_reason::authority_named},
        {any, root_b, 1, identity_reason::authority_named},
        {any, root_c, 2, identity_reason::authority_named},
        {any, root_c + root_b, 1, identity_reason::authority_named},
        {"RSA-PSS+SHA256", all, 2, identity_reason::authority_named},
        {"ECDSA+SHA256", root_c, 0, identity_reason::no_authority_named, false},
        {any, pki().root_pem(), 0, identity_reason::no_authority_named, false}};
    for (expected const& e : rows) {
        CAPTURE(e.schemes);
        CAPTURE(static_cast<int>(e.index));
        picky_server const server(key_kind::p256, e.schemes, v, e.roots);
        auto session = client->connect(tls::server_name::dns("localhost"), server.connect());
        tls::fact<tls::chosen_identity> chosen;
        if (session) {
            auto const facts = session->facts();
            chosen = facts.identity;
            auto const& ours = e.index == 0 ? ec_a : e.index == 1 ? ec_b : rsa_c;
            REQUIRE(facts.own_certificate);
            CHECK(std::ranges::equal(facts.own_certificate->der(), ours.leaf().der));
            // Under TLS 1.3 it has judged us when it answers.
            auto const judged = session->confirm_accepted(60s);
            CHECK(judged.has_value() == e.accepted);
            if (!judged) CHECK(judged.error() == errc::peer_rejected_certificate);
        } else {
            CHECK_MESSAGE(!e.accepted, tls::explain(session.error()));
            CHECK(session.error() == errc::peer_rejected_certificate);
            chosen = session.error().handshake.identity;
        }
        REQUIRE(chosen);
        CHECK(chosen->index == e.index);
        CHECK(chosen->count == 3);
        CHECK(chosen->why == e.why);
    }
}

} // namespace parity::interop_client_signatures_cases

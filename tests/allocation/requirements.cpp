// SPDX-License-Identifier: Apache-2.0
#include "allocation/torture.hpp"
#include "parity/parity.hpp"
#include "testbed/crl_factory.hpp"
#include "testbed/ocsp_factory.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

/// What a client requires beyond authorities is loaded and asked while memory runs out: nothing of it may get lost.
namespace parity::requirements_cases {

using allocation::outcome;
using allocation::spared;
using allocation::torture;

/// Lists, and what a client is to say of a server that they revoke.
struct lists {
    std::string pem;
    errc expected;
};

lists const& given(bool revoked) {
    static auto const made = [] {
        std::array<lists, 2> both;
        for (bool const bad : {false, true}) {
            testbed::crl_spec of_intermediate;
            for (unsigned i = 1; i != 20; ++i)
                of_intermediate.revoked.push_back({.serial = {std::byte{1}, static_cast<std::byte>(i)}});
            if (bad) of_intermediate.revoked.push_back({.serial = testbed::serial_of(pki().server.leaf())});
            both[bad ? 1 : 0] = {
                testbed::crl_pem(testbed::issue_crl(of_intermediate, pki().server_intermediate)) +
                    testbed::crl_pem(testbed::issue_crl({}, pki().root)),
                bad ? errc::revoked : errc::ok};
        }
        return both;
    }();
    return made[revoked ? 1 : 0];
}

/// Connects a client to a server, exports something and looks at what was kept, if it keeps that.
template <class B> outcome meet_server(tls::client<B> const& client, testbed::server_options const& options) {
    auto e = client.engine(tls::server_name::dns("localhost"));
    if (!e) return {e.error().code, nullptr};
    std::unique_ptr<testbed::wolfssl_server> server;
    {
        spared const servers_own;
        server = std::make_unique<testbed::wolfssl_server>(options);
    }
    outcome result;
    for (;;) {
        auto const state = e->handshake();
        if (!state && state.error() != errc::want_read) {
            result = {state.error().code, nullptr};
            break;
        }
        testbed::bytes answer;
        std::size_t const sent = e->drain().size();
        {
            spared const servers_own;
            server->feed(e->drain());
            server->step();
            answer = server->drain();
        }
        e->drained(sent);
        auto const fed = e->feed(answer);
        {
            spared const servers_own;
            answer = {};
        }
        if (!fed) {
            result = {fed.error().code, nullptr};
            break;
        }
        if (state) {
            std::array<std::byte, 32> key;
            auto const exported = e->export_keying_material("EXPERIMENTAL", std::nullopt, key);
            if (!exported)
                result = {exported.error().code, nullptr};
            else if (e->facts().path.accepted().size() != 3)
                result = {errc::ok, "the path is missing"};
            break;
        }
    }
    spared const servers_own;
    server.reset();
    return result;
}

/// Builds a client with all of it, connects to a server, as above.
template <class B>
outcome
connect(std::string_view pem, std::string_view root, testbed::server_options const& options, protocol_version v) {
    auto const loaded = tls::revocation_lists::from_pem(pem);
    auto const anchors = tls::trust_anchors::from_pem(root);
    auto const client = tls::client<B>::configure()
                            .versions(v, v)
                            .trust(anchors)
                            .no_identity()
                            .revocation(loaded)
                            .verify_these_names_instead({"other.example", "server.example"})
                            .also_require([](tls::judged_server const& s) noexcept {
                                return s.path.size() == 3 ? tls::no_objection : tls::objection("a short path");
                            })
                            .keep_peer_path()
                            .exporter()
                            .build();
    if (!client) return {client.error().code, nullptr};
    return meet_server<B>(*client, options);
}

/// The same with a status that the server staples.
template <class B>
outcome connect_stapling(std::string_view root, testbed::server_options const& options, protocol_version v) {
    auto const anchors = tls::trust_anchors::from_pem(root);
    auto const client = tls::client<B>::configure()
                            .versions(v, v)
                            .trust(anchors)
                            .no_identity()
                            .require_stapled_status()
                            .keep_peer_path()
                            .exporter()
                            .build();
    if (!client) return {client.error().code, nullptr};
    return meet_server<B>(*client, options);
}

PARITY_CASE("memory runs out: what is required beyond authorities is never forgotten", backends, B) {
    for (bool const revoked : {false, true})
        for (protocol_version const v : versions) {
            CAPTURE(revoked);
            CAPTURE(tls::name(v));
            auto const& l = given(revoked);
            auto const options = good_server(v);
            std::string const root = pki().root_pem();
            torture([&] { return connect<B>(l.pem, root, options, v); }, l.expected);
        }
}

PARITY_CASE("memory runs out: a status that is required is never forgotten", backends, B) {
    if constexpr (B::template supports<tls::feature::stapled_status>) {
        auto const& key = testbed::pooled_key(testbed::key_kind::p256, 27);
        testbed::issuer const responder{
            testbed::issue(testbed::responder_spec(), key, &pki().server_intermediate), &key};
        for (protocol_version const v : versions) {
            CAPTURE(tls::name(v));
            bool const revoked = v == protocol_version::tls_1_3; // one of each, for the sake of time
            testbed::ocsp_spec spec;
            spec.responder = &responder;
            spec.certificates = {responder.certificate.der};
            spec.singles.push_back({.serial = testbed::serial_of(pki().server.leaf())});
            if (revoked) spec.singles[0].is = testbed::ocsp_single::status::revoked;
            auto options = good_server(v);
            options.stapled_status = testbed::issue_ocsp(spec, pki().server_intermediate);
            std::string const root = pki().root_pem();
            torture([&] { return connect_stapling<B>(root, options, v); }, revoked ? errc::revoked : errc::ok);
        }
    }
}

} // namespace parity::requirements_cases

// SPDX-License-Identifier: Apache-2.0
#include "corpus/outcome.hpp"

#include "testbed/server.hpp"
#include <tls/client.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>
#include <tls/x509/certificate.hpp>

#include <utility>

namespace corpus {
namespace {

using testbed::key_kind;

std::int64_t time_of_the_case = 0;
std::int64_t clock_of_the_case() noexcept { return time_of_the_case; }

outcome refused(tls::error const& e) { return {e.code, e.problems, e.problem_depth, e.native}; }

/// The kind of the leaf's key, if it is one that servers of the tests can sign with.
std::optional<key_kind> signing_kind(test_case const& one) {
    auto const leaf = tls::x509::certificate_view::parse(one.chain.front().der);
    if (!leaf) return std::nullopt;
    if (leaf->public_key_kind() == tls::x509::public_key_kind::rsa) return key_kind::rsa_2048;
    switch (leaf->curve()) {
    case tls::x509::curve::p256: return key_kind::p256;
    case tls::x509::curve::p384: return key_kind::p384;
    case tls::x509::curve::p521: return key_kind::p521;
    default: return std::nullopt;
    }
}

testbed::server_options server_of(test_case const& one, tls::protocol_version version) {
    auto const kind = signing_kind(one);
    auto options =
        testbed::server_options::showing({one.chain, &testbed::pooled_key(kind.value_or(key_kind::p256))}, version);
    if (kind) options.signing_key = one.key;
    return options;
}

template <class Backend>
tls::result<tls::client<Backend>> client_of(test_case const& one, tls::protocol_version version) {
    auto asked = tls::client<Backend>::configure().versions(version, version).clock(clock_of_the_case);
    if (one.max_path_length) asked = std::move(asked).max_path_length(*one.max_path_length);
    if (!one.revocation_lists.empty())
        asked = std::move(asked).revocation(
            tls::revocation_lists::from_pem(one.revocation_lists), tls::revocation_scope::server);
    if (one.strict_extended_key_usage) asked = std::move(asked).strict_extended_key_usage();
    return std::move(asked).trust(tls::trust_anchors::from_pem(one.anchors)).no_identity().build();
}

/// Carries bytes both ways until nothing moves; returns how the client's handshake stands.
template <class Backend, class Server> tls::result<void> conversation(tls::engine<Backend>& client, Server&& server) {
    for (;;) {
        auto const state = client.handshake();
        if (auto const out = client.drain(); !out.empty()) {
            server.feed(out);
            client.drained(out.size());
        }
        server.step();
        auto const answer = server.drain();
        if (answer.empty()) return state;
        if (auto const fed = client.feed(answer); !fed) return std::unexpected(fed.error());
    }
}

template <class Backend> outcome outcome_of(test_case const& one, tls::protocol_version version) {
    time_of_the_case = one.time.value_or(testbed::now().time_since_epoch().count());
    auto const client = client_of<Backend>(one, version);
    if (!client) return refused(client.error());
    auto engine = client->engine(tls::server_name::parse(one.server_name));
    if (!engine) return refused(engine.error());

    auto const options = server_of(one, version);
    std::size_t size = 0;
    for (auto const& c : one.chain) size += c.der.size();
    // Mbed TLS sends no message that does not fit a record.
    constexpr std::size_t record = 15'000;
    auto const end = size < record ? conversation(*engine, testbed::mbedtls_server(options))
                                   : conversation(*engine, testbed::wolfssl_server(options));
    bool const proves_nothing = options.signing_key.empty();
    if (end) return {};
    if (proves_nothing && end.error().code == tls::errc::bad_handshake_signature) return {};
    return refused(end.error());
}

} // namespace

std::string outcome::text() const { return accepted() ? "accepted" : std::string(tls::name(code)); }

outcome outcome_of_wolfssl(test_case const& one, tls::protocol_version version) {
    return outcome_of<tls::wolfssl>(one, version);
}

outcome outcome_of_mbedtls(test_case const& one, tls::protocol_version version) {
    return outcome_of<tls::mbedtls>(one, version);
}

} // namespace corpus

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/credentials/decisions.hpp>

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

/// Whom we trust and who we are, decided at run time.
namespace parity::decisions_cases {
namespace {

using tls::trust_decision;

tls::result<tls::trust_anchors> missing_anchors() { return tls::trust_anchors::from_pem(""); }
tls::result<tls::identity> missing_identity() { return tls::identity::from_pem("", ""); }

/// How a handshake with a server that asks for a certificate goes, and how many the client sends.
template <class P> std::optional<std::uint16_t> sent_by(tls::client<typename P::backend> const& client) {
    auto c = converse<P>(client, asking_server(protocol_version::tls_1_3));
    REQUIRE(c.run());
    return static_cast<std::uint16_t>(c.server.client_certificates_received());
}

} // namespace

PARITY_CASE("decisions: an identity that may not be there is sent if it is", pairings, P) {
    using B = typename P::backend;
    tls::identity const mine = identity(pki().client).value();
    auto const built = [](tls::identity_decision const& who) {
        auto client = tls::client<B>::configure().trust(trust(pki())).identity(who).build();
        REQUIRE(client);
        return std::move(*client);
    };
    auto const chain = static_cast<std::uint16_t>(mine.chain().size());
    CHECK(sent_by<P>(built(mine)) == chain);
    CHECK(sent_by<P>(built(std::optional(mine))) == chain);
    CHECK(sent_by<P>(built(identity(pki().client))) == chain);
    CHECK(sent_by<P>(built(std::optional(identity(pki().client)))) == chain);
    CHECK(sent_by<P>(built(tls::result<std::optional<tls::identity>>(mine))) == chain);
    CHECK(sent_by<P>(built(std::nullopt)) == 0);
    CHECK(sent_by<P>(built(std::optional<tls::identity>())) == 0);
    CHECK(sent_by<P>(built(std::optional<tls::result<tls::identity>>())) == 0);
    CHECK(sent_by<P>(built(tls::result<std::optional<tls::identity>>(std::nullopt))) == 0);
}

PARITY_CASE("decisions: both are made by values, and the first that failed is told", pairings, P) {
    using B = typename P::backend;
    auto const decided = [](trust_decision const& whom, tls::identity_decision const& who) {
        return tls::client<B>::configure().decide(whom, who).build();
    };
    auto const good = decided(trust(pki()), identity(pki().client));
    REQUIRE(good);
    CHECK(sent_by<P>(*good) != 0);
    auto const nobody = decided(trust(pki()), std::nullopt);
    REQUIRE(nobody);
    CHECK(sent_by<P>(*nobody) == 0);

    // A server of somebody else is refused, unless any is accepted.
    auto const server = good_server(protocol_version::tls_1_3);
    auto const other = decided(trust(pki(testbed::key_kind::p384)), std::nullopt);
    REQUIRE(other);
    CHECK(converse<P>(*other, server).run().error().code == errc::untrusted);
    auto const any = decided(trust_decision::insecure_accept_any_server(), std::nullopt);
    REQUIRE(any);
    CHECK(converse<P>(*any, server).run());

    CHECK(decided(missing_anchors(), identity(pki().client)).error().code == errc::empty_input);
    CHECK(decided(trust(pki()), missing_identity()).error().code == errc::empty_input);
    CHECK(decided(missing_anchors(), missing_identity()).error().code == errc::empty_input);
    CHECK(decided(trust(pki()), std::optional(missing_identity())).error().code == errc::empty_input);
    auto spent = identity(pki().client).value();
    auto const taken = std::move(spent);
    CHECK(decided(trust(pki()), spent).error().code == errc::spent); // NOLINT(bugprone-use-after-move)
}

PARITY_CASE("protocols for ALPN come from any container of texts", pairings, P, v) {
    using B = typename P::backend;
    auto server = good_server(v);
    server.alpn = {"mqtt"};
    auto const selects = [&](auto const& protocols) {
        auto client =
            tls::client<B>::configure().trust(trust(pki())).no_identity().alpn(protocols).versions(v, v).build();
        REQUIRE(client);
        auto c = converse<P>(*client, server);
        REQUIRE(c.run());
        return std::string(c.client.facts().alpn);
    };
    CHECK(selects(std::vector<std::string>{"x", "mqtt"}) == "mqtt");
    CHECK(selects(std::vector<std::string_view>{"x", "mqtt"}) == "mqtt");
    CHECK(selects(std::array<char const*, 2>{"mqtt", "x"}) == "mqtt");
    CHECK(selects(std::deque<std::string>{"mqtt"}) == "mqtt");
    char const* const plain[] = {"x", "mqtt"};
    CHECK(selects(plain) == "mqtt");
    CHECK(selects(std::vector<std::string>{}).empty());
}

} // namespace parity::decisions_cases

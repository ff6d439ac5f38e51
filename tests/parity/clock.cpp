// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include <tls/core/time_text.hpp>

#include <atomic>
#include <string>

/// A client with a clock of its own judges by it.
namespace parity::clock_cases {
namespace {

constexpr std::int64_t day = 86400;

std::atomic<std::int64_t> moment; // what the test's clock says
std::int64_t test_clock() noexcept { return moment; }

/// A client that asks the test's clock.
template <class B> tls::client<B> watching(protocol_version v, tls::wall_clock clock = test_clock) {
    return client_of<B>(only(v, {.who = identity(pki().client), .clock = clock}));
}

/// What a client with this clock makes of the good server.
template <class P> tls::result<void> meet(client_for<P> const& client, protocol_version v) {
    auto c = converse<P>(client, good_server(v));
    return c.run();
}

/// When a client with the test's clock finds the good server's certificates, and everything of its own, to be valid.
std::int64_t now() { return tls::system_wall_clock(); }

} // namespace

PARITY_CASE("clock: the server's certificates are judged by the client's", pairings, P, v) {
    using B = typename P::backend;
    moment = now();
    auto const client = watching<B>(v);
    CHECK(meet<P>(client, v));

    auto const refused = [&](std::int64_t at) {
        moment = at;
        auto const answer = meet<P>(client, v);
        REQUIRE(!answer);
        CHECK(answer.error().clock == at);
        std::string const said(tls::detail::time_text(at).view());
        CHECK(tls::explain(answer.error()).find(said) != std::string::npos);
        return answer.error().code;
    };
    CHECK(refused(now() + 400 * day) == errc::expired);
    CHECK(refused(now() - 400 * day) == errc::not_yet_valid);
    CHECK(refused(day) == errc::not_yet_valid);

    moment = now(); // set right: the same client goes on
    CHECK(meet<P>(client, v));
}

PARITY_CASE("clock: our own certificate is judged by the client's", backends, B) {
    auto const name = *tls::server_name::dns("localhost");
    moment = now();
    auto const client = watching<B>(protocol_version::tls_1_3);
    CHECK(!client.identity_is_out_of_date());
    CHECK(client.preflight(name).clock() == moment);
    CHECK(client.preflight(name).empty());

    moment = now() + 400 * day;
    CHECK(client.identity_is_out_of_date());
    CHECK(client.preflight(name).clock() == moment);
    CHECK(client.preflight(name).has(tls::finding_kind::identity_expired));

    moment = day;
    CHECK(client.identity_is_out_of_date());
    CHECK(client.preflight(name).has(tls::finding_kind::clock_implausible));
}

PARITY_CASE("clock: an error about our own certificate quotes the client's", pairings, P) {
    // Under TLS 1.2 the server refuses it within the handshake.
    moment = now() - 5;
    auto const client = watching<typename P::backend>(protocol_version::tls_1_2);
    auto server = good_server(protocol_version::tls_1_2);
    server.require_client_certificate = true;
    server.client_anchors = {pki(testbed::key_kind::p384).root.certificate};
    auto c = converse<P>(client, server);
    auto const refused = c.run();
    REQUIRE(!refused);
    CHECK(refused.error().clock == moment);
}

PARITY_CASE("clock: none is the system's, and ticket_clock is another name for clock", pairings, P) {
    using B = typename P::backend;
    constexpr auto v = protocol_version::tls_1_3;
    moment = day;
    CHECK(meet<P>(watching<B>(v, nullptr), v));
    CHECK(!watching<B>(v, nullptr).identity_is_out_of_date());
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    auto const former =
        tls::client<B>::configure().ticket_clock(test_clock).trust(trust(pki())).no_identity().versions(v, v).build();
#pragma GCC diagnostic pop
    REQUIRE(former);
    auto const answer = meet<P>(*former, v);
    REQUIRE(!answer);
    CHECK(answer.error() == errc::not_yet_valid);
}

} // namespace parity::clock_cases

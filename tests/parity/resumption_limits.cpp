// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/resumption.hpp"

#include <array>
#include <atomic>
#include <limits>

/// What a resumed session must not do: outlive or evade what a new one would have to prove.
namespace parity::resumption_limits_cases {
namespace {

std::atomic<std::int64_t> moved_by; // how far the test's clock is ahead of the system's, in seconds
std::int64_t test_clock() noexcept { return std::time(nullptr) + moved_by; }

/// Moves the test's clock for as long as it lives.
struct later {
    explicit later(std::int64_t seconds) { moved_by = seconds; }
    later(later const&) = delete;
    later& operator=(later const&) = delete;
    ~later() { moved_by = 0; }
};

/// Offers a ticket where it does not belong: it must not be offered, and the server must prove itself.
template <class P>
void refuse(
    client_for<P> const& thief, testbed::server_options const& options, tls::ticket stolen,
    std::string_view name = "localhost", std::uint16_t port = 0) {
    auto c = converse<P>(thief.engine(tls::server_name::parse(name, port), std::move(stolen)), options);
    auto const done = c.run();
    auto const hello = testbed::wire::first_client_hello(c.pipe.to_server.history());
    CHECK(!hello.has_extension(41));
    CHECK(!c.server.resumed());
    if (!done) return; // it did not prove itself
    CHECK(c.client.facts().resumption == tls::resumption::unfit);
    CHECK(!c.client.facts().resumed);
    CHECK(!c.client.facts().peer_certificate_is_remembered);
}

} // namespace

PARITY_CASE("a stolen ticket is never offered, and the thief verifies the server", pairings, P, v) {
    using B = typename P::backend;
    auto const options = ticket_server(v);
    client_options const plain = only(v, {.own_tickets = true});
    auto const client = client_of<B>(plain);
    auto const fresh = [&] { return first_ticket<P>(client, options); };

    SUBCASE("another host") { refuse<P>(client, options, fresh(), "www.example.test"); }
    SUBCASE("another port") {
        refuse<P>(client, options, fresh(), "localhost", 8883);
        refuse<P>(client, options, first_ticket<P>(client, options, "localhost", 8883), "localhost", 8884);
        CHECK(
            visit<P>(client, options, first_ticket<P>(client, options, "localhost", 8883), "localhost", 8883).resumed);
    }
    SUBCASE("other trust anchors, under which the server is not trusted") {
        auto other = plain;
        other.anchors = trust(pki(testbed::key_kind::p384));
        auto c = converse<P>(client_of<B>(other).engine(tls::server_name::dns("localhost"), fresh()), options);
        auto const done = c.run();
        REQUIRE(!done);
        CHECK(done.error() == errc::untrusted);
    }
    SUBCASE("more trust anchors") {
        auto other = plain;
        other.anchors = tls::trust_anchors::from_pem(pki().root_pem() + pki(testbed::key_kind::p384).root_pem());
        refuse<P>(client_of<B>(other), options, fresh());
    }
    SUBCASE("an identity, and another one") {
        auto with = plain;
        with.who = identity(pki().client);
        refuse<P>(client_of<B>(with), options, fresh());
        refuse<P>(client, options, first_ticket<P>(client_of<B>(with), options));
        auto another = plain;
        another.who = identity(pki(testbed::key_kind::p384).client);
        refuse<P>(client_of<B>(another), options, first_ticket<P>(client_of<B>(with), options));
    }
    SUBCASE("verification off when it was issued, on when it is used") {
        auto careless = plain;
        careless.any_server = true;
        refuse<P>(client, options, first_ticket<P>(client_of<B>(careless), options));
        refuse<P>(client_of<B>(careless), options, fresh());
    }
    SUBCASE("other application protocols") {
        auto other = plain;
        other.alpn = {"mqtt"};
        refuse<P>(client_of<B>(other), options, fresh());
    }
    SUBCASE("another range of versions") {
        auto other = plain;
        other.lowest = protocol_version::tls_1_2;
        other.highest = protocol_version::tls_1_3;
        refuse<P>(client_of<B>(other), options, fresh());
    }
    SUBCASE("the same configuration in another client, which is not theft") {
        CHECK(visit<P>(client_of<B>(plain), options, fresh()).resumed);
    }
}

PARITY_CASE("a ticket of one backend is not offered by the other", testbed::servers, S, v) {
    auto const options = ticket_server(v);
    auto const a = client_of<tls::wolfssl>(only(v, {.own_tickets = true}));
    auto const b = client_of<tls::mbedtls>(only(v, {.own_tickets = true}));
    refuse<pairing<tls::mbedtls, S>>(b, options, first_ticket<pairing<tls::wolfssl, S>>(a, options));
    refuse<pairing<tls::wolfssl, S>>(a, options, first_ticket<pairing<tls::mbedtls, S>>(b, options));
}

PARITY_CASE("a store shared by clients that differ gives each its own tickets only", pairings, P, v) {
    using B = typename P::backend;
    tls::memory_ticket_store store;
    auto const options = ticket_server(v);
    auto const strict = client_of<B>(only(v, {.store = &store}));
    auto const careless = client_of<B>(only(v, {.any_server = true, .store = &store}));
    CHECK(visit<P>(careless, options).outcome == tls::resumption::nothing);
    CHECK(visit<P>(strict, options).outcome == tls::resumption::nothing);
    CHECK(visit<P>(strict, options).resumed);
    CHECK(visit<P>(careless, options).resumed);
}

PARITY_CASE("a ticket ends with its lifetime, and when the clock is set back", pairings, P, v) {
    using B = typename P::backend;
    auto const options = ticket_server(v); // whose tickets live an hour
    auto const client = client_of<B>(only(v, {.own_tickets = true, .clock = test_clock}));
    auto const outcome_at = [&](std::int64_t seconds) {
        auto t = first_ticket<P>(client, options);
        later const moved(seconds);
        return visit<P>(client, options, std::move(t)).outcome;
    };
    auto const unfit_at = [&](std::int64_t seconds) {
        auto t = first_ticket<P>(client, options);
        later const moved(seconds);
        refuse<P>(client, options, std::move(t));
    };
    CHECK(outcome_at(0) == tls::resumption::accepted);
    CHECK(outcome_at(-30) != tls::resumption::unfit);
    unfit_at(3601);
    unfit_at(-3600);
    // By then the server's certificates have expired too.
    unfit_at(30 * 86400);
    unfit_at(std::numeric_limits<std::int32_t>::max());
}

PARITY_CASE("an expired ticket of a store is dropped, and the next one is looked at", pairings, P, v) {
    tls::memory_ticket_store store;
    auto const options = ticket_server(v);
    auto const client = client_of<P>(only(v, {.store = &store, .clock = test_clock}));
    CHECK(!visit<P>(client, options).resumed);
    {
        later const moved(7200);
        auto const report = visit<P>(client, options);
        CHECK(report.outcome == tls::resumption::unfit);
        CHECK(visit<P>(client, options).resumed);
    }
}

PARITY_CASE("the age that a ticket is offered with is reckoned by the client's clock", backends, B) {
    constexpr auto v = protocol_version::tls_1_3;
    constexpr std::int64_t long_since = 1000;
    auto const client = client_of<B>(only(v, {.own_tickets = true, .clock = test_clock}));
    using P = pairing<B, testbed::mbedtls_server>;
    tls::storage_key const key(std::array<std::byte, 32>{});
    auto const stored = first_ticket<P>(client, ticket_server(v)).template serialize<B>(key);
    REQUIRE(stored);
    auto const age_at = [&](std::int64_t seconds) {
        later const moved(seconds);
        auto again = tls::ticket::parse<B>(stored->span(), key, test_clock());
        REQUIRE(again);
        auto const hello = hello_of(client.engine(tls::server_name::dns("localhost"), std::move(*again)));
        REQUIRE(hello.ticket_age);
        return *hello.ticket_age;
    };
    std::uint32_t const young = age_at(0);
    std::uint32_t const older = age_at(long_since) - young; // the number added to hide it is the same
    constexpr std::int64_t minute = 60'000;                 // for a slow machine
    CHECK(older > long_since * 1000 - 3000);
    CHECK(older < long_since * 1000 + minute);
}

PARITY_CASE("a session ends with the first of the certificates it was made with", pairings, P, v) {
    // Whether a ticket of a server with these certificates is unfit this many seconds later. By the same clock the
    // server is then refused.
    auto const unfit = [&](stage const& made, std::int64_t seconds) {
        scene const s = made.build();
        auto options = ticket_server(v);
        options.chain = s.sent;
        options.private_key = s.key;
        auto wanted = client_in(s, v);
        wanted.own_tickets = true;
        wanted.clock = test_clock;
        auto const client = client_of<P>(wanted);
        auto t = first_ticket<P>(client, options);
        later const moved(seconds);
        auto c = converse<P>(client.engine(tls::server_name::dns("localhost"), std::move(t)), options);
        auto const done = c.run();
        if (done) return c.client.facts().resumption == tls::resumption::unfit;
        CHECK(!c.server.resumed());
        CHECK(done.error() == (seconds > 0 ? errc::expired : errc::not_yet_valid));
        return true;
    };
    for (certificate_spec stage::* const which : {&stage::leaf, &stage::intermediate, &stage::root}) {
        stage ending;
        (ending.*which).not_after = testbed::now() + 30min;
        CHECK(!unfit(ending, 1000));
        CHECK(unfit(ending, 2000));
        stage young;
        (young.*which).not_before = testbed::now() - 10s;
        CHECK(!unfit(young, 0));
        CHECK(unfit(young, -30));
    }
}

} // namespace parity::resumption_limits_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/chains.hpp"
#include "parity/resumption.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

#include <array>
#include <atomic>
#include <limits>

/// What a resumed session may not do: outlive or get round what a new one would have to prove.
namespace parity {
namespace {

std::atomic<std::int64_t> moved_by; // how far the test's clock is ahead of the system's, in seconds
std::int64_t test_clock() noexcept { return std::time(nullptr) + moved_by; }

/// Moves the test's clock as long as it lives.
struct later {
    explicit later(std::int64_t seconds) { moved_by = seconds; }
    later(later const&) = delete;
    later& operator=(later const&) = delete;
    ~later() { moved_by = 0; }
};

/// Offers a ticket where it does not belong: it must not be offered, and the server must prove itself.
template <class P>
void refuse(
    tls::client<typename P::backend> const& thief, testbed::server_options const& options, tls::ticket stolen,
    std::string_view name = "localhost", std::uint16_t port = 0) {
    auto engine = thief.engine(tls::server_name::parse(name, port), std::move(stolen));
    REQUIRE(engine);
    conversation<typename P::backend, typename P::server> c{std::move(*engine), typename P::server(options)};
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

TEST_CASE_TEMPLATE_DEFINE("a stolen ticket is never offered, and the thief verifies the server", P, stolen) {
    using B = typename P::backend;
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const options = ticket_server(v);
        resuming_options const plain{.client = only(v)};
        auto const client = resuming_client<B>(plain);
        auto const fresh = [&] { return first_ticket<P>(client, options); };

        SUBCASE("another host") { refuse<P>(client, options, fresh(), "www.example.test"); }
        SUBCASE("another port") {
            refuse<P>(client, options, fresh(), "localhost", 8883);
            refuse<P>(client, options, first_ticket<P>(client, options, "localhost", 8883), "localhost", 8884);
            CHECK(visit<P>(client, options, first_ticket<P>(client, options, "localhost", 8883), "localhost", 8883)
                      .resumed);
        }
        SUBCASE("other trust anchors, under which the server is not trusted") {
            auto other = plain;
            other.client.anchors = trust(pki(testbed::key_kind::p384));
            auto const thief = resuming_client<B>(other);
            auto engine = thief.engine(tls::server_name::dns("localhost"), fresh());
            REQUIRE(engine);
            conversation<B, typename P::server> c{std::move(*engine), typename P::server(options)};
            auto const done = c.run();
            REQUIRE(!done);
            CHECK(done.error() == errc::untrusted);
        }
        SUBCASE("more trust anchors") {
            auto other = plain;
            other.client.anchors =
                tls::trust_anchors::from_pem(pki().root_pem() + pki(testbed::key_kind::p384).root_pem());
            refuse<P>(resuming_client<B>(other), options, fresh());
        }
        SUBCASE("an identity, and another one") {
            auto with = plain;
            with.client.who = identity(pki().client);
            refuse<P>(resuming_client<B>(with), options, fresh());
            refuse<P>(client, options, first_ticket<P>(resuming_client<B>(with), options));
            auto another = plain;
            another.client.who = identity(pki(testbed::key_kind::p384).client);
            refuse<P>(resuming_client<B>(another), options, first_ticket<P>(resuming_client<B>(with), options));
        }
        SUBCASE("verification off when it was issued, on when it is used") {
            auto careless = plain;
            careless.any_server = true;
            refuse<P>(client, options, first_ticket<P>(resuming_client<B>(careless), options));
            refuse<P>(resuming_client<B>(careless), options, fresh());
        }
        SUBCASE("other application protocols") {
            auto other = plain;
            other.alpn = {"mqtt"};
            refuse<P>(resuming_client<B>(other), options, fresh());
        }
        SUBCASE("another range of versions") {
            auto other = plain;
            other.client.lowest = protocol_version::tls_1_2;
            other.client.highest = protocol_version::tls_1_3;
            refuse<P>(resuming_client<B>(other), options, fresh());
        }
        SUBCASE("the same configuration in another client: that is no theft") {
            CHECK(visit<P>(resuming_client<B>(plain), options, fresh()).resumed);
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(stolen, pairings);

TEST_CASE_TEMPLATE(
    "a ticket of one backend is not offered by the other", S, testbed::wolfssl_server, testbed::mbedtls_server) {
    for (protocol_version const v : versions) {
        auto const options = ticket_server(v);
        auto const a = resuming_client<tls::wolfssl>({.client = only(v)});
        auto const b = resuming_client<tls::mbedtls>({.client = only(v)});
        refuse<pairing<tls::mbedtls, S>>(b, options, first_ticket<pairing<tls::wolfssl, S>>(a, options));
        refuse<pairing<tls::wolfssl, S>>(a, options, first_ticket<pairing<tls::mbedtls, S>>(b, options));
    }
}

TEST_CASE_TEMPLATE_DEFINE("a store shared by clients that differ gives each its own tickets only", P, shared_store) {
    using B = typename P::backend;
    for (protocol_version const v : versions) {
        tls::memory_ticket_store store;
        auto const options = ticket_server(v);
        auto const strict = resuming_client<B>({.client = only(v), .store = &store});
        auto const careless = resuming_client<B>({.client = only(v), .store = &store, .any_server = true});
        CHECK(visit<P>(careless, options).outcome == tls::resumption::nothing);
        CHECK(visit<P>(strict, options).outcome == tls::resumption::nothing);
        CHECK(visit<P>(strict, options).resumed);
        CHECK(visit<P>(careless, options).resumed);
    }
}
TEST_CASE_TEMPLATE_APPLY(shared_store, pairings);

TEST_CASE_TEMPLATE_DEFINE("a ticket ends with its lifetime, and when the clock is set back", P, expiry) {
    using B = typename P::backend;
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        auto const options = ticket_server(v); // whose tickets live an hour
        auto const client = resuming_client<B>({.client = only(v), .clock = test_clock});
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
}
TEST_CASE_TEMPLATE_APPLY(expiry, pairings);

TEST_CASE_TEMPLATE_DEFINE(
    "an expired ticket of a store is dropped, and the next one is looked at", P, expired_in_store) {
    for (protocol_version const v : versions) {
        tls::memory_ticket_store store;
        auto const options = ticket_server(v);
        auto const client =
            resuming_client<typename P::backend>({.client = only(v), .store = &store, .clock = test_clock});
        CHECK(!visit<P>(client, options).resumed);
        {
            later const moved(7200);
            auto const report = visit<P>(client, options);
            CHECK(report.outcome == tls::resumption::unfit);
            CHECK(visit<P>(client, options).resumed);
        }
    }
}
TEST_CASE_TEMPLATE_APPLY(expired_in_store, pairings);

// With wolfSSL only: Mbed TLS tells the server the age of a ticket by the test's clock, and the servers here find that
// odd. The limit is the core's.
TEST_CASE_TEMPLATE(
    "resuming again and again trusts no server longer than seven days", S, testbed::wolfssl_server,
    testbed::mbedtls_server) {
    using P = pairing<tls::wolfssl, S>;
    constexpr std::int64_t step = 3000; // less than a ticket lives
    auto const options = ticket_server(protocol_version::tls_1_3);
    auto const client = resuming_client<tls::wolfssl>({.client = only(protocol_version::tls_1_3), .clock = test_clock});
    auto t = first_ticket<P>(client, options);
    std::int64_t const limit = std::time(nullptr) + tls::ticket::longest_life;
    later moving(0);
    int resumed = 0;
    for (std::int64_t passed = step; passed < tls::ticket::longest_life - step; passed += step) {
        CAPTURE(passed);
        moved_by = passed;
        auto next = visit<P>(client, options, std::move(t));
        REQUIRE(next.resumed);
        REQUIRE(next.ticket);
        t = std::move(*next.ticket);
        CHECK(t.expires_at() <= limit);
        ++resumed;
    }
    CHECK(resumed > 190);
    moved_by = tls::ticket::longest_life + 60;
    CHECK(visit<P>(client, options, std::move(t)).outcome == tls::resumption::unfit);
}

TEST_CASE_TEMPLATE_DEFINE("a session ends with the first of the certificates it was made with", P, certificates_end) {
    for (protocol_version const v : versions) {
        CAPTURE(tls::name(v));
        // Whether a ticket of a server with these certificates is unfit so many seconds later. The same clock then
        // refuses the server.
        auto const unfit = [&](stage const& made, std::int64_t seconds) {
            scene const s = made.build();
            auto options = ticket_server(v);
            options.chain = s.sent;
            options.private_key = s.key;
            resuming_options wanted{.client = only(v), .clock = test_clock};
            wanted.client.anchors = tls::trust_anchors::from_pem(testbed::pem_of(s.anchors));
            auto const client = resuming_client<typename P::backend>(wanted);
            auto t = first_ticket<P>(client, options);
            later const moved(seconds);
            auto engine = client.engine(tls::server_name::dns("localhost"), std::move(t));
            REQUIRE(engine);
            conversation<typename P::backend, typename P::server> c{std::move(*engine), typename P::server(options)};
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
}
TEST_CASE_TEMPLATE_APPLY(certificates_end, pairings);

} // namespace parity

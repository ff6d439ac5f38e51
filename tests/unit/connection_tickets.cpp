// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "made_tickets.hpp"
#include <tls/resumption/connection_tickets.hpp>
#include <tls/resumption/memory_ticket_store.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <memory>
#include <optional>

namespace unit::connection_tickets_cases {
namespace {

using made::day;
using made::start;
using testbed::bytes;
using tls::protocol_version;
using tls::resumption;
using tls::detail::connection_tickets;

tls::ticket_key const ours = made::key(1, 1);
tls::ticket_key const neighbour = made::key(1, 2);

/// A store that returns whatever it likes, for ever.
struct hostile_store {
    made::ticket_options gives{};
    int good_from = -1; ///< which ticket is the first to fit; none if negative
    int asked = 0;
    int given_back = 0;

    void put(tls::ticket&&) noexcept { ++given_back; }
    std::optional<tls::ticket> take(tls::ticket_key const&) noexcept {
        if (asked++ == good_from) gives = {};
        return made::try_ticket(gives);
    }
};
static_assert(tls::ticket_store<hostile_store>);

template <tls::ticket_store S> tls::detail::resumption_settings with_store(S& store) {
    auto s = made::own_tickets();
    s.store = tls::detail::any_ticket_store(store);
    return s;
}

made::ticket_options of_version(protocol_version v) { return {.version = v}; }
made::ticket_options of_neighbour() { return {.key = neighbour}; }

/// Told apart by their lifetime.
std::int64_t lifetime_of(std::optional<tls::ticket> const& t) { return t ? t->expires_at() - start : -1; }

void issue(connection_tickets& tickets, std::uint32_t lifetime, protocol_version v = protocol_version::tls_1_3) {
    tickets.issued(made::secret(testbed::pattern(60)), "none", v, lifetime);
}

} // namespace

TEST_CASE("connection tickets: with no ticket none is offered") {
    tls::memory_ticket_store store;
    store.put(made::ticket(of_neighbour()));
    for (auto const& settings : {made::own_tickets(), with_store(store)}) {
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(std::nullopt);
        CHECK(tickets.outcome() == resumption::nothing);
        CHECK(tickets.offer().session.empty());
        CHECK_FALSE(tickets.offered_version());
        tickets.offered(false);
        CHECK(tickets.outcome() == resumption::nothing);
        CHECK_FALSE(tickets.has_offered());
    }
    CHECK(store.size() == 1);
}

TEST_CASE(
    "connection tickets: a ticket that fits is offered, with its age, and counts as declined until it is accepted") {
    made::ticket_options const options = of_version(protocol_version::tls_1_2);
    auto const settings = made::own_tickets();
    connection_tickets tickets(settings, made::clock, ours);
    {
        made::at const later(start + 100);
        tickets.choose(made::ticket(options));
        CHECK(tickets.offer().age == 0);
    }
    CHECK(tickets.offered_version() == protocol_version::tls_1_2);
    CHECK(std::ranges::equal(tickets.offer().session, options.session));
    CHECK(tickets.offer().age == 0); // the clock was set back
    {
        made::at const later(start + 250);
        CHECK(tickets.offer().age == 150);
    }
    CHECK_FALSE(tickets.has_offered());
    tickets.offered(true);
    CHECK(tickets.has_offered());
    CHECK(tickets.outcome() == resumption::declined);
    CHECK(tickets.remembered_leaf().empty());
    tickets.resumed(true);
    CHECK(tickets.outcome() == resumption::accepted);
    CHECK(std::ranges::equal(tickets.remembered_leaf(), options.leaf));
}

TEST_CASE("connection tickets: one that an earlier attempt offered in vain was declined, and none is offered now") {
    auto const settings = made::own_tickets();
    connection_tickets tickets(settings, made::clock, ours);
    tickets.declined_before();
    tickets.offered(false);
    CHECK(tickets.outcome() == resumption::declined);
    CHECK_FALSE(tickets.has_offered());
    CHECK_FALSE(tickets.offered_version());
    CHECK(tickets.offer().session.empty());
}

TEST_CASE("connection tickets: what the library does not take does not count as offered") {
    auto const settings = made::own_tickets();
    connection_tickets tickets(settings, made::clock, ours);
    tickets.choose(made::ticket());
    tickets.offered(false);
    CHECK(tickets.outcome() == resumption::unfit);
    CHECK_FALSE(tickets.has_offered());
    CHECK(tickets.offer().session.empty());
    CHECK_FALSE(tickets.offered_version());
}

TEST_CASE("connection tickets: no more than 16 tickets of a store are looked at, whatever it gives") {
    struct row {
        char const* what;
        made::ticket_options gives;
    };
    row const rows[] = {
        {"tickets of another server", {.key = made::key(1, 2)}},
        {"tickets of another client", {.key = made::key(2, 1)}},
        {"tickets that are not valid yet", {.trusted_from = start + 1}},
        {"tickets whose certificates have expired", {.trusted_until = start - 1}},
        {"tickets that were verified long ago", {.verified_at = start - 7 * day}},
    };
    for (auto const& r : rows) {
        CAPTURE(r.what);
        hostile_store store{.gives = r.gives};
        auto const settings = with_store(store);
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(std::nullopt);
        CHECK(store.asked == 16);
        CHECK(store.given_back == 0);
        CHECK(tickets.outcome() == resumption::unfit);
        CHECK(tickets.offer().session.empty());
    }
}

TEST_CASE("connection tickets: the first ticket of a store that fits is taken, if it is among the first 16") {
    for (int const good_from : {0, 1, 15, 16}) {
        CAPTURE(good_from);
        hostile_store store{.gives = of_neighbour(), .good_from = good_from};
        auto const settings = with_store(store);
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(std::nullopt);
        CHECK(store.asked == std::min(good_from + 1, 16));
        CHECK(tickets.offer().session.empty() == (good_from == 16));
        tickets.offered(!tickets.offer().session.empty());
        CHECK(tickets.has_offered() == (good_from != 16));
    }
}

TEST_CASE("connection tickets: a ticket that is given counts, not the store") {
    tls::memory_ticket_store store;
    store.put(made::ticket());
    auto const settings = with_store(store);
    SUBCASE("and fits") {
        made::ticket_options given;
        given.session = testbed::pattern(60, 99);
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(made::ticket(given));
        CHECK(std::ranges::equal(tickets.offer().session, given.session));
    }
    SUBCASE("and does not fit") {
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(made::ticket(of_neighbour()));
        CHECK(tickets.offer().session.empty());
        CHECK(tickets.outcome() == resumption::unfit);
    }
    CHECK(store.size() == 1);
}

TEST_CASE("connection tickets: a session that is resumed is judged anew, by the clock and the revocation lists") {
    using lists = std::array<std::byte, 32>;
    auto const settings = made::own_tickets();
    constexpr lists ours_then{std::byte{1}};
    constexpr lists newer{std::byte{1}, std::byte{2}};
    for (auto const version : {protocol_version::tls_1_2, protocol_version::tls_1_3}) {
        made::ticket_options options = of_version(version);
        options.lists = ours_then;
        options.trusted_until = start + 100;
        auto const offered = [&] {
            auto tickets = std::make_unique<connection_tickets>(settings, made::clock, ours);
            tickets->choose(made::ticket(options), ours_then);
            tickets->offered(true);
            CHECK(tickets->has_offered());
            return tickets;
        };
        auto const outdated = [&](std::optional<lists> const& there) {
            auto const tickets = offered();
            CHECK(tickets->may_go_on(ours_then));
            CHECK_FALSE(tickets->may_go_on(there));
            CHECK_FALSE(tickets->may_go_on(ours_then)); // nor ever again
        };
        outdated(newer);
        outdated(lists{});
        outdated(std::nullopt);
        auto const tickets = offered();
        {
            made::at const last(start + 100);
            CHECK(tickets->may_go_on(ours_then));
        }
        made::at const later(start + 101);
        CHECK_FALSE(tickets->may_go_on(ours_then));
    }
    connection_tickets none(settings, made::clock, ours);
    none.choose(made::ticket(), newer);
    CHECK(none.outcome() == resumption::unfit);
    CHECK_FALSE(none.may_go_on(lists{}));
}

TEST_CASE("connection tickets: a ticket of TLS 1.3 is spent once it was offered, however that ends") {
    tls::memory_ticket_store store;
    for (auto const& settings : {made::own_tickets(), with_store(store)}) {
        for (int const ending : {0, 1, 2, 3}) {
            CAPTURE(ending);
            connection_tickets tickets(settings, made::clock, ours);
            tickets.choose(made::ticket());
            tickets.offered(true);
            CHECK(tickets.offer().session.empty());
            CHECK(tickets.offered_version() == protocol_version::tls_1_3);
            if (ending == 0) tickets.resumed(false);
            if (ending == 1) tickets.resumed(true);
            if (ending == 2) tickets.full_handshake(made::origin({}));
            if (ending == 3) tickets.failed();
            CHECK_FALSE(tickets.take());
            CHECK(store.size() == 0);
        }
    }
}

TEST_CASE("connection tickets: a ticket of TLS 1.2 stays in use if the server resumed it and sent no other") {
    tls::memory_ticket_store store;
    auto const once = [](tls::detail::resumption_settings const& settings, auto end) {
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(made::ticket(of_version(protocol_version::tls_1_2)));
        tickets.offered(true);
        end(tickets);
        return tickets.take();
    };
    auto const own = made::own_tickets();
    auto const kept = once(own, [](connection_tickets& d) { d.resumed(false); });
    CHECK(lifetime_of(kept) == 3600);
    CHECK(kept->version() == protocol_version::tls_1_2);
    CHECK(kept->is_valid_at(start));
    CHECK_FALSE(once(own, [](connection_tickets& d) { d.resumed(true); }));
    CHECK_FALSE(once(own, [](connection_tickets& d) { d.full_handshake(made::origin({})); }));
    CHECK_FALSE(once(own, [](connection_tickets& d) { d.failed(); }));

    CHECK_FALSE(once(with_store(store), [](connection_tickets& d) { d.resumed(false); }));
    CHECK(lifetime_of(store.take(ours)) == 3600);
    CHECK_FALSE(once(with_store(store), [](connection_tickets& d) { d.resumed(true); }));
    CHECK(store.size() == 0);
}

TEST_CASE("connection tickets: a handshake that failed with a ticket empties the store for this server, and no other") {
    tls::memory_ticket_store store;
    auto const settings = with_store(store);
    for (int i = 0; i != 3; ++i) {
        store.put(made::ticket());
        store.put(made::ticket(of_neighbour()));
    }
    connection_tickets tickets(settings, made::clock, ours);
    SUBCASE("offered") {
        tickets.choose(std::nullopt);
        tickets.offered(true);
        tickets.failed();
        CHECK_FALSE(store.take(ours));
        CHECK(store.size() == 3);
    }
    SUBCASE("no ticket was offered: it is not their fault") {
        tickets.choose(std::nullopt);
        tickets.offered(false);
        tickets.failed();
        CHECK(store.size() == 5);
    }
    SUBCASE("none was chosen either") {
        tickets.failed();
        CHECK(store.size() == 6);
    }
    SUBCASE("it was accepted") {
        tickets.choose(std::nullopt);
        tickets.offered(true);
        tickets.resumed(true);
        tickets.failed();
        CHECK(store.size() == 5);
    }
}

TEST_CASE("connection tickets: a store that never runs out is emptied no further than 16 tickets") {
    hostile_store store;
    auto const settings = with_store(store);
    connection_tickets tickets(settings, made::clock, ours);
    tickets.choose(std::nullopt);
    CHECK(store.asked == 1);
    tickets.offered(true);
    tickets.failed();
    CHECK(store.asked == 1 + 16);
}

TEST_CASE("connection tickets: four tickets wait at most, and the oldest is dropped") {
    auto const settings = made::own_tickets();
    connection_tickets tickets(settings, made::clock, ours);
    tickets.full_handshake(made::origin({}));
    for (std::uint32_t const lifetime : {1U, 2U, 3U, 4U, 5U, 6U}) issue(tickets, lifetime);
    CHECK(lifetime_of(tickets.take()) == 3);
    issue(tickets, 7);
    issue(tickets, 8);
    for (std::int64_t const lifetime : {5, 6, 7, 8}) CHECK(lifetime_of(tickets.take()) == lifetime);
    CHECK_FALSE(tickets.take());
    issue(tickets, 9);
    CHECK(lifetime_of(tickets.take()) == 9);
    CHECK_FALSE(tickets.take());
}

TEST_CASE("connection tickets: with a store every ticket goes there at once, and none waits") {
    tls::memory_ticket_store store;
    auto const settings = with_store(store);
    connection_tickets tickets(settings, made::clock, ours);
    tickets.full_handshake(made::origin({}));
    issue(tickets, 1);
    issue(tickets, 2);
    CHECK(store.size() == 2);
    CHECK_FALSE(tickets.take());
    auto const newest = store.take(ours);
    CHECK(lifetime_of(newest) == 2);
    CHECK(newest->key() == ours);
}

TEST_CASE("connection tickets: before a handshake is complete, or without its origin, no ticket is kept") {
    auto const settings = made::own_tickets();
    auto const kept_after = [&](tls::result<tls::detail::session_origin> origin) {
        connection_tickets tickets(settings, made::clock, ours);
        issue(tickets, 60);
        CHECK_FALSE(tickets.take());
        tickets.full_handshake(std::move(origin));
        CHECK_FALSE(tickets.take());
        issue(tickets, 60);
        return tickets.take().has_value();
    };
    CHECK(kept_after(made::origin({})));
    CHECK_FALSE(kept_after(std::unexpected(tls::configuration_error(tls::errc::out_of_memory))));
    made::ticket_options no_certificate;
    no_certificate.leaf = {};
    CHECK_FALSE(kept_after(made::origin(no_certificate)));

    connection_tickets tickets(settings, made::clock, ours);
    tickets.full_handshake(made::origin({}));
    tickets.issued({}, "none", protocol_version::tls_1_3, 60);
    issue(tickets, 0);
    CHECK_FALSE(tickets.take());
}

TEST_CASE(
    "connection tickets: tickets of resumed sessions go back to the same verification, however often it is resumed") {
    auto const settings = made::own_tickets();
    made::ticket_options const first{.lifetime = 7 * day, .trusted_until = start + 6 * day};
    std::optional<tls::ticket> next = made::ticket(first);
    for (int n = 1; n != 6; ++n) {
        CAPTURE(n);
        made::at const later(start + n * day);
        connection_tickets tickets(settings, made::clock, ours);
        tickets.choose(std::move(next));
        tickets.offered(true);
        tickets.resumed(true);
        CHECK(std::ranges::equal(tickets.remembered_leaf(), first.leaf));
        issue(tickets, 7 * day);
        next = tickets.take();
        REQUIRE(next);
        CHECK(next->expires_at() == start + 7 * day);
        CHECK(next->is_valid_at(start + 6 * day));
        CHECK_FALSE(next->is_valid_at(start + 6 * day + 1));
    }
    // A full handshake starts the seven days again.
    made::at const later(start + 6 * day);
    connection_tickets tickets(settings, made::clock, ours);
    tickets.choose(std::move(next));
    tickets.offered(true);
    tickets.full_handshake(made::origin({.verified_at = start + 6 * day}));
    CHECK(tickets.remembered_leaf().empty());
    CHECK(tickets.outcome() == resumption::declined);
    issue(tickets, 7 * day);
    CHECK(lifetime_of(tickets.take()) == 13 * day);
}

} // namespace unit::connection_tickets_cases

// SPDX-License-Identifier: Apache-2.0
#include "made_tickets.hpp"
#include "print.hpp"
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/resumption/ticket_desk.hpp>

#include <algorithm>
#include <expected>

#include <doctest/doctest.h>

namespace {

using made::day;
using made::start;
using support::bytes;
using tls::protocol_version;
using tls::resumption;
using tls::detail::ticket_desk;

tls::ticket_key const ours = made::key(1, 1);
tls::ticket_key const neighbour = made::key(1, 2);

/// A store that gives what it wants, for ever.
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

void issue(ticket_desk& desk, std::uint32_t lifetime, protocol_version v = protocol_version::tls_1_3) {
    desk.issued(made::secret(support::pattern(60)), "none", v, lifetime);
}

} // namespace

TEST_CASE("ticket desk: with no ticket none is offered") {
    tls::memory_ticket_store store;
    store.put(made::ticket(of_neighbour()));
    for (auto const& settings : {made::own_tickets(), with_store(store)}) {
        ticket_desk desk(settings, ours);
        desk.choose(std::nullopt);
        CHECK(desk.outcome() == resumption::nothing);
        CHECK(desk.offer().session.empty());
        CHECK_FALSE(desk.offered_version());
        desk.offered(false);
        CHECK(desk.outcome() == resumption::nothing);
        CHECK_FALSE(desk.has_offered());
    }
    CHECK(store.size() == 1);
}

TEST_CASE("ticket desk: a ticket that fits is offered, with its age, and counts as declined until it is accepted") {
    made::ticket_options const options = of_version(protocol_version::tls_1_2);
    auto const settings = made::own_tickets();
    ticket_desk desk(settings, ours);
    {
        made::at const later(start + 100);
        desk.choose(made::ticket(options));
        CHECK(desk.offer().age == 0);
    }
    CHECK(desk.offered_version() == protocol_version::tls_1_2);
    CHECK(std::ranges::equal(desk.offer().session, options.session));
    CHECK(desk.offer().age == 0); // the clock was set back
    {
        made::at const later(start + 250);
        CHECK(desk.offer().age == 150);
    }
    CHECK_FALSE(desk.has_offered());
    desk.offered(true);
    CHECK(desk.has_offered());
    CHECK(desk.outcome() == resumption::declined);
    CHECK(desk.remembered_leaf().empty());
    desk.resumed(true);
    CHECK(desk.outcome() == resumption::accepted);
    CHECK(std::ranges::equal(desk.remembered_leaf(), options.leaf));
}

TEST_CASE("ticket desk: what the library does not take was not offered") {
    auto const settings = made::own_tickets();
    ticket_desk desk(settings, ours);
    desk.choose(made::ticket());
    desk.offered(false);
    CHECK(desk.outcome() == resumption::unfit);
    CHECK_FALSE(desk.has_offered());
    CHECK(desk.offer().session.empty());
    CHECK_FALSE(desk.offered_version());
}

TEST_CASE("ticket desk: no more than 16 tickets of a store are looked at, whatever it gives") {
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
        ticket_desk desk(settings, ours);
        desk.choose(std::nullopt);
        CHECK(store.asked == 16);
        CHECK(store.given_back == 0);
        CHECK(desk.outcome() == resumption::unfit);
        CHECK(desk.offer().session.empty());
    }
}

TEST_CASE("ticket desk: the first ticket of a store that fits is taken, if it is among the first 16") {
    for (int const good_from : {0, 1, 15, 16}) {
        CAPTURE(good_from);
        hostile_store store{.gives = of_neighbour(), .good_from = good_from};
        auto const settings = with_store(store);
        ticket_desk desk(settings, ours);
        desk.choose(std::nullopt);
        CHECK(store.asked == std::min(good_from + 1, 16));
        CHECK(desk.offer().session.empty() == (good_from == 16));
        desk.offered(!desk.offer().session.empty());
        CHECK(desk.has_offered() == (good_from != 16));
    }
}

TEST_CASE("ticket desk: a ticket that is given counts, not the store") {
    tls::memory_ticket_store store;
    store.put(made::ticket());
    auto const settings = with_store(store);
    SUBCASE("and fits") {
        made::ticket_options given;
        given.session = support::pattern(60, 99);
        ticket_desk desk(settings, ours);
        desk.choose(made::ticket(given));
        CHECK(std::ranges::equal(desk.offer().session, given.session));
    }
    SUBCASE("and does not fit") {
        ticket_desk desk(settings, ours);
        desk.choose(made::ticket(of_neighbour()));
        CHECK(desk.offer().session.empty());
        CHECK(desk.outcome() == resumption::unfit);
    }
    CHECK(store.size() == 1);
}

TEST_CASE("ticket desk: a ticket of TLS 1.3 is spent once it was offered, however that ends") {
    tls::memory_ticket_store store;
    for (auto const& settings : {made::own_tickets(), with_store(store)}) {
        for (int const ending : {0, 1, 2, 3}) {
            CAPTURE(ending);
            ticket_desk desk(settings, ours);
            desk.choose(made::ticket());
            desk.offered(true);
            CHECK(desk.offer().session.empty());
            CHECK(desk.offered_version() == protocol_version::tls_1_3);
            if (ending == 0) desk.resumed(false);
            if (ending == 1) desk.resumed(true);
            if (ending == 2) desk.full_handshake(made::origin({}));
            if (ending == 3) desk.failed();
            CHECK_FALSE(desk.take());
            CHECK(store.size() == 0);
        }
    }
}

TEST_CASE("ticket desk: a ticket of TLS 1.2 goes on if the server resumed it and sent no other") {
    tls::memory_ticket_store store;
    auto const once = [](tls::detail::resumption_settings const& settings, auto end) {
        ticket_desk desk(settings, ours);
        desk.choose(made::ticket(of_version(protocol_version::tls_1_2)));
        desk.offered(true);
        end(desk);
        return desk.take();
    };
    auto const own = made::own_tickets();
    auto const kept = once(own, [](ticket_desk& d) { d.resumed(false); });
    CHECK(lifetime_of(kept) == 3600);
    CHECK(kept->version() == protocol_version::tls_1_2);
    CHECK(kept->is_valid_at(start));
    CHECK_FALSE(once(own, [](ticket_desk& d) { d.resumed(true); }));
    CHECK_FALSE(once(own, [](ticket_desk& d) { d.full_handshake(made::origin({})); }));
    CHECK_FALSE(once(own, [](ticket_desk& d) { d.failed(); }));

    CHECK_FALSE(once(with_store(store), [](ticket_desk& d) { d.resumed(false); }));
    CHECK(lifetime_of(store.take(ours)) == 3600);
    CHECK_FALSE(once(with_store(store), [](ticket_desk& d) { d.resumed(true); }));
    CHECK(store.size() == 0);
}

TEST_CASE("ticket desk: a handshake that failed with a ticket empties the store for this server, and no other") {
    tls::memory_ticket_store store;
    auto const settings = with_store(store);
    for (int i = 0; i != 3; ++i) {
        store.put(made::ticket());
        store.put(made::ticket(of_neighbour()));
    }
    ticket_desk desk(settings, ours);
    SUBCASE("offered") {
        desk.choose(std::nullopt);
        desk.offered(true);
        desk.failed();
        CHECK_FALSE(store.take(ours));
        CHECK(store.size() == 3);
    }
    SUBCASE("no ticket was offered: it is not their fault") {
        desk.choose(std::nullopt);
        desk.offered(false);
        desk.failed();
        CHECK(store.size() == 5);
    }
    SUBCASE("none was chosen either") {
        desk.failed();
        CHECK(store.size() == 6);
    }
    SUBCASE("it was accepted") {
        desk.choose(std::nullopt);
        desk.offered(true);
        desk.resumed(true);
        desk.failed();
        CHECK(store.size() == 5);
    }
}

TEST_CASE("ticket desk: a store that never runs out is emptied no further than 16 tickets") {
    hostile_store store;
    auto const settings = with_store(store);
    ticket_desk desk(settings, ours);
    desk.choose(std::nullopt);
    CHECK(store.asked == 1);
    desk.offered(true);
    desk.failed();
    CHECK(store.asked == 1 + 16);
}

TEST_CASE("ticket desk: four tickets wait at most, and the oldest is dropped") {
    auto const settings = made::own_tickets();
    ticket_desk desk(settings, ours);
    desk.full_handshake(made::origin({}));
    for (std::uint32_t const lifetime : {1U, 2U, 3U, 4U, 5U, 6U}) issue(desk, lifetime);
    CHECK(lifetime_of(desk.take()) == 3);
    issue(desk, 7);
    issue(desk, 8);
    for (std::int64_t const lifetime : {5, 6, 7, 8}) CHECK(lifetime_of(desk.take()) == lifetime);
    CHECK_FALSE(desk.take());
    issue(desk, 9);
    CHECK(lifetime_of(desk.take()) == 9);
    CHECK_FALSE(desk.take());
}

TEST_CASE("ticket desk: with a store every ticket goes there at once, and none waits") {
    tls::memory_ticket_store store;
    auto const settings = with_store(store);
    ticket_desk desk(settings, ours);
    desk.full_handshake(made::origin({}));
    issue(desk, 1);
    issue(desk, 2);
    CHECK(store.size() == 2);
    CHECK_FALSE(desk.take());
    auto const newest = store.take(ours);
    CHECK(lifetime_of(newest) == 2);
    CHECK(newest->key() == ours);
}

TEST_CASE("ticket desk: before a handshake is complete, or without its origin, no ticket is kept") {
    auto const settings = made::own_tickets();
    auto const kept_after = [&](tls::result<tls::detail::session_origin> origin) {
        ticket_desk desk(settings, ours);
        issue(desk, 60);
        CHECK_FALSE(desk.take());
        desk.full_handshake(std::move(origin));
        CHECK_FALSE(desk.take());
        issue(desk, 60);
        return desk.take().has_value();
    };
    CHECK(kept_after(made::origin({})));
    CHECK_FALSE(kept_after(std::unexpected(tls::configuration_error(tls::errc::out_of_memory))));
    made::ticket_options no_certificate;
    no_certificate.leaf = {};
    CHECK_FALSE(kept_after(made::origin(no_certificate)));

    ticket_desk desk(settings, ours);
    desk.full_handshake(made::origin({}));
    desk.issued({}, "none", protocol_version::tls_1_3, 60);
    issue(desk, 0);
    CHECK_FALSE(desk.take());
}

TEST_CASE("ticket desk: tickets of resumed sessions go back to the same verification, however often it is resumed") {
    auto const settings = made::own_tickets();
    made::ticket_options const first{.lifetime = 7 * day, .trusted_until = start + 6 * day};
    std::optional<tls::ticket> next = made::ticket(first);
    for (int n = 1; n != 6; ++n) {
        CAPTURE(n);
        made::at const later(start + n * day);
        ticket_desk desk(settings, ours);
        desk.choose(std::move(next));
        desk.offered(true);
        desk.resumed(true);
        CHECK(std::ranges::equal(desk.remembered_leaf(), first.leaf));
        issue(desk, 7 * day);
        next = desk.take();
        REQUIRE(next);
        CHECK(next->expires_at() == start + 7 * day);
        CHECK(next->is_valid_at(start + 6 * day));
        CHECK_FALSE(next->is_valid_at(start + 6 * day + 1));
    }
    // A full handshake begins anew.
    made::at const later(start + 6 * day);
    ticket_desk desk(settings, ours);
    desk.choose(std::move(next));
    desk.offered(true);
    desk.full_handshake(made::origin({.verified_at = start + 6 * day}));
    CHECK(desk.remembered_leaf().empty());
    CHECK(desk.outcome() == resumption::declined);
    issue(desk, 7 * day);
    CHECK(lifetime_of(desk.take()) == 13 * day);
}

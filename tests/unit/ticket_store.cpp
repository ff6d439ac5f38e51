// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "made_tickets.hpp"
#include <tls/resumption/memory_ticket_store.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <vector>

namespace unit::ticket_store_cases {
namespace {

using made::key;
using tls::memory_ticket_store;
using tls::ticket_key;
using tls::detail::any_ticket_store;

struct throwing_store {
    void put(tls::ticket&&);
    std::optional<tls::ticket> take(ticket_key const&);
};
struct copying_store {
    void put(tls::ticket) noexcept;
    tls::ticket* take(ticket_key const&) noexcept;
};
static_assert(tls::ticket_store<memory_ticket_store>);
static_assert(!tls::ticket_store<memory_ticket_store const>);
static_assert(!tls::ticket_store<throwing_store> && !tls::ticket_store<copying_store> && !tls::ticket_store<int>);

/// A ticket that is told apart by its lifetime.
tls::ticket ticket(ticket_key const& k, std::uint32_t lifetime = 1) {
    return made::ticket({.key = k, .lifetime = lifetime});
}
std::int64_t number_of(std::optional<tls::ticket> const& t) { return t ? t->expires_at() - made::start : -1; }

} // namespace

TEST_CASE("ticket store: the newest ticket comes first, and each only once") {
    memory_ticket_store store;
    CHECK(store.size() == 0);
    CHECK_FALSE(store.take(key(1, 1)));
    for (std::uint32_t const n : {1U, 2U, 3U}) store.put(ticket(key(1, 1), n));
    CHECK(store.size() == 3);
    for (std::int64_t const n : {3, 2, 1}) CHECK(number_of(store.take(key(1, 1))) == n);
    CHECK_FALSE(store.take(key(1, 1)));
    CHECK(store.size() == 0);
}

TEST_CASE("ticket store: it keeps four for one server, and drops the oldest") {
    static_assert(memory_ticket_store::tickets_each == 4);
    memory_ticket_store store;
    for (std::uint32_t n = 1; n <= 6; ++n) store.put(ticket(key(1, 1), n));
    CHECK(store.size() == 4);
    CHECK(number_of(store.take(key(1, 1))) == 6);
    store.put(ticket(key(1, 1), 7));
    for (std::int64_t const n : {7, 5, 4, 3}) CHECK(number_of(store.take(key(1, 1))) == n);
    CHECK_FALSE(store.take(key(1, 1)));
}

TEST_CASE("ticket store: the least recently used server is dropped first, with all its tickets") {
    memory_ticket_store store(3);
    for (std::uint32_t const server : {1U, 2U, 3U})
        for (std::uint32_t const n : {1U, 2U}) store.put(ticket(key(1, server), n));
    SUBCASE("in the order they came") {
        store.put(ticket(key(1, 4)));
        CHECK_FALSE(store.take(key(1, 1)));
        CHECK(store.take(key(1, 2)));
    }
    SUBCASE("a taken ticket is a use") {
        CHECK(store.take(key(1, 1)));
        store.put(ticket(key(1, 4)));
        CHECK(store.take(key(1, 1)));
        CHECK_FALSE(store.take(key(1, 2)));
    }
    SUBCASE("a new ticket is a use") {
        store.put(ticket(key(1, 1), 3));
        store.put(ticket(key(1, 4)));
        CHECK(number_of(store.take(key(1, 1))) == 3);
        CHECK_FALSE(store.take(key(1, 2)));
    }
    SUBCASE("asking in vain is not a use") {
        CHECK_FALSE(store.take(key(1, 9)));
        store.put(ticket(key(1, 4)));
        CHECK_FALSE(store.take(key(1, 1)));
    }
    CHECK(store.take(key(1, 3)));
    CHECK(store.take(key(1, 4)));
}

TEST_CASE("ticket store: a place that was emptied is used before one that is not") {
    memory_ticket_store store(2);
    store.put(ticket(key(1, 1)));
    store.put(ticket(key(1, 2)));
    CHECK(store.take(key(1, 2)));
    store.put(ticket(key(1, 3)));
    CHECK(store.size() == 2);
    CHECK(store.take(key(1, 1)));
    CHECK(store.take(key(1, 3)));
}

TEST_CASE("ticket store: under ten thousand servers it stays as large as it was made, with the newest") {
    constexpr std::uint32_t servers = 10'000;
    constexpr auto places = static_cast<std::uint32_t>(memory_ticket_store::default_servers);
    memory_ticket_store store;
    for (std::uint32_t server = 0; server != servers; ++server) {
        for (std::uint32_t n = 0; n <= server % 5; ++n) store.put(ticket(key(1, server), n + 1));
        if (store.size() > places * memory_ticket_store::tickets_each) FAIL("it grows");
    }
    for (std::uint32_t server = servers - places; server != servers; ++server)
        CHECK(number_of(store.take(key(1, server))) == server % 5 + 1);
    for (std::uint32_t server = 0; server != servers - places; ++server)
        if (store.take(key(1, server))) FAIL("it keeps more servers than it has places");
}

TEST_CASE("ticket store: keys that differ in one half only are different") {
    memory_ticket_store store;
    std::array const keys = {key(1, 1), key(1, 2), key(2, 1), key(2, 2)};
    std::uint32_t n = 0;
    for (auto const& k : keys) store.put(ticket(k, ++n));
    n = 0;
    for (auto const& k : keys) {
        auto const t = store.take(k);
        CHECK(number_of(t) == ++n);
        CHECK(t->key() == k);
        CHECK_FALSE(store.take(k));
    }
    // In whatever octet they differ.
    for (std::size_t i = 0; i != 32; ++i) {
        ticket_key client = key(1, 1);
        ticket_key server = key(1, 1);
        client.client[i] ^= std::byte{0x80};
        server.server[i] ^= std::byte{1};
        store.put(ticket(client));
        CHECK_FALSE(store.take(key(1, 1)));
        CHECK_FALSE(store.take(server));
        store.put(ticket(server));
        CHECK_FALSE(store.take(key(1, 1)));
        CHECK(store.take(client));
        CHECK(store.take(server));
    }
}

TEST_CASE("ticket store: cleared it is empty, and works on") {
    memory_ticket_store store(2);
    for (std::uint32_t const server : {1U, 2U})
        for (std::uint32_t const n : {1U, 2U, 3U}) store.put(ticket(key(1, server), n));
    CHECK(store.size() == 6);
    store.clear();
    CHECK(store.size() == 0);
    CHECK_FALSE(store.take(key(1, 1)));
    CHECK_FALSE(store.take(key(1, 2)));
    store.put(ticket(key(1, 1), 9));
    CHECK(store.size() == 1);
    CHECK(number_of(store.take(key(1, 1))) == 9);
    store.clear();
    CHECK(store.size() == 0);
}

TEST_CASE("ticket store: a store of one place, and of none, has one") {
    for (std::size_t const servers : {0U, 1U}) {
        CAPTURE(servers);
        memory_ticket_store store(servers);
        for (std::uint32_t const n : {1U, 2U, 3U, 4U, 5U}) store.put(ticket(key(1, 1), n));
        CHECK(store.size() == 4);
        store.put(ticket(key(1, 2), 6));
        CHECK(store.size() == 1);
        CHECK_FALSE(store.take(key(1, 1)));
        CHECK(number_of(store.take(key(1, 2))) == 6);
    }
}

TEST_CASE("any ticket store: none, a borrowed one, and a shared one") {
    any_ticket_store const none;
    CHECK_FALSE(none);

    memory_ticket_store lender;
    any_ticket_store const lent(lender);
    CHECK(lent);
    lent.put(ticket(key(1, 1), 5));
    CHECK(lender.size() == 1);
    CHECK(number_of(lent.take(key(1, 1))) == 5);
    CHECK_FALSE(lent.take(key(1, 1)));

    auto owner = std::make_shared<memory_ticket_store>();
    std::weak_ptr<memory_ticket_store> const watched = owner;
    any_ticket_store shared(std::move(owner));
    CHECK_FALSE(watched.expired());
    any_ticket_store copy = shared;
    shared = {};
    CHECK_FALSE(shared);
    CHECK_FALSE(watched.expired());
    copy.put(ticket(key(1, 1), 6));
    CHECK(watched.lock()->size() == 1);
    CHECK(number_of(copy.take(key(1, 1))) == 6);
    copy = {};
    CHECK(watched.expired());
}

TEST_CASE("ticket store: each of many threads gets tickets of its own, intact, and no ticket comes twice") {
    constexpr std::uint32_t threads = 8;
    constexpr std::uint32_t rounds = 400;
    constexpr std::uint32_t servers = 6; // more than there are places, so that they are contended
    memory_ticket_store store(4);
    std::array<std::vector<std::int64_t>, threads> taken;
    std::array<int, threads> wrong{};
    {
        std::vector<std::jthread> workers;
        for (std::uint32_t me = 0; me != threads; ++me)
            workers.emplace_back([&store, &mine = taken[me], &failures = wrong[me], me] {
                for (std::uint32_t i = 0; i != rounds; ++i) {
                    store.put(ticket(key(1, (me + i) % servers), me * rounds + i + 1));
                    ticket_key const wanted = key(1, (me + i / 2) % servers);
                    auto const t = store.take(wanted);
                    if (store.size() > 4 * memory_ticket_store::tickets_each) ++failures;
                    if (i == rounds / 2 && me == 0) store.clear();
                    if (!t) continue;
                    if (t->key() != wanted || !t->is_valid_at(made::start)) ++failures;
                    mine.push_back(number_of(t));
                }
            });
    }
    std::vector<std::int64_t> all;
    for (auto const& some : taken) all.insert(all.end(), some.begin(), some.end());
    for (std::uint32_t server = 0; server != servers; ++server)
        while (auto const t = store.take(key(1, server))) all.push_back(number_of(t));
    CHECK(store.size() == 0);
    CHECK(std::ranges::count(wrong, 0) == threads);
    CHECK_FALSE(all.empty());
    CHECK(all.size() <= threads * rounds);
    std::ranges::sort(all);
    CHECK(std::ranges::adjacent_find(all) == all.end());
}

} // namespace unit::ticket_store_cases

// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"
#include "soak/process_size.hpp"
#include "testbed/server_thread.hpp"
#include <tls/transport/tcp.hpp>

#include <array>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// Very many connections, whole, refused, resumed, broken and reset: nothing grows.
namespace soak_cases {
namespace {

using parity::only;
using parity::pki;
using soak::process_size;
using testbed::view_of;
using tls::errc;
using tls::protocol_version;

constexpr std::size_t threads = 8;
constexpr std::size_t rounds = 5; // each with threads of its own

/// How many connections in all.
std::size_t wanted() {
    char const* const text = std::getenv("TWINTLS_SOAK");
    return text != nullptr ? static_cast<std::size_t>(std::strtoull(text, nullptr, 10)) : 800;
}

/// What clients and servers of one version share, made once.
template <class P> struct shared {
    explicit shared(protocol_version version) : v(version) {
        strict = parity::strict_server(v);
        strict.tickets = true;
        strict.keys = std::make_shared<testbed::ticket_keys>();
    }
    protocol_version v;
    testbed::server_options strict{};
    testbed::server_options other = testbed::server_options::showing(pki(testbed::key_kind::p384).server, v);
    tls::memory_ticket_store store{};
    parity::client_for<P> mutual = parity::client_of<P>(only(v, {.who = parity::identity(pki().client)}));
    parity::client_for<P> nobody = parity::client_of<P>(only(v));
    parity::client_for<P> resuming =
        parity::client_of<P>(only(v, {.who = parity::identity(pki().client), .store = &store}));
};

/// What is wrong; empty if nothing is.
std::string expected(errc wanted, tls::error const& e) { return e == wanted ? "" : tls::explain(e); }

/// A connection in memory, of the kind that its number says.
template <class P> std::string in_memory(shared<P>& with, std::size_t number) {
    auto const& client = number % 8 == 3 ? with.resuming : number % 8 == 6 ? with.nobody : with.mutual;
    auto c = parity::converse<P>(client, number % 8 == 2 ? with.other : with.strict);
    if (number % 8 == 4) { // ends in the middle of a handshake
        (void)c.client.handshake();
        c.carry();
        return "";
    }
    auto const done = c.run();
    if (number % 8 == 2) return done ? "taken" : expected(errc::untrusted, done.error());
    if (number % 8 == 6) return expected(errc::peer_rejected_certificate, done ? c.read().error() : done.error());
    if (!done) return tls::explain(done.error());
    auto const data = testbed::pattern(5000, static_cast<std::uint32_t>(number));
    if (auto const n = c.client.write(data); !n) return tls::explain(n.error());
    c.carry();
    testbed::serve(c.server, c.pipe);
    if (auto const got = c.server.received(); got != data)
        return "the server read " + std::to_string(got.size()) + " bytes: " + c.server.error_text() + ", resumed " +
               std::to_string(c.client.facts().resumed) + ", established " + std::to_string(c.server.established());
    if (number % 8 == 5) { // ends without a word
        c.client.feed_end();
        auto n = c.read();
        while (n) n = c.read();
        return expected(errc::truncated, n.error());
    }
    if (number % 8 == 7) { // damaged on the way
        c.server.send(data);
        auto sent = c.server.drain();
        sent.back() ^= std::byte{1};
        if (!c.client.feed(sent)) return "not fed";
        auto n = c.read();
        while (n) n = c.read();
        return expected(errc::bad_record_mac, n.error());
    }
    c.server.send(data);
    testbed::serve(c.server, c.pipe);
    c.carry();
    if (auto const n = c.read(); n != data) return n ? "the client read something else" : tls::explain(n.error());
    auto const closed = c.client.close();
    return closed ? "" : tls::explain(closed.error());
}

/// A connection over a socket, to a server that echoes, resets, or goes away.
template <class P> std::string over_tcp(shared<P>& with, std::size_t number) {
    using enum testbed::behaviour;
    constexpr std::array ways = {echo, send_then_reset, drop_in_handshake, send_then_drop};
    auto const way = ways[number % ways.size()];
    testbed::server_thread<typename P::server> server({.server = with.strict, .behaviour = way, .amount = 3000});
    auto tcp = tls::tcp_stream::connect("127.0.0.1", server.port());
    if (!tcp) return tls::explain(tcp.error());
    auto session = with.mutual.connect(tls::server_name::dns("localhost"), std::move(*tcp));
    if (!session) return way != echo ? "" : tls::explain(session.error());
    auto const data = testbed::pattern(3000);
    std::array<std::byte, 4096> into{};
    tls::result<std::size_t> n = 0;
    if (way != echo) {
        while (n) n = session->read_some(into);
        // The peer's reset may overtake its data.
        return n.error() == errc::io_error ? "" : expected(errc::truncated, n.error());
    }
    if (auto const sent = session->write_all(data); !sent) return tls::explain(sent.error());
    for (std::size_t have = 0; have < data.size(); have += *n) {
        n = session->read_some(into);
        if (!n) return tls::explain(n.error());
    }
    auto const closed = session->close();
    return closed ? "" : tls::explain(closed.error());
}

template <class P> std::string connection(shared<P>& with, std::size_t number) {
    constexpr std::size_t each = 64; // a socket costs two threads
    return number % each == 0 ? over_tcp(with, number / each) : in_memory(with, number);
}

/// What went wrong, from all threads: the first of it, and how often.
class complaints {
public:
    void note(std::string const& what, std::size_t number) {
        if (what.empty()) return;
        std::lock_guard const lock(mutex_);
        if (count_++ == 0) first_ = "connection " + std::to_string(number) + ": " + what;
    }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::string const& first() const { return first_; }

private:
    std::mutex mutex_;
    std::size_t count_ = 0;
    std::string first_;
};

} // namespace

TEST_CASE("soak: connections of every kind in eight threads, and nothing grows") {
    // wolfSSL's server fails (-517) at the 256th link of a chain of resumptions: the other's has no such limit.
    using wolfssl = parity::pairing<tls::wolfssl, testbed::mbedtls_server>;
    using mbedtls = parity::pairing<tls::mbedtls, testbed::mbedtls_server>;
    shared<wolfssl> wolfssl_1_2(protocol_version::tls_1_2);
    shared<wolfssl> wolfssl_1_3(protocol_version::tls_1_3);
    shared<mbedtls> mbedtls_1_2(protocol_version::tls_1_2);
    shared<mbedtls> mbedtls_1_3(protocol_version::tls_1_3);
    std::size_t const in_round = wanted() / rounds;
    complaints bad;
    std::vector<process_size> sizes;
    for (std::size_t round = 0; round != rounds; ++round) {
        std::vector<std::thread> running;
        for (std::size_t t = 0; t != threads; ++t)
            running.emplace_back([&, t] {
                for (std::size_t i = t; i < in_round; i += threads) {
                    // Each kind with each backend and version: the number counts on when all four had it.
                    std::size_t const number = i / 4;
                    bad.note(
                        i % 4 == 0   ? connection(wolfssl_1_2, number)
                        : i % 4 == 1 ? connection(wolfssl_1_3, number)
                        : i % 4 == 2 ? connection(mbedtls_1_2, number)
                                     : connection(mbedtls_1_3, number),
                        i);
                }
            });
        for (auto& thread : running) thread.join();
        sizes.push_back(process_size::now());
        MESSAGE((in_round * (round + 1)), " connections: ", sizes.back().text());
    }
    CHECK_MESSAGE(bad.count() == 0, bad.count(), " went wrong; the first: ", bad.first());
    // The first round fills what is filled once: the libraries' tables, stores of tickets, the allocator's arenas.
    constexpr std::size_t slack = 256 * 1024;
    CHECK(sizes.back().heap <= sizes[1].heap + slack);
    CHECK(sizes.back().descriptors == sizes.front().descriptors);
}

TEST_CASE("soak: a thousand sessions at a time in one thread") {
    using P = parity::pairing<tls::mbedtls, testbed::wolfssl_server>;
    using Q = parity::pairing<tls::wolfssl, testbed::wolfssl_server>;
    std::size_t const at_a_time = std::min<std::size_t>(1000, wanted() / 4);
    shared<P> one(protocol_version::tls_1_3);
    shared<Q> two(protocol_version::tls_1_3);
    std::vector<process_size> sizes;
    for (int round = 0; round != 3; ++round) {
        std::vector<parity::conversation<P>> some;
        std::vector<parity::conversation<Q>> others;
        for (std::size_t i = 0; i != at_a_time / 2; ++i) {
            some.push_back(parity::converse<P>(one.mutual, one.strict));
            others.push_back(parity::converse<Q>(two.mutual, two.strict));
        }
        auto const all = [&](auto const& what) {
            for (auto& c : some) what(c);
            for (auto& c : others) what(c);
        };
        all([](auto& c) { REQUIRE(c.run()); });
        if (round == 0) MESSAGE((2 * some.size()), " sessions: ", process_size::now().text());
        all([](auto& c) { CHECK(c.client.write(view_of("still here")) == 10u); });
        all([](auto& c) {
            c.carry();
            testbed::serve(c.server, c.pipe);
            CHECK(testbed::to_text(c.server.received()) == "still here");
        });
        some.clear();
        others.clear();
        sizes.push_back(process_size::now());
        MESSAGE("and none: ", sizes.back().text());
    }
    CHECK(sizes.back().heap <= sizes.front().heap + 64 * 1024);
    CHECK(sizes.back().descriptors == sizes.front().descriptors);
}

} // namespace soak_cases

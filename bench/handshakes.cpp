// SPDX-License-Identifier: Apache-2.0
#include "handshakes.hpp"

#include "measure/heap.hpp"
#include "measure/stack.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

std::uint64_t records_in(byte_view stream) {
    std::uint64_t n = 0;
    while (stream.size() >= 5) {
        std::size_t const size =
            5 + std::to_integer<std::size_t>(stream[3]) * 256 + std::to_integer<std::size_t>(stream[4]);
        if (size > stream.size()) break;
        stream = stream.subspan(size);
        ++n;
    }
    return n;
}

void add(results& into, lane const& l, metric m, distribution value) {
    into.measurements.push_back({l.scene().id, l.kind().id, m, value});
}

} // namespace

lane::lane(contender_kind const& kind, handshake_case const& c)
    : kind_(kind),
      case_(c),
      server_(make_server(c, credentials_of(c))),
      client_(kind.configure(c, credentials_of(c))) {
    if (!c.is_not_the_first()) return;
    // The first is a full handshake, whose session the next one resumes or whose signatures it remembers.
    first_ = true;
    auto e = establish(plainly);
    if (c.resumed) greet(e, plainly);
    first_ = false;
}

lane::established lane::establish(around const& step) {
    constexpr int most_steps = 10;
    established e;
    e.server = server_->accept();
    step([&] { e.client = client_->connect(); });
    bytes to_server;
    to_server.reserve(16384); // so that no contender is charged for its growth
    bool done = false;
    for (int i = 0; !done || !e.server->established(); ++i) {
        if (i == most_steps) throw std::runtime_error(kind_.id + ", " + case_.id + ": the handshake does not end");
        to_server.clear();
        if (!done) {
            step([&] { done = e.client->handshake(e.pending, to_server); });
            e.bytes_received += e.pending.size();
            e.records += records_in(e.pending) + records_in(to_server);
            e.bytes_sent += to_server.size();
            e.pending.clear();
        }
        std::size_t const before = e.pending.size();
        e.server->step(to_server, e.pending);
        // What comes after the client is done, such as a ticket of TLS 1.3, does not belong to the handshake.
        if (!done && e.pending.size() != before) ++e.round_trips;
    }
    check(e);
    return e;
}

void lane::greet(established& e, around const& step) {
    static constexpr std::string_view words = "hello";
    e.server->write(testbed::view_of(words), e.pending);
    std::array<std::byte, 64> into{};
    std::size_t n = 0;
    step([&] { n = e.client->read(e.pending, into); });
    e.pending.clear();
    if (n != words.size()) throw std::runtime_error(kind_.id + ", " + case_.id + ": the greeting did not arrive");
    if (case_.resumed) client_->keep_session(*e.client);
}

void lane::check(established& e) const {
    outcome const o = client_->outcome_of(*e.client);
    auto const require = [this](bool right, char const* what) {
        if (!right) throw std::runtime_error(kind_.id + ", " + case_.id + ": not what the case says: " + what);
    };
    bool const resumed = case_.resumed && !first_;
    require(o.version == case_.version, "version");
    require(o.suite == case_.suite, "suite");
    require(o.resumed == resumed && e.server->resumed() == resumed, "resumption");
    require(o.server_verified, "verification of the server");
    require(o.alpn == application_protocol, "application protocol");
    bool const sends = case_.client_certificate && !resumed;
    require(e.server->client_certificates() == (sends ? 2 : 0), "client certificates");
}

microseconds lane::handshake() {
    microseconds spent{};
    auto const timed = [&](std::function<void()> const& step) {
        stopwatch const running(spent);
        step();
    };
    auto e = establish(timed);
    if (case_.resumed) greet(e, plainly);
    timed([&] { e.client.reset(); });
    return spent;
}

namespace {

/// Counts what handshakes take from the heap. Mbed TLS draws numbers of random length, so one connection is not enough.
void count_heap(lane& l, results& into) {
    constexpr int connections = 15;
    std::vector<double> allocations, bytes, peak, live;
    for (int i = 0; i < connections; ++i) {
        heap_watch heap;
        auto e = l.establish([&](std::function<void()> const& step) {
            watching const now(heap);
            step();
        });
        allocations.push_back(static_cast<double>(heap.use().allocations));
        bytes.push_back(static_cast<double>(heap.use().bytes));
        peak.push_back(static_cast<double>(heap.use().peak));
        live.push_back(static_cast<double>(heap.use().live));
        if (l.scene().resumed) l.greet(e, plainly);
    }
    add(into, l, metric::allocations, distribution_of(std::move(allocations)));
    add(into, l, metric::bytes_allocated, distribution_of(std::move(bytes)));
    add(into, l, metric::peak_heap, distribution_of(std::move(peak)));
    add(into, l, metric::session_heap, distribution_of(std::move(live)));
}

/// Counts everything that is counted and not timed.
void count_resources(lane& l, results& into) {
    (void)l.handshake(); // so that what is allocated once is not counted
    count_heap(l, into);
    auto e = l.establish(plainly);
    add(into, l, metric::bytes_sent, exactly(static_cast<double>(e.bytes_sent)));
    add(into, l, metric::bytes_received, exactly(static_cast<double>(e.bytes_received)));
    add(into, l, metric::records, exactly(static_cast<double>(e.records)));
    add(into, l, metric::round_trips, exactly(static_cast<double>(e.round_trips)));

    l.greet(e, plainly);
    heap_watch steady_heap;
    bytes out;
    out.reserve(4096);
    std::array<std::byte, 256> into_buffer{};
    for (int i = 0; i < 10; ++i) {
        out.clear();
        {
            watching const now(steady_heap);
            e.client->write(std::as_bytes(std::span("a few bytes to the server")), out);
        }
        e.server->step(out, e.pending);
        e.server->write(std::as_bytes(std::span("and a few back")), e.pending);
        {
            watching const now(steady_heap);
            (void)e.client->read(e.pending, into_buffer);
        }
        e.pending.clear();
    }
    add(into, l, metric::steady_allocations, exactly(static_cast<double>(steady_heap.use().allocations)));

    painted_stack stack;
    auto const on_stack = [&](std::function<void()> const& step) { stack.run(step); };
    auto deep = l.establish(on_stack);
    add(into, l, metric::stack, exactly(static_cast<double>(stack.used())));
    l.greet(deep, plainly);
}

void time_configuration(lane const& l, effort how_much, results& into) {
    std::vector<double> cold;
    for (int i = 0; i < how_much.rounds; ++i) {
        microseconds spent{};
        std::unique_ptr<client_contender> made;
        {
            stopwatch const running(spent);
            made = l.kind().configure(l.scene(), credentials_of(l.scene()));
        }
        cold.push_back(spent.count());
    }
    add(into, l, metric::configure, distribution_of(std::move(cold)));
}

void time_new_sessions(lane& l, effort how_much, results& into) {
    std::vector<double> warm;
    for (int i = 0; i < how_much.rounds * how_much.block; ++i) {
        microseconds spent{};
        std::unique_ptr<client_connection> made;
        {
            stopwatch const running(spent);
            made = l.client().connect();
        }
        warm.push_back(spent.count());
    }
    add(into, l, metric::new_session, distribution_of(std::move(warm)));
}

bool is_compared(std::string const& over, std::string const& under) {
    bool const to_raw = over.starts_with("twintls-") && under == "raw-" + over.substr(8);
    return to_raw || (under == "openssl" && over != "openssl");
}

} // namespace

void add_rounds(
    std::string const& case_id, metric m, std::vector<contender_kind> const& contenders,
    std::vector<rounds> const& of_each, results& into) {
    for (std::size_t i = 0; i < of_each.size(); ++i)
        into.measurements.push_back({case_id, contenders[i].id, m, distribution_of(of_each[i])});
    for (std::size_t over = 0; over < of_each.size(); ++over)
        for (std::size_t under = 0; under < of_each.size(); ++under)
            if (is_compared(contenders[over].id, contenders[under].id))
                into.ratios.push_back(
                    {case_id, contenders[over].id, contenders[under].id, m, ratio_of(of_each[over], of_each[under])});
}

void measure_handshakes(
    handshake_case const& c, std::vector<contender_kind> const& contenders, effort how_much, results& into) {
    std::vector<std::unique_ptr<lane>> lanes;
    for (auto const& kind : contenders) lanes.push_back(std::make_unique<lane>(kind, c));
    std::vector<rounds> times(lanes.size());
    for (auto const& l : lanes)
        for (int i = 0; i < 3; ++i) (void)l->handshake();
    for (int round = 0; round < how_much.rounds; ++round) {
        for (std::size_t turn = 0; turn < lanes.size(); ++turn) {
            std::size_t const who = (turn + static_cast<std::size_t>(round)) % lanes.size();
            auto& block = times[who].emplace_back();
            (void)lanes[who]->handshake(); // warms the caches again
            for (int i = 0; i < how_much.block; ++i) block.push_back(lanes[who]->handshake().count());
        }
    }
    add_rounds(c.id, metric::client_cpu, contenders, times, into);
    for (auto const& l : lanes) {
        count_resources(*l, into);
        time_configuration(*l, how_much, into);
        if (!c.resumed) time_new_sessions(*l, how_much, into); // a ticket is good for one connection
    }
    into.cases.push_back({c.id, c.title});
}

} // namespace bench

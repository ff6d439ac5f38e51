// SPDX-License-Identifier: Apache-2.0
#include "builds.hpp"

#include "measure/heap.hpp"
#include "measure/statistics.hpp"
#include "server/server.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {
namespace {

/// A handshake that lacks the last byte of what the server says: the server is judged, and not yet believed.
std::unique_ptr<client_connection>
all_but_complete(client_contender& client, server_connection& server, heap_watch& heap) {
    std::unique_ptr<client_connection> connection;
    bytes from_client;
    bytes from_server;
    from_client.reserve(16384); // so that no contender is charged for its growth
    {
        watching const now(heap);
        connection = client.connect();
        (void)connection->handshake({}, from_client);
    }
    server.step(from_client, from_server);
    from_client.clear();
    watching const now(heap);
    if (connection->handshake(testbed::byte_view(from_server).first(from_server.size() - 1), from_client))
        throw std::runtime_error("a handshake is complete without the end of the server's flight");
    return connection;
}

/// Bytes on the heap for each of so many handshakes.
double heap_in_flight(handshake_case const& c, contender_kind const& kind, credentials const& with, int count) {
    auto const server = make_server(c, with);
    auto const client = kind.configure(c, with);
    (void)all_but_complete(*client, *server->accept(), *std::make_unique<heap_watch>()); // what is allocated once
    heap_watch heap;
    std::vector<std::unique_ptr<client_connection>> under_way(static_cast<std::size_t>(count));
    for (auto& connection : under_way) connection = all_but_complete(*client, *server->accept(), heap);
    auto const each = static_cast<double>(heap.use().live) / count;
    {
        watching const now(heap);
        under_way.clear();
    }
    constexpr std::int64_t next_to_nothing = 4096;
    if (heap.use().live > next_to_nothing)
        throw std::runtime_error(
            kind.id + ": " + std::to_string(heap.use().live) + " bytes are left of " + std::to_string(count) +
            " handshakes");
    return each;
}

} // namespace

void measure_build(
    handshake_case const& c, std::vector<contender_kind> const& contenders, int in_flight, results& into) {
    constexpr int clients = 5; // checking a key works on random numbers, whose lengths vary
    auto const& with = credentials_of(c);
    for (auto const& kind : contenders) {
        (void)kind.configure(c, with); // so that what a process allocates once is not counted
        std::vector<heap_use> uses;
        for (int i = 0; i < clients; ++i) {
            heap_watch heap;
            std::unique_ptr<client_contender> made;
            {
                watching const now(heap);
                made = kind.configure(c, with);
            }
            uses.push_back(heap.use());
        }
        auto const add = [&](metric m, auto part) {
            std::vector<double> values;
            for (auto const& use : uses) values.push_back(static_cast<double>(use.*part));
            into.measurements.push_back({c.id, kind.id, m, distribution_of(std::move(values))});
        };
        add(metric::build_allocations, &heap_use::allocations);
        add(metric::build_bytes, &heap_use::bytes);
        add(metric::build_peak, &heap_use::peak);
        add(metric::client_heap, &heap_use::live);
        into.measurements.push_back(
            {c.id, kind.id, metric::in_flight_heap, exactly(heap_in_flight(c, kind, with, in_flight))});
    }
    into.cases.push_back({c.id, c.title});
}

} // namespace bench

// SPDX-License-Identifier: Apache-2.0
#include "bulk.hpp"

#include "handshakes.hpp"
#include "measure/statistics.hpp"
#include "measure/stopwatch.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace bench {
namespace {

handshake_case scene_of(bulk_case const& c) {
    handshake_case h;
    h.id = c.id;
    h.title = c.title;
    h.version = tls::version_of(c.suite);
    h.group = tls::named_group::x25519;
    h.suite = c.suite;
    return h;
}

/// A contender's connection, with data going one way.
class stream {
public:
    stream(contender_kind const& kind, bulk_case const& c, handshake_case const& scene)
        : case_(c),
          lane_(kind, scene),
          ends_(lane_.establish(plainly)),
          data_(testbed::pattern(c.size)),
          into_(c.size + 16384) {
        lane_.greet(ends_, plainly);
        records_.reserve(c.size + c.size / 64 + 65536);
    }

    /// Bytes per microsecond of the client's time.
    double round(std::size_t at_least) {
        microseconds spent{};
        std::size_t moved = 0;
        while (moved < at_least) {
            moved += case_.size;
            records_.clear();
            if (case_.outbound) {
                {
                    stopwatch const running(spent);
                    // Several small writes at once: a single one is too short for the clock's resolution.
                    for (std::size_t sent = 0; sent == 0 || sent < burst; sent += case_.size) {
                        if (sent != 0) moved += case_.size;
                        ends_.client->write(data_, records_);
                    }
                }
                std::size_t const before = ends_.server->received();
                ends_.server->step(records_, ends_.pending);
                if (ends_.server->received() == before) throw std::runtime_error(case_.id + ": nothing arrived");
            } else {
                std::size_t expected = 0;
                for (std::size_t sent = 0; sent == 0 || sent < burst; sent += case_.size) {
                    if (sent != 0) moved += case_.size;
                    ends_.server->write(data_, records_);
                    expected += case_.size;
                }
                if (into_.size() < expected + 16384) into_.resize(expected + 16384);
                std::size_t got = 0;
                {
                    stopwatch const running(spent);
                    got = ends_.client->read(records_, into_);
                }
                if (got != expected) throw std::runtime_error(case_.id + ": something is missing");
            }
        }
        return static_cast<double>(moved) / spent.count();
    }

private:
    static constexpr std::size_t burst = 65536; // some twenty microseconds at best; reading the clock costs half of one

    bulk_case const& case_;
    lane lane_;
    lane::established ends_;
    bytes data_;
    bytes records_;
    bytes into_;
};

} // namespace

void measure_bulk(
    bulk_case const& c, std::vector<contender_kind> const& contenders, int rounds_wanted, std::size_t bytes_a_round,
    results& into) {
    handshake_case const scene = scene_of(c);
    std::vector<std::unique_ptr<stream>> streams;
    for (auto const& kind : contenders) streams.push_back(std::make_unique<stream>(kind, c, scene));
    std::vector<rounds> rates(streams.size());
    for (auto const& s : streams) (void)s->round(bytes_a_round / 4);
    for (int round = 0; round < rounds_wanted; ++round)
        for (std::size_t turn = 0; turn < streams.size(); ++turn) {
            std::size_t const who = (turn + static_cast<std::size_t>(round)) % streams.size();
            rates[who].push_back({streams[who]->round(bytes_a_round)});
        }
    add_rounds(c.id, metric::throughput, contenders, rates, into);
    into.cases.push_back({c.id, c.title});
}

} // namespace bench

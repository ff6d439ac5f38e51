// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contender.hpp"
#include "measure/statistics.hpp"
#include "measure/stopwatch.hpp"
#include "results.hpp"
#include "server/server.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace bench {

/// How much is done.
struct effort {
    int rounds = 0; ///< each runs one block of every contender, the order rotated
    int block = 0;  ///< handshakes in a block: taking turns after each would empty the caches of the small ones
};

/// One contender in one case: its client, its server, and what its handshakes cost.
class lane {
public:
    lane(contender_kind const& kind, handshake_case const& c);

    [[nodiscard]] contender_kind const& kind() const { return kind_; }
    [[nodiscard]] handshake_case const& scene() const { return case_; }

    /// What is wrapped around each of the client's steps.
    using around = std::function<void(std::function<void()> const&)>;

    /// Makes one handshake and returns the client's processor time.
    microseconds handshake();
    /// Both ends of a connection.
    struct established {
        std::unique_ptr<client_connection> client;
        std::unique_ptr<server_connection> server;
        bytes pending{}; ///< what the server has sent since
        std::uint64_t bytes_sent = 0, bytes_received = 0, records = 0, round_trips = 0;
    };
    /// Makes one handshake. Throws if it is not the one the case describes.
    established establish(around const& step);
    /// Lets the server send a few bytes, with which the tickets of TLS 1.3 come, and keeps the session if the case
    /// needs one.
    void greet(established& e, around const& step);
    [[nodiscard]] client_contender& client() { return *client_; }

private:
    void check(established& e) const;

    contender_kind const& kind_;
    handshake_case const& case_;
    std::unique_ptr<bench_server> server_;
    std::unique_ptr<client_contender> client_;
    bool first_ = false; // the handshake that makes the session to be resumed
};

/// A step with nothing wrapped around it.
inline void plainly(std::function<void()> const& step) { step(); }

/// Adds the results of one case's rounds, and the ratios of interest: each twintls to its raw library, and every
/// contender to OpenSSL.
void add_rounds(
    std::string const& case_id, metric m, std::vector<contender_kind> const& contenders,
    std::vector<rounds> const& of_each, results& into);

/// Runs a case for all its contenders and adds what was found.
void measure_handshakes(
    handshake_case const& c, std::vector<contender_kind> const& contenders, effort how_much, results& into);

} // namespace bench

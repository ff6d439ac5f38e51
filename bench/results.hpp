// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a run found, as data: the one source of the table, results.json and the page.
namespace bench {

/// Median and quartiles.
struct distribution {
    double median = 0;
    double low = 0;
    double high = 0;
    std::uint64_t samples = 0;
};

/// What is measured. The name in results.json is the enumerator's.
enum class metric : std::uint8_t {
    client_cpu,         ///< us per handshake: new session, steps, free
    configure,          ///< us to make a client, cold
    new_session,        ///< us to make a session from it, warm
    instructions,       ///< per handshake, by callgrind
    allocations,        ///< heap allocations per connection, up to the end of its handshake
    bytes_allocated,    ///< their sum
    peak_heap,          ///< bytes
    session_heap,       ///< bytes in use by an idle session
    stack,              ///< bytes of stack used at most
    steady_allocations, ///< heap allocations in reads and writes after the handshake
    bytes_sent,         ///< of the handshake
    bytes_received,
    records,
    round_trips,
    throughput,        ///< MB/s of client CPU time, bulk cases
    floor,             ///< us of the asymmetric operations a handshake cannot avoid
    over_floor,        ///< client_cpu / floor
    build_allocations, ///< heap allocations to make a client, credentials and trust anchors from PEM
    build_bytes,       ///< their sum
    build_peak,        ///< bytes
    client_heap,       ///< bytes that the client keeps
    in_flight_heap,    ///< bytes of each of many handshakes that are under way
    code_size,         ///< bytes of the stripped program, -Os
    compile_time,      ///< seconds
};

struct measurement {
    std::string case_id; ///< of a handshake or bulk case; empty where there is none (code size)
    std::string contender;
    bench::metric metric{};
    distribution value;
};

/// Two contenders of one case compared within this run, by the ratios of the rounds.
struct ratio {
    std::string case_id;
    std::string over, under; ///< contenders
    bench::metric metric{};
    distribution value;
};

/// A limit that twintls sets itself.
struct target {
    std::string id;   ///< "instructions-full-wolfssl"
    std::string text; ///< "instructions per full handshake, twintls / raw wolfSSL, worst case"
    double limit = 0;
    bool at_most = true;         ///< else at least
    std::optional<double> value; ///< empty: not measured in this run
    std::string where;           ///< the case that decided it
    [[nodiscard]] bool met() const { return value && (at_most ? *value <= limit : *value >= limit); }
};

struct described_contender {
    std::string id, title, library, build;
};

struct results {
    std::string started; ///< ISO 8601, UTC
    std::string processor;
    unsigned cores = 0;
    std::string compiler;
    std::string server;
    bool quick = false;
    std::vector<described_contender> contenders;
    std::vector<std::pair<std::string, std::string>> absent; ///< id and why
    struct described_case {
        std::string id, title;
    };
    std::vector<described_case> cases; ///< handshake and bulk cases that were run
    std::vector<measurement> measurements;
    std::vector<ratio> ratios;
    std::vector<target> targets;
    std::vector<std::string> warnings; ///< for example that the build is not optimised
};

[[nodiscard]] char const* name(metric m);
/// The reverse of `name`.
[[nodiscard]] std::optional<metric> metric_named(std::string_view text);
[[nodiscard]] char const* unit(metric m);
/// True if it is measured with a clock, and so depends on the machine and differs in every run; false for a count.
[[nodiscard]] bool is_timed(metric m);
/// Whether less is better.
[[nodiscard]] bool less_is_better(metric m);

/// The measurement of a contender in a case, or nullptr.
[[nodiscard]] measurement const*
find(results const& r, std::string const& case_id, std::string const& contender, metric m);

} // namespace bench

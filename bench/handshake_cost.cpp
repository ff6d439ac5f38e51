// SPDX-License-Identifier: Apache-2.0
// What a handshake costs the client, on each backend: in memory, in one thread, without sockets, threads or waiting.
//
//   handshake_cost [rounds] [handshakes in a block]
//
// Timed are the client's steps alone: making the engine, taking and handling bytes, and destroying it. The server works
// between them, off the clock. Each round runs one block of handshakes for each backend, in rotated order; a block
// because two libraries taking turns evict each other's code and tables from the caches. Every handshake is checked to
// be the one its case says.
#include "support/certificate_factory.hpp"
#include "support/server.hpp"
#include <tls/client.hpp>
#include <tls/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using microseconds = std::chrono::duration<double, std::micro>;
using Server = support::wolfssl_server; // the faster one: it is not measured, but it is waited for

struct bench_case {
    tls::protocol_version version{};
    bool client_certificate = false;
};

/// What all contenders of a case must have in common.
struct negotiated {
    tls::cipher_suite suite{};
    std::optional<tls::named_group> group{};
    friend bool operator==(negotiated const&, negotiated const&) = default;
};

/// The processor time of this thread: what else the machine does is not in it.
microseconds now() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// Adds the processor time of its life to a sum.
class stopwatch {
public:
    explicit stopwatch(microseconds& sum) : sum_(sum) {}
    ~stopwatch() { sum_ += now() - start_; }
    stopwatch(stopwatch const&) = delete;
    stopwatch& operator=(stopwatch const&) = delete;

private:
    microseconds& sum_;
    microseconds start_ = now();
};

void require(bool right, char const* backend, char const* what) {
    if (!right) throw std::runtime_error(std::string(backend) + ": " + what);
}

support::server_options server_for(support::pki const& pki, bench_case c) {
    auto options = support::server_options::showing(pki.server, c.version);
    options.suites = {0x1301, 0xc02b}; // AES-128-GCM under both versions
    options.groups = {29};             // X25519
    options.require_client_certificate = c.client_certificate;
    if (c.client_certificate) options.client_anchors = {pki.root.certificate};
    return options;
}

template <class Backend> tls::result<tls::client<Backend>> client_for(support::pki const& pki, bench_case c) {
    auto builder = tls::client<Backend>::configure()
                       .trust(tls::trust_anchors::from_pem(pki.root_pem()))
                       .versions(c.version, c.version);
    if (!c.client_certificate) return std::move(builder).no_identity().build();
    return std::move(builder)
        .identity(tls::identity::from_pem(pki.client.chain_pem(), pki.client.private_key->pkcs8_pem()))
        .build();
}

/// One backend in one case: its client, and the times of its handshakes.
template <class Backend> class contender {
public:
    contender(support::pki const& pki, bench_case c) : case_(c), pki_(pki), server_options_(server_for(pki, c)) {
        auto client = client_for<Backend>(pki, c);
        if (!client) throw std::runtime_error(tls::explain(client.error()));
        client_.emplace(std::move(*client));
        run_block(3); // warm up
        blocks_.clear();
    }

    void run_block(int handshakes) {
        std::vector<double> times;
        times.reserve(static_cast<std::size_t>(handshakes));
        for (int i = 0; i < handshakes; ++i) times.push_back(handshake().count());
        blocks_.push_back(std::move(times));
    }

    [[nodiscard]] std::vector<std::vector<double>> const& blocks() const { return blocks_; }
    [[nodiscard]] std::optional<negotiated> const& outcome() const { return outcome_; }

private:
    microseconds handshake() {
        Server server(server_options_);
        microseconds spent{};
        std::optional<tls::engine<Backend>> engine;
        {
            stopwatch const timed(spent);
            if (auto made = client_->engine(name_)) engine.emplace(std::move(*made));
        }
        require(engine.has_value(), Backend::name, "no engine");
        support::bytes from_server;
        for (int step = 0; !(engine->established() && server.established()); ++step) {
            require(step < 10, Backend::name, "the handshake does not end");
            {
                stopwatch const timed(spent);
                bool const fed = engine->feed(from_server).has_value();
                auto const stepped = engine->handshake();
                if (!fed || (!stepped && !stepped.error().would_block()))
                    throw std::runtime_error(tls::explain(stepped.error()));
            }
            server.feed(engine->drain());
            engine->drained(engine->drain().size());
            server.step();
            require(!server.failed(), Backend::name, "the server failed");
            from_server = server.drain();
        }
        check(*engine, server);
        stopwatch const timed(spent);
        engine.reset();
        return spent;
    }

    /// The handshake was the one this case is about.
    void check(tls::engine<Backend>& engine, Server const& server) {
        tls::facts const facts = engine.facts();
        require(facts.version == case_.version, Backend::name, "another version");
        require(!facts.resumed, Backend::name, "a resumed session");
        require(
            facts.client_certificate_requested == case_.client_certificate, Backend::name,
            "not the certificate request");
        require(
            server.client_leaf_der() == (case_.client_certificate ? pki_.client.leaf().der : support::bytes()),
            Backend::name, "not the client certificate");
        negotiated const now{facts.suite, facts.group};
        require(!outcome_ || *outcome_ == now, Backend::name, "not what the handshake before negotiated");
        outcome_ = now;
    }

    bench_case case_;
    support::pki const& pki_;
    support::server_options server_options_;
    tls::server_name name_ = tls::server_name::dns("localhost").value();
    std::optional<tls::client<Backend>> client_;
    std::vector<std::vector<double>> blocks_;
    std::optional<negotiated> outcome_;
};

struct spread {
    double low = 0;
    double median = 0;
    double high = 0;
};

/// Median and quartiles.
spread spread_of(std::vector<double> values) {
    std::ranges::sort(values);
    std::size_t const last = values.size() - 1;
    return {values[last / 4], values[last / 2], values[last - last / 4]};
}

spread spread_of(std::vector<std::vector<double>> const& blocks) {
    std::vector<double> all;
    for (auto const& block : blocks) all.insert(all.end(), block.begin(), block.end());
    return spread_of(std::move(all));
}

/// The ratio of the two medians of each round: what slows the machine down for a while hits both.
spread ratio_of(std::vector<std::vector<double>> const& over, std::vector<std::vector<double>> const& under) {
    std::vector<double> ratios;
    ratios.reserve(over.size());
    for (std::size_t i = 0; i < over.size(); ++i)
        ratios.push_back(spread_of(over[i]).median / spread_of(under[i]).median);
    return spread_of(std::move(ratios));
}

void run(bench_case c, support::pki const& pki, int rounds, int block) {
    contender<tls::wolfssl> w(pki, c);
    contender<tls::mbedtls> m(pki, c);
    for (int round = 0; round < rounds; ++round) {
        if (round % 2 == 0) w.run_block(block);
        m.run_block(block);
        if (round % 2 != 0) w.run_block(block);
    }
    require(w.outcome() == m.outcome(), "comparison", "the contenders negotiated different suites or groups");

    spread const a = spread_of(w.blocks());
    spread const b = spread_of(m.blocks());
    spread const ratio = ratio_of(m.blocks(), w.blocks());
    std::printf(
        "%.7s, client certificate: %-3s  %6.0f us (%5.0f-%5.0f)  %6.0f us (%5.0f-%5.0f)  %5.2f (%.2f-%.2f)\n",
        name(c.version).data(), c.client_certificate ? "yes" : "no", a.median, a.low, a.high, b.median, b.low, b.high,
        ratio.median, ratio.low, ratio.high);
    std::fflush(stdout);
}

template <class Backend> std::string title() {
    return std::string(Backend::name) + ' ' + std::string(Backend::version());
}

int count(char const* text, int otherwise) {
    long const n = text != nullptr ? std::strtol(text, nullptr, 10) : otherwise;
    return n >= 1 && n <= 100'000 ? static_cast<int>(n) : 0;
}

} // namespace

int main(int argc, char** argv) {
    int const rounds = count(argc > 1 ? argv[1] : nullptr, 20);
    int const block = count(argc > 2 ? argv[2] : nullptr, 25);
    if (rounds == 0 || block == 0 || argc > 3) {
        std::fprintf(stderr, "usage: handshake_cost [rounds] [handshakes in a block]\n");
        return 2;
    }
#if !defined(__OPTIMIZE__) || defined(_GLIBCXX_ASSERTIONS) || defined(__SANITIZE_ADDRESS__)
    std::printf("NOT an optimised build: these numbers mean nothing.\n\n");
#endif
    std::printf(
        "Client's processor time for one full handshake, twintls included, server not: %d rounds of %d handshakes.\n"
        "ECDSA P-256 certificates with one intermediate, X25519, AES-128-GCM. Median (quartiles); ratios are per\n"
        "round. Times are this machine's; compare nothing but the ratios, and those only between builds alike.\n\n"
        "                                %-25s  %-25s  ratio\n",
        rounds, block, title<tls::wolfssl>().c_str(), title<tls::mbedtls>().c_str());
    try {
        support::pki const pki = support::make_pki();
        for (auto const version : {tls::protocol_version::tls_1_2, tls::protocol_version::tls_1_3})
            for (bool const client_certificate : {false, true}) run({version, client_certificate}, pki, rounds, block);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "the benchmark failed: %s\n", e.what());
        return 1;
    }
    return 0;
}

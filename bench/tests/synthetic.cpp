// SPDX-License-Identifier: Apache-2.0
#include "synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synthetic {
namespace {

using bench::metric;

struct kind {
    bench::described_contender described;
    double full, resumed; ///< us
    double floor;         ///< of a full handshake, us
    double allocations, heap, idle, stack, sent, received;
    double gcm, chacha; ///< MB/s at 16 KiB
    double per_write;   ///< us that each write costs in addition to its bytes
};

std::vector<kind> const& kinds() {
    static std::vector<kind> const all{
        {{"twintls-wolfssl", "twintls on wolfSSL 0.0.0", "wolfssl", "synthetic: x86-64 assembly, AES-NI"},
         241,
         65.6,
         194,
         58,
         14300,
         4300,
         13300,
         253,
         1298,
         4720,
         1580,
         0.32},
        {{"raw-wolfssl", "wolfSSL 0.0.0", "wolfssl", "synthetic: x86-64 assembly, AES-NI"},
         239.4,
         65,
         194,
         57,
         14000,
         4100,
         13000,
         253,
         1298,
         4790,
         1590,
         0.3},
        {{"twintls-mbedtls", "twintls on Mbed TLS 0.0.0", "mbedtls", "synthetic: -O3, AES-NI"},
         2941,
         481,
         2510,
         7701,
         57300,
         46200,
         3900,
         290,
         1330,
         423,
         355,
         1.12},
        {{"raw-mbedtls", "Mbed TLS 0.0.0", "mbedtls", "synthetic: -O3, AES-NI"},
         2930,
         479,
         2510,
         7700,
         57000,
         46000,
         3500,
         290,
         1330,
         424,
         355,
         1.1},
        {{"openssl", "OpenSSL 0.0.0", "openssl", "synthetic: the system's"},
         807,
         167,
         317,
         3993,
         104000,
         56300,
         7100,
         304,
         1330,
         4281,
         2511,
         0.55},
        {{"asio-ssl", "Asio 0.0.0 on OpenSSL 0.0.0", "openssl", "synthetic: the system's"},
         842,
         181,
         317,
         4021,
         139000,
         90600,
         7900,
         304,
         1330,
         3302,
         2101,
         1.3},
    };
    return all;
}

struct kind_of_case {
    char const* id;
    char const* title;
    double factor;  ///< of the client's time
    double signing; ///< share of a handshake that a client certificate adds
    bool resumed = false;
};

/// As many as a full run has, so that the page is as long.
constexpr kind_of_case cases[] = {
    {"tls13-x25519-ecdsa", "TLS 1.3, X25519, ECDSA server", 1, 0},
    {"tls13-x25519-ecdsa-mutual", "TLS 1.3, X25519, ECDSA server, client certificate", 1, 0.11},
    {"tls13-p256-ecdsa", "TLS 1.3, P-256, ECDSA server", 1.1, 0},
    {"tls13-p256-ecdsa-mutual", "TLS 1.3, P-256, ECDSA server, client certificate", 1.1, 0.11},
    {"tls13-x25519-rsa", "TLS 1.3, X25519, RSA server", 0.7, 0},
    {"tls13-x25519-ecdsa-resumed", "TLS 1.3, X25519, ECDSA server, resumed", 1, 0, true},
    {"tls13-p256-ecdsa-resumed", "TLS 1.3, P-256, ECDSA server, resumed", 1.1, 0, true},
    {"tls13-hybrid-ecdsa", "TLS 1.3, X25519MLKEM768, ECDSA server", 1.2, 0},
    {"tls13-x25519-ecdsa-bundle", "TLS 1.3, X25519, ECDSA server, 141 trust anchors", 1.01, 0},
    {"tls12-p256-ecdsa", "TLS 1.2, P-256, ECDSA server", 1.12, 0},
    {"tls12-p256-ecdsa-mutual", "TLS 1.2, P-256, ECDSA server, client certificate", 1.12, 0.12},
    {"tls12-x25519-ecdsa", "TLS 1.2, X25519, ECDSA server", 1.05, 0},
    {"tls12-p256-rsa", "TLS 1.2, P-256, RSA server", 0.72, 0},
    {"tls12-p256-rsa-mutual", "TLS 1.2, P-256, RSA server, client certificate", 0.72, 0.12},
    {"tls12-p256-ecdsa-resumed", "TLS 1.2, P-256, ECDSA server, resumed", 0.25, 0, true},
};

/// `spread` is a fraction of the median, on either side.
bench::distribution around(double median, double spread) {
    return {median, median * (1 - spread), median * (1 + spread), 200};
}
bench::distribution exactly(double value) { return {value, value, value, 1}; }

/// A number from 0 to 1 that looks random.
double jitter(std::size_t a, std::size_t b) { return static_cast<double>((a * 7919 + b * 104729 + 13) % 97) / 97; }

void add_handshakes(bench::results& r) {
    for (std::size_t i = 0; i != std::size(cases); ++i) {
        auto const& c = cases[i];
        r.cases.push_back({c.id, c.title});
        for (std::size_t j = 0; j != kinds().size(); ++j) {
            auto const& k = kinds()[j];
            auto const add = [&](metric m, bench::distribution value) {
                r.measurements.push_back({c.id, k.described.id, m, value});
            };
            auto const time = (c.resumed ? k.resumed : k.full) * c.factor * (1 + c.signing);
            auto const floor = c.resumed ? time / (1.3 + jitter(i, j / 2)) : k.floor * c.factor * (1 + c.signing);
            add(metric::client_cpu, around(time, 0.004 + 0.012 * jitter(i, j)));
            add(metric::configure, around(20 + k.full / 40, 0.03));
            add(metric::new_session, around(1.5 + 8 * jitter(j, 3), 0.02));
            add(metric::instructions, exactly(std::floor(time * 12100)));
            add(metric::allocations, exactly(c.resumed ? std::floor(k.allocations * 0.6) : k.allocations));
            add(metric::bytes_allocated, exactly(k.heap * 3.5));
            add(metric::peak_heap, exactly(k.heap));
            add(metric::session_heap, exactly(k.idle));
            add(metric::stack, exactly(k.stack + (c.signing > 0 ? 512 : 0)));
            add(metric::steady_allocations, exactly(k.described.id == "asio-ssl" ? 2 : 0));
            add(metric::bytes_sent, exactly(k.sent + (c.signing > 0 ? 560 : 0) + (c.resumed ? 245 : 0)));
            add(metric::bytes_received, exactly(c.resumed ? 240 : k.received));
            add(metric::records, exactly(c.signing > 0 ? 9 : 7));
            add(metric::round_trips, exactly(c.id[4] == '2' && !c.resumed ? 2 : 1));
            add(metric::floor, around(floor, 0.004));
            add(metric::over_floor, around(time / floor, 0.01));
        }
        auto const ratio = [&](char const* over, char const* under, std::size_t j, double median) {
            r.ratios.push_back({c.id, over, under, metric::client_cpu, around(median, 0.002 + 0.004 * jitter(i, j))});
        };
        ratio("twintls-wolfssl", "raw-wolfssl", 1, 1.004 + 0.008 * jitter(i, 5));
        ratio("twintls-mbedtls", "raw-mbedtls", 2, 0.999 + 0.006 * jitter(i, 6));
        ratio("asio-ssl", "openssl", 3, 1.04 + 0.02 * jitter(i, 7));
    }
}

void add_builds(bench::results& r) {
    for (double const anchors : {1., 144.}) {
        auto const count = std::to_string(static_cast<int>(anchors));
        auto const id = "build-" + count + (anchors == 1 ? "-anchor" : "-anchors");
        r.cases.push_back({id, "Client with " + count + (anchors == 1 ? " trust anchor" : " trust anchors")});
        for (std::size_t j = 0; j != kinds().size(); ++j) {
            auto const add = [&](metric m, double value) {
                r.measurements.push_back({id, kinds()[j].described.id, m, exactly(std::floor(value))});
            };
            auto const each = anchors * (1 + jitter(j, 9));
            add(metric::build_allocations, 40 + 3 * each);
            add(metric::build_bytes, 21000 + 3400 * each);
            add(metric::build_peak, 15000 + 2900 * each);
            add(metric::client_heap, 9000 + 1300 * each);
            add(metric::in_flight_heap, 15000 + 20 * each);
        }
    }
}

void add_bulk(bench::results& r) {
    static constexpr std::pair<char const*, char const*> suites[] = {
        {"aes128gcm", "AES-128-GCM"}, {"aes256gcm", "AES-256-GCM"}, {"chacha20poly1305", "ChaCha20-Poly1305"}};
    for (auto const& [suite, title] : suites)
        for (bool const out : {true, false})
            for (std::size_t const size : {64u, 1024u, 16384u, 1048576u}) {
                auto const id = std::string("bulk-") + suite + "-" + std::to_string(size) + (out ? "-out" : "-in");
                r.cases.push_back({id, std::string(title) + ", writes of " + std::to_string(size) + " bytes"});
                for (auto const& k : kinds()) {
                    auto const rate = suite[0] == 'a' ? k.gcm : k.chacha;
                    auto const bytes = static_cast<double>(size);
                    auto const value = bytes / (bytes / rate + k.per_write) * (out ? 1 : 0.96);
                    r.measurements.push_back({id, k.described.id, metric::throughput, around(value, 0.008)});
                }
            }
}

void add_program(bench::results& r) {
    static constexpr double sizes[] = {412000, 371000, 398000, 352000, 24000, 118000};
    static constexpr double seconds[] = {4.1, 0.3, 4.0, 0.4, 0.3, 5.2};
    for (std::size_t j = 0; j != kinds().size(); ++j) {
        r.measurements.push_back({"", kinds()[j].described.id, metric::code_size, exactly(sizes[j])});
        r.measurements.push_back({"", kinds()[j].described.id, metric::compile_time, around(seconds[j], 0.02)});
    }
}

} // namespace

bench::results run() {
    bench::results r;
    r.started = "2000-01-01T00:00:00Z";
    r.processor = "Synthetic processor";
    r.cores = 2;
    r.compiler = "synthetic compiler 0.0";
    r.server = "synthetic server";
    for (auto const& k : kinds()) r.contenders.push_back(k.described);
    r.absent.emplace_back("gnutls", "synthetic: nobody looked for it");
    add_handshakes(r);
    add_builds(r);
    add_bulk(r);
    add_program(r);
    r.targets = {
        {"instructions-full-wolfssl", "instructions per full handshake, twintls / raw wolfSSL, worst case", 1.01, true,
         1.0072, "tls13-x25519-ecdsa-mutual"},
        {"time-full-mbedtls", "client CPU per full handshake, twintls / raw Mbed TLS, worst case", 1.01, true, 1.0043,
         "tls12-p256-ecdsa"},
        {"throughput-wolfssl", "throughput of 16 KiB writes, twintls / raw wolfSSL, worst case", 0.99, false, 0.985,
         "bulk-aes128gcm-16384-out"},
        {"steady-allocations", "heap allocations in reads and writes", 0, true, 0., "tls13-x25519-ecdsa"},
        {"code-size-wolfssl", "bytes of code that twintls adds to a program with wolfSSL", 65536, true, std::nullopt,
         ""},
    };
    r.warnings.emplace_back(
        "these numbers are synthetic: they were invented to test the report, and nothing was measured");
    return r;
}

bench::results awkward_run() {
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    std::string const nasty = "<b>\"&'</b> \\ \n\t\x01\x7f \xc2\x9b \xc3\xa9 \xf0\x9f\x94\x92 </script><style>";
    bench::results r;
    r.started = nasty;
    r.processor = nasty + std::string(300, 'p');
    r.cores = 1;
    r.compiler = nasty;
    r.server = nasty;
    r.quick = true;
    r.contenders = {
        {nasty, nasty, nasty, nasty}, {"openssl", "OpenSSL", "openssl", ""}, {"twintls-wolfssl", "", "wolfssl", ""}};
    r.absent.emplace_back(nasty, nasty);
    r.cases = {{nasty, nasty}, {"nothing measured", "nothing measured"}};
    for (int i = 0; i <= static_cast<int>(metric::compile_time); ++i) {
        auto const m = static_cast<metric>(i);
        for (auto const* id : {"openssl", "twintls-wolfssl", "nobody described"}) {
            r.measurements.push_back({"tls", id, m, {1e300 * i, 0, -1, 3}});
            r.measurements.push_back({"zero", id, m, {0, 0, 0, 0}});
            r.measurements.push_back({"none", id, m, {nan, nan, nan, 1}});
            r.measurements.push_back({"", id, m, {0.1 * i, 0.05 * i, 0.2 * i, 9007199254740992}});
        }
        r.measurements.push_back({nasty, nasty, m, {123456789.125, 1e-9, 1e12, 7}});
        r.ratios.push_back({nasty, nasty, nasty, m, {1.5, 1.25, nan, 7}});
    }
    r.measurements.push_back({"bulk-" + nasty + "-64-out", nasty, metric::throughput, {-5, -6, -4, 7}});
    r.measurements.push_back({"bulk-64-0-99999999999999999999", "openssl", metric::throughput, {3, 2, 4, 7}});
    r.targets = {{nasty, nasty, 1.5, true, std::nullopt, nasty}, {"nan", "nan", nan, false, 3., nasty}};
    r.warnings = {nasty, std::string(250, 'w')};
    return r;
}

} // namespace synthetic

// SPDX-License-Identifier: Apache-2.0
#include "targets.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace bench {
namespace {

struct side {
    char const* id;
    char const* title;
    double highest_over_openssl; ///< the worst that a tuned build reaches, client CPU per full handshake / OpenSSL's
    double highest_full;         ///< instructions of a full handshake over raw, signatures computed
    double highest_beyond;       ///< allocations of it beyond raw
    double highest_again;        ///< instructions over raw under TLS 1.3 with ECDSA, signatures remembered
    double highest_again_ecdsa;  ///< client CPU over raw, signatures remembered
    double highest_again_rsa;
    double highest_configure; ///< time to make a client over raw, 144 trust anchors
    double highest_stack;     ///< bytes
    double highest_in_flight; ///< bytes of a handshake under way, 144 trust anchors
};
constexpr side sides[] = {
    {"wolfssl", "wolfSSL", 0.35, 1.010, 4, 0.59, 0.64, 0.86, 0.70, 14.8 * 1024, 24 * 1024},
    {"mbedtls", "Mbed TLS", 3.9, 1.020, 24, 0.47, 0.54, 0.88, 0.45, 9.5 * 1024, 48 * 1024}};

bool is_resumption(std::string const& case_id) { return case_id.find("resum") != std::string::npos; }
bool is_again(std::string const& case_id) { return case_id.ends_with("-again"); }
bool is_again_with_ecdsa(std::string const& case_id) {
    return is_again(case_id) && case_id.find("-ecdsa") != std::string::npos;
}
bool is_again_with_rsa(std::string const& case_id) { return is_again(case_id) && !is_again_with_ecdsa(case_id); }
bool is_modern_again_with_ecdsa(std::string const& case_id) {
    return is_again_with_ecdsa(case_id) && case_id.starts_with("tls13");
}
bool is_full(std::string const& case_id) { return !is_resumption(case_id) && !is_again(case_id); }
bool is_not_again(std::string const& case_id) { return !is_again(case_id); }
bool is_with_many_anchors(std::string const& case_id) {
    return case_id.ends_with("-bundle") || case_id.ends_with("-144-anchors");
}
bool is_of_16_kib(std::string const& case_id) { return case_id.find("-16384-") != std::string::npos; }

void note_if_worse(target& t, double value, std::string const& where) {
    if (t.value && (t.at_most ? value <= *t.value : value >= *t.value)) return;
    t.value = value;
    t.where = where;
}

/// The worst value over all cases in which both contenders have the metric.
void worst(
    target& t, results const& r, std::string const& library, metric m, std::function<bool(std::string const&)> counts,
    std::function<double(double ours, double raw)> value) {
    for (auto const& c : r.cases) {
        if (!counts(c.id)) continue;
        auto const* const ours = find(r, c.id, "twintls-" + library, m);
        auto const* const raw = find(r, c.id, "raw-" + library, m);
        if (ours == nullptr || raw == nullptr) continue;
        note_if_worse(t, value(ours->value.median, raw->value.median), c.id);
    }
}

/// The worst ratio of two contenders over all cases that count.
void worst_ratio(
    target& t, results const& r, std::string const& over, std::string const& under, metric m,
    std::function<bool(std::string const&)> counts) {
    for (auto const& ratio : r.ratios)
        if (ratio.over == over && ratio.under == under && ratio.metric == m && counts(ratio.case_id))
            note_if_worse(t, ratio.value.median, ratio.case_id);
}

double over(double ours, double raw) { return raw > 0 ? ours / raw : 0; }
double beyond(double ours, double raw) { return ours - raw; }
double ours_alone(double ours, double) { return ours; }
bool any_case(std::string const&) { return true; }

} // namespace

void judge_targets(results& r) {
    r.targets.clear();
    for (side const& s : sides) {
        std::string const library = s.id;
        std::string const pair = std::string("twintls / raw ") + s.title;
        auto const make = [&](std::string id, std::string text, double limit, bool at_most = true) {
            return target{std::move(id) + "-" + library, std::move(text), limit, at_most, std::nullopt, {}};
        };
        auto full =
            make("instructions-full", "instructions per full handshake, " + pair + ", worst case", s.highest_full);
        worst(full, r, library, metric::instructions, is_full, over);
        auto again = make(
            "instructions-again",
            "instructions per full handshake with signatures remembered, TLS 1.3 with ECDSA, " + pair +
                " computing them",
            s.highest_again);
        worst(again, r, library, metric::instructions, is_modern_again_with_ecdsa, over);
        auto again_ecdsa = make(
            "cpu-again-ecdsa",
            "client CPU per full handshake with signatures remembered, ECDSA, " + pair + ", worst case",
            s.highest_again_ecdsa);
        worst_ratio(again_ecdsa, r, "twintls-" + library, "raw-" + library, metric::client_cpu, is_again_with_ecdsa);
        auto again_rsa = make(
            "cpu-again-rsa", "client CPU per full handshake with signatures remembered, RSA, " + pair + ", worst case",
            s.highest_again_rsa);
        worst_ratio(again_rsa, r, "twintls-" + library, "raw-" + library, metric::client_cpu, is_again_with_rsa);
        auto resumed =
            make("instructions-resumed", "instructions per resumed handshake, " + pair + ", worst case", 1.03);
        worst(resumed, r, library, metric::instructions, is_resumption, over);
        auto allocations = make(
            "allocations", std::string("heap allocations per connection beyond raw ") + s.title + ", worst case",
            s.highest_beyond);
        worst(allocations, r, library, metric::allocations, is_not_again, beyond);
        auto allocations_again = make(
            "allocations-again",
            std::string("heap allocations per connection with signatures remembered beyond raw ") + s.title +
                ", worst case",
            0);
        worst(allocations_again, r, library, metric::allocations, is_again, beyond);
        auto steady = make(
            "steady-allocations",
            std::string("heap allocations in read and write, twintls on ") + s.title + ", worst case", 0);
        worst(steady, r, library, metric::steady_allocations, any_case, ours_alone);
        auto session = make(
            "session-heap", std::string("heap of an idle session beyond raw ") + s.title + " in bytes, worst case",
            1024);
        worst(session, r, library, metric::session_heap, any_case, beyond);
        auto configure =
            make("configure", "time to make a client with many trust anchors, " + pair, s.highest_configure);
        worst(configure, r, library, metric::configure, is_with_many_anchors, over);
        auto stack = make(
            "stack", std::string("stack in a handshake in bytes, twintls on ") + s.title + ", worst case",
            s.highest_stack);
        worst(stack, r, library, metric::stack, any_case, ours_alone);
        auto in_flight = make(
            "in-flight-heap",
            std::string("heap of each handshake under way in bytes, twintls on ") + s.title + ", many trust anchors",
            s.highest_in_flight);
        worst(in_flight, r, library, metric::in_flight_heap, is_with_many_anchors, ours_alone);
        auto size = make(
            "code-size", std::string("stripped code at -Os beyond raw ") + s.title + " in bytes, mutual TLS client",
            24 * 1024);
        if (auto const* ours = find(r, "", "twintls-" + library, metric::code_size))
            if (auto const* raw = find(r, "", "raw-" + library, metric::code_size))
                size.value = ours->value.median - raw->value.median;
        auto throughput = make("throughput", "throughput at 16 KiB, " + pair + ", worst case", 0.98, false);
        worst_ratio(throughput, r, "twintls-" + library, "raw-" + library, metric::throughput, is_of_16_kib);
        // A tenth more than what the tuned builds reach is allowed.
        auto openssl = make(
            "over-openssl",
            std::string("client CPU per full handshake, twintls on ") + s.title + " / OpenSSL, worst case",
            s.highest_over_openssl * 1.1);
        worst_ratio(openssl, r, "twintls-" + library, "openssl", metric::client_cpu, is_full);
        for (auto* t :
             {&full, &again, &again_ecdsa, &again_rsa, &resumed, &allocations, &allocations_again, &steady, &session,
              &configure, &stack, &in_flight, &size, &throughput, &openssl})
            r.targets.push_back(std::move(*t));
    }
}

} // namespace bench

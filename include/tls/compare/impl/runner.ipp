// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/compare/impl/report.ipp>
#include <tls/compare/runner.hpp>
#include <tls/core/allocation.hpp>
#include <tls/core/memory.hpp>
#include <tls/x509/name.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <tuple>
#include <utility>

namespace tls::detail {

TWINTLS_DECL measured_moment measured_moment::now(traffic const& wire) noexcept {
    measured_moment m{.wire = wire, .allocations = allocations_of_this_thread()};
#if defined(CLOCK_THREAD_CPUTIME_ID)
    timespec t{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0)
        m.processor_time = std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
#endif
    m.clock = std::chrono::steady_clock::now();
    return m;
}

namespace comparing {

template <class Value>
[[nodiscard]] std::optional<Value> difference_of(std::optional<Value> const& a, std::optional<Value> const& b) {
    return a && b ? std::optional(*b - *a) : std::nullopt;
}

[[nodiscard]] inline connection_cost
cost_between(measured_moment const& a, measured_moment const& b, bool counts_allocations) noexcept {
    connection_cost cost{.wire = b.wire - a.wire};
    if (counts_allocations) cost.allocations = difference_of(a.allocations, b.allocations);
    cost.processor_time = difference_of(a.processor_time, b.processor_time);
    cost.elapsed = b.clock - a.clock;
    return cost;
}

[[nodiscard]] inline short_text name_as_text(std::span<std::byte const> name) noexcept {
    std::array<char, 256> text;
    std::size_t const whole = x509::format_name(name, text);
    return std::string_view(text.data(), std::min(whole, text.size()));
}

[[nodiscard]] inline short_text digits_of(std::span<std::byte const> serial) noexcept {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t longest = 20; // RFC 5280 section 4.1.2.2
    std::array<char, 2 * longest> text{};
    std::size_t n = 0;
    for (std::byte const b : serial.first(std::min(serial.size(), longest))) {
        text[n++] = digits[std::to_integer<std::size_t>(b >> 4)];
        text[n++] = digits[std::to_integer<std::size_t>(b & std::byte{15})];
    }
    return std::string_view(text.data(), n);
}

[[nodiscard]] inline compared_certificate described(x509::certificate_view const& c) noexcept {
    return {
        .subject = name_as_text(c.subject_name()),
        .issuer = name_as_text(c.issuer_name()),
        .serial = digits_of(c.serial()),
        .key = c.public_key_kind(),
        .key_bits = c.key_bits(),
        .not_before = c.not_before(),
        .not_after = c.not_after()};
}

/// Notes what a completed handshake negotiated.
inline void describe(compared_connection& into, facts const& f) noexcept {
    into.established = true;
    into.handshake.version = {f.version, fact_source::library};
    into.handshake.suite = {f.suite, fact_source::library};
    into.handshake.group = f.group;
    into.handshake.client_certificate_requested = f.client_certificate_requested;
    into.handshake.server_accepts = f.server_accepts;
    into.handshake.certificates_sent = f.certificates_sent;
    into.handshake.signature_sent = f.signature_sent;
    into.resumption = f.resumption;
    if (f.peer_certificate) into.server = described(*f.peer_certificate);
    std::string_view const protocol = f.alpn.substr(0, into.alpn_bytes.size());
    std::ranges::copy(protocol, into.alpn_bytes.begin());
    into.alpn_size = static_cast<std::uint8_t>(protocol.size());
}

/// Finds out whether the server accepts us.
inline void confirm(compared_connection& into, any_session& session, compare_options const& options, bool talked) {
    std::chrono::milliseconds const usual = talked ? std::chrono::seconds(0) : std::chrono::seconds(2);
    auto const answer = session.confirm_accepted(options.confirm.value_or(usual));
    if (answer) {
        into.acceptance = *answer;
        return;
    }
    into.closed_by_peer = answer.error() == errc::closed;
    // How a server ends a connection in which everything was said is none of our business.
    bool const over = talked && !options.confirm;
    if (!into.closed_by_peer && !over) into.failure = answer.error();
}

/// One connection, from its transport to its close_notify.
inline compared_connection connect_once(
    compared_client const& who, compared_start start, compared_calls const& calls, compare_options const& options) {
    compared_connection found{.backend = who.backend, .version = who.version};
    bool const counts = who.client->supports(feature::memory_resource);
    traffic wire;
    std::optional<measured_moment> began;
    measured_moment ended;
    start.wire = &wire;
    start.began = &began;
    start.ended = &ended;
    auto session = calls.connect(calls.connector, start);
    if (began) found.cost = cost_between(*began, ended, counts);
    if (!session) {
        found.failure = session.error();
        found.handshake = session.error().handshake;
        return found;
    }
    describe(found, session->facts());
    bool const talks = calls.talk != nullptr;
    if (talks) {
        ended = measured_moment::now(wire);
        if (auto const said = calls.talk(calls.talker, *session, start.backend); !said) found.failure = said.error();
    }
    if (!found.failure) confirm(found, *session, options, talks);
    if (!found.failure) std::ignore = session->close(); // a server that has gone already misses nothing
    if (talks) found.conversation = cost_between(ended, measured_moment::now(wire), counts);
    return found;
}

/// True if two connections negotiated the same.
[[nodiscard]] inline bool same_negotiated(compared_connection const& a, compared_connection const& b) noexcept {
    std::array const both{a, b};
    return std::ranges::all_of(
        differences(both), [](compared_field const* f) { return f->is_cost() || f->name == "accepted"; });
}

/// The times of one connection of a backend.
struct sample {
    std::size_t backend = 0;
    std::int64_t elapsed = 0; // in nanoseconds
    std::int64_t processor_time = -1;
};

/// The median of what was measured with one backend; nothing if something is missing.
[[nodiscard]] inline std::optional<std::chrono::nanoseconds>
median(seam::array<sample> const& samples, std::size_t backend, std::int64_t sample::* what) noexcept {
    seam::array<std::int64_t> values;
    for (sample const& s : samples)
        if (s.backend == backend && (s.*what < 0 || !values.push_back(s.*what))) return std::nullopt;
    if (values.empty()) return std::nullopt;
    auto* const middle = values.begin() + values.size() / 2;
    std::nth_element(values.begin(), middle, values.end());
    return std::chrono::nanoseconds(*middle);
}

/// Adds what a connection found out to what is known of its backend; false if nothing more is to be tried with it.
inline void add(compared_connection& into, compared_connection const& once, bool counts) noexcept {
    if (once.failure && into.rounds == 0) {
        into = once;
    } else if (once.failure) {
        into.failure = once.failure;
    } else if (counts) {
        if (into.rounds == 0)
            into = once;
        else
            into.steady = into.steady && same_negotiated(into, once);
        ++into.rounds;
    }
}

} // namespace comparing

TWINTLS_DECL void compare(
    std::span<compared_client const> clients, result<server_name> const& name, compared_calls const& calls,
    compare_options const& options, std::span<compared_connection> found) {
    for (std::size_t i = 0; i != clients.size(); ++i) {
        found[i] = {.backend = clients[i].backend, .version = clients[i].version};
        if (!clients[i].client) found[i].failure = clients[i].client.error();
    }
    seam::array<comparing::sample> samples;
    bool remembered = true;
    for (std::size_t round = 0; round != options.warm_up + options.rounds; ++round) {
        for (std::size_t turn = 0; turn != clients.size(); ++turn) {
            std::size_t const i = round % 2 == 0 ? turn : clients.size() - 1 - turn;
            if (found[i].failure) continue;
            compared_start start{.backend = i, .client = &*clients[i].client, .name = &name};
            if (i < options.recorders.size()) start.recorder = &options.recorders[i];
            auto const once = comparing::connect_once(clients[i], start, calls, options);
            bool const counts = round >= options.warm_up;
            comparing::add(found[i], once, counts);
            if (once.failure || !counts) continue;
            comparing::sample const times{
                i, once.cost->elapsed.count(), once.cost->processor_time ? once.cost->processor_time->count() : -1};
            remembered = samples.push_back(times) && remembered;
        }
    }
    for (std::size_t i = 0; i != found.size(); ++i) {
        if (found[i].rounds < 2) continue;
        auto const elapsed = comparing::median(samples, i, &comparing::sample::elapsed);
        found[i].cost->processor_time =
            remembered ? comparing::median(samples, i, &comparing::sample::processor_time) : std::nullopt;
        if (remembered && elapsed) found[i].cost->elapsed = *elapsed;
    }
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
#include "cost.hpp"

#include "../demo_table.hpp"
#include "examine.hpp"
#include <tls/mbedtls.hpp>
#include <tls/resumption/memory_ticket_store.hpp>
#include <tls/wolfssl.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace doctor {
namespace {

using costs = std::vector<tls::connection_cost>;
using connection = tls::compared_connection;

/// How long a server may take to send a ticket.
constexpr std::chrono::milliseconds longest_wait{1000};

/// Both libraries take their turns, each with every kind of handshake.
class meter {
public:
    meter(options const& o, credentials const& c, std::array<tls::compared_client, 2> const& clients)
        : o_(o),
          c_(c),
          same_(clients),
          resuming_(c.psk ? clients : tls::clients_of<tls::wolfssl, tls::mbedtls>([&]<class B>(tls::builder<B> b) {
              auto& store = std::is_same_v<B, tls::wolfssl> ? of_wolfssl_ : of_mbedtls_;
              return configured(std::move(b).resumption(store), o, c);
          })) {
        if (c.psk) impossible_.fill("a pre-shared key leaves nothing to save");
    }

    /// All rounds, or those before the first failure, which is noted.
    void run(comparison& found) {
        for (; rounds_ != o_.cost; ++rounds_)
            for (std::size_t turn = 0; turn != 2; ++turn) {
                std::size_t const i = rounds_ % 2 == 0 ? turn : 1 - turn;
                found[i].failure = round(i);
                if (found[i].failure) return;
            }
    }

    void print() const {
        print("a new client each time", full_);
        print("the same client", repeated_);
        print("resumed with a ticket", resumed_);
        for (std::size_t i = 0; i != 2; ++i)
            if (!impossible_[i].empty())
                print_indented("No session was resumed with " + std::string(same_[i].backend) + ": " + impossible_[i]);
        if (!impossible_[0].empty() || !impossible_[1].empty()) std::cout << '\n';
    }
    [[nodiscard]] unsigned rounds() const { return rounds_; }

private:
    /// One handshake of each kind with one library; why not.
    std::optional<tls::error> round(std::size_t i) {
        auto const one = once(new_client(i), full_[i]);
        if (one.failure) return one.failure;
        auto const again = once(same_[i], repeated_[i]);
        if (again.failure) return again.failure;
        return impossible_[i].empty() ? resume(i) : std::nullopt;
    }

    [[nodiscard]] tls::compared_client new_client(std::size_t i) const {
        auto const configure = [&](auto builder) { return configured(std::move(builder), o_, c_); };
        return i == 0 ? tls::clients_of<tls::wolfssl>(configure)[0] : tls::clients_of<tls::mbedtls>(configure)[0];
    }

    /// One connection, and what its handshake cost.
    template <class Talk> connection connect(tls::compared_client const& client, Talk talk) const {
        return tls::compare(
            std::array{client}, *o_.name,
            [&] {
                tls::connect_report attempts;
                return reach(o_, attempts);
            },
            talk)[0];
    }
    connection once(tls::compared_client const& client, costs& into) const {
        auto done = connect(client, [](tls::any_session&) {});
        if (!done.failure) into.push_back(*done.cost);
        return done;
    }

    [[nodiscard]] tls::memory_ticket_store const& store(std::size_t i) const {
        return i == 0 ? of_wolfssl_ : of_mbedtls_;
    }

    /// A resumed handshake, after one that brings a ticket if there is none.
    std::optional<tls::error> resume(std::size_t i) {
        std::string_view why = "the server gave no ticket";
        for (int attempt = 0; attempt != 2; ++attempt) {
            if (store(i).size() != 0) why = "the server declines its own tickets";
            auto const done = connect(resuming_[i], [&](tls::any_session& s) {
                bool const was_resumed = s.facts().resumed;
                if (!was_resumed || issues_when_resumed_[i]) wait_for_ticket(s, store(i));
                if (was_resumed) issues_when_resumed_[i] = store(i).size() != 0;
            });
            if (done.failure) return done.failure;
            if (done.resumption == tls::resumption::accepted) {
                resumed_[i].push_back(*done.cost);
                return std::nullopt;
            }
            if (store(i).size() == 0) break;
        }
        if (resumed_[i].empty()) impossible_[i] = why;
        return std::nullopt;
    }

    /// Under TLS 1.3 tickets come after the handshake and are found by reading.
    void wait_for_ticket(tls::any_session& session, tls::memory_ticket_store const& store) const {
        auto const until = std::chrono::steady_clock::now() + std::min(o_.timeout, longest_wait);
        session.set_read_timeout(std::chrono::milliseconds(10));
        std::array<std::byte, 4096> data;
        while (store.size() == 0 && std::chrono::steady_clock::now() < until) {
            auto const n = session.read_some(data);
            if (!n && n.error() != tls::errc::timeout) return; // it hung up
        }
    }

    /// The median of a value; nothing if one was not measured.
    template <class Value> static std::optional<double> median(costs const& from, Value value) {
        std::vector<double> values;
        for (tls::connection_cost const& c : from) {
            std::optional<double> const v = value(c);
            if (!v) return std::nullopt;
            values.push_back(*v);
        }
        if (values.empty()) return std::nullopt;
        auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::ranges::nth_element(values, middle);
        return *middle;
    }

    void print(std::string_view title, std::array<costs, 2> const& from) const {
        if (from[0].empty() && from[1].empty()) return;
        demo::table table(22, 16);
        std::string const names = std::string(same_[1].backend) + " / " + std::string(same_[0].backend);
        table.head(title, {heading(0), heading(1), names});
        auto const row = [&](std::string_view label, int decimals, std::string_view unit, auto value) {
            std::array const medians{median(from[0], value), median(from[1], value)};
            std::vector<std::string> cells;
            for (std::size_t i = 0; i != 2; ++i)
                cells.push_back(
                    medians[i]        ? demo::fixed(*medians[i], decimals) + std::string(unit)
                    : from[i].empty() ? "-"
                                      : "not measured");
            bool const both = medians[0] && medians[1] && *medians[0] > 0;
            cells.push_back(both ? demo::fixed(*medians[1] / *medians[0], 2) : "-");
            table.row(label, cells);
        };
        auto const milliseconds = [](std::chrono::nanoseconds t) { return static_cast<double>(t.count()) / 1e6; };
        using cost = tls::connection_cost const&;
        row("processor time", 3, " ms", [&](cost c) { return c.processor_time.transform(milliseconds); });
        row("elapsed", 3, " ms", [&](cost c) { return std::optional(milliseconds(c.elapsed)); });
        row("allocations", 0, "", [](cost c) { return c.allocations.transform(number<std::uint64_t>); });
        row("bytes sent", 0, "", [](cost c) { return std::optional(number(c.wire.bytes_sent)); });
        row("bytes received", 0, "", [](cost c) { return std::optional(number(c.wire.bytes_received)); });
        row("round trips", 0, "", [](cost c) { return std::optional(number(c.wire.round_trips)); });
        table.row("handshakes", {std::to_string(from[0].size()), std::to_string(from[1].size())});
        table.print(std::cout);
        std::cout << '\n';
    }
    template <class N> static double number(N n) { return static_cast<double>(n); }
    [[nodiscard]] std::string heading(std::size_t i) const {
        return std::string(same_[i].backend) + ' ' + std::string(same_[i].version);
    }

    options const& o_;
    credentials const& c_;
    tls::memory_ticket_store of_wolfssl_; // before the clients that refer to them
    tls::memory_ticket_store of_mbedtls_;
    std::array<tls::compared_client, 2> const& same_;
    std::array<tls::compared_client, 2> resuming_;
    std::array<costs, 2> full_{};
    std::array<costs, 2> repeated_{};
    std::array<costs, 2> resumed_{};
    std::array<std::string, 2> impossible_{};
    std::array<bool, 2> issues_when_resumed_{true, true};
    unsigned rounds_ = 0;
};

} // namespace

void print_cost(
    options const& o, credentials const& c, std::array<tls::compared_client, 2> const& clients, comparison& found) {
    meter m(o, c, clients);
    m.run(found);
    std::cout << "\nHandshakes, the libraries in turn, " << m.rounds() << " of " << o.cost << " rounds; medians.\n\n";
    m.print();
    if (found[0].handshake.version)
        std::cout << "  " << name(*found[0].handshake.version) << ", " << name(*found[0].handshake.suite) << '\n';
    print_indented(
        "Processor time is that of this program's thread on this machine: only ratios mean something elsewhere. "
        "Elapsed time includes the network and the server. A new client verifies the server's whole chain; the same "
        "client remembers the signatures that were good.");
    if (!found.all_good()) print_failures(found);
}

} // namespace doctor

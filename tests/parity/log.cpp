// SPDX-License-Identifier: Apache-2.0
#include "parity/parity.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

/// The libraries' own debug output, where they were built with it.
namespace parity::log_cases {
namespace {

using tls::feature;
using tls::log_level;

struct text {
    log_level level;
    std::string what;
};
using texts = std::vector<text>;

[[maybe_unused]] void collect(void* to, log_level level, std::string_view what) noexcept {
    static_cast<texts*>(to)->push_back({level, std::string(what)});
}

template <class Builder>
concept offers_log = requires(Builder b) { std::move(b).log(tls::log_sink{}); };

template <class B> constexpr bool has_log = B::template supports<feature::debug_log>;

[[maybe_unused]] auto count(texts const& all, log_level level) {
    return std::ranges::count_if(all, [&](text const& t) { return t.level == level; });
}

template <class B> tls::client<B> client_with(tls::log_sink sink, client_options o = {}) {
    o.log = sink;
    return client_of<B>(o);
}

template <class B> auto conversation_of(tls::client<B> const& client, protocol_version v) {
    return converse<pairing<B, testbed::mbedtls_server>>(client, good_server(v));
}

PARITY_CASE("a log is offered where the library has one, and nowhere else", backends, B) {
    CHECK(offers_log<tls::builder<B>> == has_log<B>);
    CHECK(has_log<tls::wolfssl> == has_log<tls::mbedtls>);
}

PARITY_CASE("a sink gets what its level asks for, one line at a time", backends, B) {
    if constexpr (has_log<B>) {
        for (protocol_version const v : versions) {
            texts errors, infos, all;
            for (auto const& [level, into] :
                 {std::pair{log_level::error, &errors}, std::pair{log_level::info, &infos},
                  std::pair{log_level::debug, &all}}) {
                auto const client = client_with<B>({collect, into, level}, only(v));
                auto c = conversation_of(client, v);
                REQUIRE(c.run());
            }
            CHECK(count(infos, log_level::info) > 10);
            CHECK(count(all, log_level::info) > 10);
            CHECK(count(all, log_level::debug) > 10);
            CHECK(count(errors, log_level::info) + count(errors, log_level::debug) == 0);
            CHECK(count(infos, log_level::debug) == 0);
            for (text const& t : all) {
                REQUIRE_FALSE(t.what.empty());
                REQUIRE(t.what.back() != '\n');
            }
        }
    }
}

PARITY_CASE("a handshake that fails in the library is logged as an error", backends, B) {
    if constexpr (has_log<B>) {
        for (protocol_version const v : versions) {
            texts log;
            auto const one_group = only(v, {.groups = {{tls::named_group::x25519}}});
            auto const client = client_with<B>({collect, &log, log_level::error}, one_group);
            auto other_group = good_server(v);
            other_group.groups = {static_cast<std::uint16_t>(tls::named_group::secp384r1)};
            auto c = converse<pairing<B, testbed::mbedtls_server>>(client, other_group);
            CHECK_FALSE(c.run());
            CHECK(count(log, log_level::error) > 0);
        }
    }
}

PARITY_CASE("each client has a sink of its own, or none", backends, B) {
    if constexpr (has_log<B>) {
        constexpr auto v = protocol_version::tls_1_3;
        texts first, second;
        auto const silent = client_of<B>(only(v));
        {
            auto const one = client_with<B>({collect, &first, log_level::debug});
            auto const two = client_with<B>({collect, &second, log_level::debug});
            auto const after_building = first.size();
            auto c = conversation_of(two, v);
            REQUIRE(c.run());
            CHECK(first.size() == after_building);
            CHECK_FALSE(second.empty());
        }
        auto const before = first.size() + second.size();
        auto c = conversation_of(silent, v);
        REQUIRE(c.run());
        CHECK(first.size() + second.size() == before);
    }
}

PARITY_CASE("clients of several threads keep their logs apart", backends, B) {
    if constexpr (has_log<B>) {
        constexpr auto v = protocol_version::tls_1_3;
        struct job {
            texts log;
            std::vector<std::thread::id> from;
        };
        auto const record = [](void* to, log_level level, std::string_view what) noexcept {
            auto& j = *static_cast<job*>(to);
            j.log.push_back({level, std::string(what)});
            j.from.push_back(std::this_thread::get_id());
        };
        std::vector<job> jobs(4);
        std::vector<tls::client<B>> clients;
        for (job& j : jobs) clients.push_back(client_with<B>({record, &j, log_level::info}));
        for (job& j : jobs) j.from.clear();
        {
            std::vector<std::jthread> running;
            for (auto const& client : clients)
                running.emplace_back([&client] {
                    auto c = conversation_of(client, v);
                    (void)c.run();
                });
        }
        for (job const& j : jobs) {
            REQUIRE_FALSE(j.from.empty());
            CHECK(std::ranges::all_of(j.from, [&](auto id) { return id == j.from.front(); }));
        }
    }
}

} // namespace
} // namespace parity::log_cases

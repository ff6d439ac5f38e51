// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "examine.hpp"
#include "options.hpp"
#include <tls/client.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doctor {

/// What a server answers to one suite or group.
enum class answer : std::uint8_t {
    accepted,
    not_alone,     ///< refused when offered alone; offered with others, another was chosen
    refused,       ///< by an alert, or by choosing what was not offered
    not_supported, ///< by the library here
    none,          ///< it hung up or was silent until the deadline
};

/// The answers about a list of suites or groups, and in which order the server chooses from those it accepts.
template <class Value> struct answers {
    std::vector<std::pair<Value, answer>> each{};
    std::vector<Value> order{};        ///< empty if it cannot be told
    bool order_is_the_clients = false; ///< it takes the first it knows

    [[nodiscard]] std::vector<Value> accepted() const {
        std::vector<Value> out;
        for (auto const& [value, said] : each)
            if (said == answer::accepted) out.push_back(value);
        return out;
    }
};

/// What one backend found out about one version.
struct scanned_version {
    tls::protocol_version version{};
    answers<tls::cipher_suite> suites{};
    answers<tls::named_group> groups{};
};

/// What one backend found out.
struct scan_result {
    std::string_view backend{};
    std::string_view version{};
    std::optional<tls::error> failure{}; ///< why the server could not be asked at all
    std::vector<scanned_version> versions{};

    [[nodiscard]] std::string library() const { return std::string(backend) + ' ' + std::string(version); }
    [[nodiscard]] bool anything_accepted() const {
        return std::ranges::any_of(versions, [](scanned_version const& v) { return !v.suites.accepted().empty(); });
    }
};

/// Prints both side by side.
void print(std::span<scan_result const, 2> found);

/// Asks a server, with one connection for each question.
///
/// The ServerHello answers, so it does not matter what becomes of the connection afterwards: no certificate is sent,
/// and the server's is not verified.
template <class Backend> class scanner {
public:
    explicit scanner(options const& o) : o_(o) {}

    [[nodiscard]] scan_result scan() {
        scan_result out;
        out.backend = Backend::name;
        out.version = Backend::version();
        out.failure = unreachable();
        if (out.failure) return out;
        for (auto const v : {tls::protocol_version::tls_1_3, tls::protocol_version::tls_1_2})
            if (o_.lowest() <= v && v <= o_.highest()) out.versions.push_back(scan(v));
        return out;
    }

private:
    using suites = std::vector<tls::cipher_suite>;
    using groups = std::vector<tls::named_group>;

    /// What one connection showed.
    struct told {
        std::optional<tls::cipher_suite> suite{};
        std::optional<tls::named_group> group{};
        std::optional<tls::error> failure{};
    };

    /// Why there is no point in asking, or nullopt.
    [[nodiscard]] std::optional<tls::error> unreachable() const {
        using enum tls::errc;
        told const first =
            ask(tls::client<Backend>::configure().versions(o_.lowest(), o_.highest()).handshake_timeout(o_.timeout));
        if (!first.failure || first.suite) return std::nullopt;
        for (auto const hopeless : {resolve_failed, connection_refused, timeout, not_tls, io_error, bad_alpn})
            if (*first.failure == hopeless) return first.failure;
        return std::nullopt;
    }

    [[nodiscard]] scanned_version scan(tls::protocol_version v) const {
        scanned_version out;
        out.version = v;
        auto const chosen_suite = [&](suites const& offered) { return ask(v, offered, {}); };
        for (tls::cipher_suite const suite : tls::settings::default_suites())
            if (tls::version_of(suite) == v)
                out.suites.each.emplace_back(suite, judged(chosen_suite({suite}), &told::suite, suite));
        find_order(out.suites, [&](suites const& offered) { return chosen_suite(offered).suite; });

        auto const usable = out.suites.accepted();
        if (usable.empty()) return out; // every group would be refused
        for (tls::named_group const group : tls::groups_by_default)
            out.groups.each.emplace_back(group, judged(ask(v, usable, {group}), &told::group, group));
        // In TLS 1.2 an ECDSA certificate's curve must be among the groups (RFC 8422 section 5.1.1).
        bool const needs_others = std::ranges::any_of(usable, [](auto s) { return name(s).contains("_ECDSA_"); });
        if (needs_others) ask_beside_others(out.groups, usable);
        find_order(out.groups, [&](groups const& offered) {
            return ask(v, usable, needs_others ? and_others(offered) : offered).group;
        });
        // With the client's order it would have chosen what was offered first.
        for (auto& [group, said] : out.groups.each)
            if (said == answer::not_alone && out.groups.order_is_the_clients) said = answer::refused;
        return out;
    }

    /// These groups, and behind them all others.
    [[nodiscard]] static groups and_others(groups offered) {
        for (tls::named_group const group : tls::groups_by_default)
            if (std::ranges::find(offered, group) == offered.end()) offered.push_back(group);
        return offered;
    }

    /// Offers the groups that were refused alone together with each of the others.
    void ask_beside_others(answers<tls::named_group>& into, suites const& usable) const {
        for (auto& [group, said] : into.each) {
            if (said != answer::refused) continue;
            for (tls::named_group const other : tls::groups_by_default) {
                if (other == group) continue;
                told const t = ask(tls::protocol_version::tls_1_2, usable, {group, other});
                if (t.group == group) said = answer::accepted;
                if (said == answer::accepted) break;
                if (t.group) said = answer::not_alone;
            }
        }
    }

    template <class Value>
    [[nodiscard]] static answer judged(told const& t, std::optional<Value> told::* what, Value offered) {
        if (t.*what) return *(t.*what) == offered ? answer::accepted : answer::refused;
        if (!t.failure) return answer::none;
        if (*t.failure == tls::errc::unsupported) return answer::not_supported;
        bool const said_no = t.failure->received.has_value() || t.failure->handshake.suite.known();
        return said_no ? answer::refused : answer::none;
    }

    /// Offers everything that is accepted and takes away what the server chooses, until nothing is left.
    template <class Value, class Ask> static void find_order(answers<Value>& into, Ask const& choose) {
        auto left = into.accepted();
        if (left.size() < 2) return;
        auto reversed = left;
        std::ranges::reverse(reversed);
        auto const first = choose(left);
        auto const other = choose(reversed);
        if (!first || !other) return;
        if (*first == left.front() && *other == reversed.front()) {
            into.order_is_the_clients = true;
            return;
        }
        if (*first != *other) return;
        while (left.size() > 1) {
            auto const next = choose(left);
            if (!next || std::erase(left, *next) == 0) {
                into.order.clear();
                return;
            }
            into.order.push_back(*next);
        }
        into.order.push_back(left.front());
    }

    /// Connects once with one version, these suites, and these groups or the default ones.
    [[nodiscard]] told ask(tls::protocol_version v, suites const& wanted, groups const& with) const {
        auto builder = tls::client<Backend>::configure().versions(v, v).suites(wanted).handshake_timeout(o_.timeout);
        if (!with.empty()) builder = std::move(builder).groups(with);
        return ask(std::move(builder));
    }

    [[nodiscard]] told ask(tls::builder<Backend> builder) const {
        told out;
        auto const client =
            std::move(builder).alpn(std::span(o_.alpn)).insecure_accept_any_server().no_identity().build();
        if (!client) {
            out.failure = client.error();
            return out;
        }
        tls::connect_report attempts;
        auto stream = reach(o_, attempts);
        if (!stream) {
            out.failure = stream.error();
            return out;
        }
        auto session = client->connect(*o_.name, std::move(*stream));
        if (session) {
            tls::facts const facts = session->facts();
            out.suite = facts.suite;
            if (facts.group) out.group = *facts.group;
            (void)session->close();
            return out;
        }
        out.failure = session.error();
        auto const& facts = session.error().handshake;
        if (facts.suite) out.suite = *facts.suite;
        if (facts.group) out.group = *facts.group;
        return out;
    }

    options const& o_;
};

} // namespace doctor

// SPDX-License-Identifier: Apache-2.0
#include "select.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <string_view>
#include <tuple>

namespace bench {
namespace {

bool is_bulk(results const& r, std::string const& case_id) {
    return case_id.starts_with("bulk-") || !contenders_in(r, case_id, metric::throughput).empty();
}

bool is_build(results::described_case const& c) { return c.id.starts_with("build-"); }

/// The cases described, then those that only measurements name.
std::vector<results::described_case> all_cases(results const& r) {
    auto cases = r.cases;
    for (auto const& m : r.measurements)
        if (!m.case_id.empty() && std::ranges::find(cases, m.case_id, &results::described_case::id) == cases.end())
            cases.push_back({m.case_id, m.case_id});
    return cases;
}

struct bulk_name {
    std::string series; ///< the id without the size
    std::string title;
    std::size_t size = 0;
};

/// Takes "bulk-aes128gcm-16384-out" apart.
bulk_name bulk_name_of(std::string const& case_id) {
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"aes128gcm", "AES-128-GCM"},
        {"aes256gcm", "AES-256-GCM"},
        {"chacha20poly1305", "ChaCha20-Poly1305"},
        {"chacha20", "ChaCha20-Poly1305"},
        {"chacha", "ChaCha20-Poly1305"},
        {"out", "client to server"},
        {"in", "server to client"},
        {"tls12", "TLS 1.2"},
        {"tls13", "TLS 1.3"},
    };
    bulk_name result;
    std::string_view rest = case_id;
    if (rest.starts_with("bulk-")) rest.remove_prefix(5);
    while (!rest.empty()) {
        auto const word = rest.substr(0, rest.find('-'));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        std::size_t size = 0;
        auto const [end, failure] = std::from_chars(word.data(), word.data() + word.size(), size);
        if (failure == std::errc{} && end == word.data() + word.size()) {
            result.size = size;
            continue;
        }
        auto const* known = std::ranges::find(words, word, &std::pair<std::string_view, std::string_view>::first);
        auto const& shown = known == std::end(words) ? word : known->second;
        (result.title += result.title.empty() ? "" : ", ") += shown;
        (result.series += '-') += word;
    }
    return result;
}

} // namespace

std::pair<double, double> range_of(distribution const& d) {
    if (d.samples > 1 && d.low <= d.median && d.median <= d.high) return {d.low, d.high};
    return {d.median, d.median};
}

std::vector<results::described_case> handshake_cases_of(results const& r) {
    auto cases = all_cases(r);
    std::erase_if(cases, [&](results::described_case const& c) { return is_build(c) || is_bulk(r, c.id); });
    return cases;
}

std::vector<results::described_case> build_cases_of(results const& r) {
    auto cases = all_cases(r);
    std::erase_if(cases, std::not_fn(is_build));
    return cases;
}

std::string case_title(results const& r, std::string const& id) {
    auto const at = std::ranges::find(r.cases, id, &results::described_case::id);
    return at == r.cases.end() ? id : at->title;
}

std::vector<bulk_series> bulk_series_of(results const& r) {
    std::vector<std::pair<std::string, bulk_series>> found;
    for (auto const& c : all_cases(r)) {
        if (contenders_in(r, c.id, metric::throughput).empty()) continue;
        auto name = bulk_name_of(c.id);
        auto at = std::ranges::find(found, name.series, &std::pair<std::string, bulk_series>::first);
        if (at == found.end()) at = found.insert(at, {name.series, {name.title, {}}});
        at->second.points.push_back({name.size, c.id});
    }
    std::vector<bulk_series> result;
    for (auto& [id, series] : found) {
        std::ranges::sort(series.points, {}, [](bulk_series::point const& p) { return std::tie(p.size, p.case_id); });
        result.push_back(std::move(series));
    }
    return result;
}

std::vector<std::string> contenders_in(results const& r, std::string const& case_id, std::optional<metric> m) {
    std::vector<std::string> found;
    for (auto const& c : r.contenders) found.push_back(c.id);
    auto const described = found.size();
    std::vector<bool> measured(found.size());
    for (auto const& each : r.measurements) {
        if (each.case_id != case_id || (m && each.metric != *m)) continue;
        auto const at = std::ranges::find(found, each.contender);
        if (at == found.end())
            found.push_back(each.contender);
        else if (auto const index = static_cast<std::size_t>(at - found.begin()); index < described)
            measured[index] = true;
    }
    std::vector<std::string> result;
    for (std::size_t i = 0; i != found.size(); ++i)
        if (i >= described || measured[i]) result.push_back(found[i]);
    return result;
}

std::vector<std::string> contenders_with(results const& r, metric m) {
    std::vector<std::string> result;
    auto const add = [&](std::string const& id) {
        if (std::ranges::find(result, id) == result.end()) result.push_back(id);
    };
    auto const has = [&](std::string const& id) {
        return std::ranges::any_of(
            r.measurements, [&](measurement const& each) { return each.metric == m && each.contender == id; });
    };
    for (auto const& c : r.contenders)
        if (has(c.id)) add(c.id);
    for (auto const& each : r.measurements)
        if (each.metric == m) add(each.contender);
    return result;
}

described_contender const* contender(results const& r, std::string const& id) {
    auto const at = std::ranges::find(r.contenders, id, &described_contender::id);
    return at == r.contenders.end() ? nullptr : &*at;
}

std::string raw_of(results const& r, std::string const& id) {
    auto const* described = contender(r, id);
    if (described == nullptr) return {};
    auto const raw = "raw-" + described->library;
    return raw != id && contender(r, raw) != nullptr ? raw : std::string();
}

std::string reference_of(results const& r, std::string const& case_id, metric m) {
    std::string best;
    double value = 0;
    for (auto const& id : contenders_in(r, case_id, m)) {
        if (id == "openssl") return id;
        auto const median = *median_of(r, case_id, id, m);
        if (!std::isfinite(median)) continue;
        if (best.empty() || (less_is_better(m) ? median < value : median > value)) best = id, value = median;
    }
    return best;
}

std::optional<double> median_of(results const& r, std::string const& case_id, std::string const& contender, metric m) {
    auto const* found = find(r, case_id, contender, m);
    return found == nullptr ? std::nullopt : std::optional(found->value.median);
}

std::optional<distribution>
ratio_of(results const& r, std::string const& case_id, std::string const& over, std::string const& under, metric m) {
    for (auto const& q : r.ratios)
        if (q.metric == m && q.case_id == case_id && q.over == over && q.under == under) return q.value;
    for (auto const& q : r.ratios)
        if (q.metric == m && q.case_id == case_id && q.over == under && q.under == over)
            return distribution{1 / q.value.median, 1 / q.value.high, 1 / q.value.low, q.value.samples};
    auto const above = median_of(r, case_id, over, m), below = median_of(r, case_id, under, m);
    if (!above || !below || *below == 0) return std::nullopt;
    auto const quotient = *above / *below;
    return distribution{quotient, quotient, quotient, 0};
}

std::optional<double> median_ratio(
    results const& r, std::string const& case_id, std::string const& over, std::string const& under, metric m) {
    auto const found = ratio_of(r, case_id, over, under, m);
    return found ? std::optional(found->median) : std::nullopt;
}

} // namespace bench

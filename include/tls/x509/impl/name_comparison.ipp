// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/der.hpp>
#include <tls/x509/impl/attribute.hpp>
#include <tls/x509/name_comparison.hpp>

namespace tls::x509 {
namespace detail {

TWINTLS_DECL bool is_plain_string(der::element const& value) noexcept {
    if (value.tag != der::tag::utf8_string && value.tag != der::tag::printable_string &&
        value.tag != der::tag::ia5_string) {
        return false;
    }
    for (std::byte const b : value.content)
        if (b == std::byte{0} || b >= std::byte{0x80}) return false;
    return true;
}

/// Yields the characters of a plain string folded to lower case, inner runs of spaces as one, outer ones dropped.
class folded_string {
public:
    explicit folded_string(der::bytes content) noexcept : rest_(content) {
        skip_spaces();
        while (!rest_.empty() && rest_.back() == std::byte{' '}) rest_ = rest_.first(rest_.size() - 1);
    }
    [[nodiscard]] std::optional<unsigned> next() noexcept {
        if (rest_.empty()) return std::nullopt;
        auto const c = std::to_integer<unsigned>(rest_[0]);
        rest_ = rest_.subspan(1);
        if (c == ' ') skip_spaces();
        return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    }

private:
    void skip_spaces() noexcept {
        while (!rest_.empty() && rest_[0] == std::byte{' '}) rest_ = rest_.subspan(1);
    }
    der::bytes rest_;
};

TWINTLS_DECL comparison compare_values(der::element const& a, der::element const& b) noexcept {
    if (der::equal(a.whole, b.whole)) return comparison::equal;
    if (!is_plain_string(a) || !is_plain_string(b)) return comparison::unknown;
    folded_string x(a.content);
    folded_string y(b.content);
    for (;;) {
        auto const c = x.next();
        if (c != y.next()) return comparison::different;
        if (!c) return comparison::equal;
    }
}

TWINTLS_DECL bool is_rdn(der::bytes content) noexcept {
    der::reader attributes(content);
    do {
        if (!next_attribute(attributes)) return false;
    } while (!attributes.at_end());
    return true;
}

} // namespace detail

TWINTLS_DECL bool is_name(std::span<std::byte const> name) noexcept {
    auto const whole = der::only(name, der::tag::sequence);
    if (!whole) return false;
    der::reader parts(whole->content);
    while (!parts.at_end()) {
        auto const rdn = parts.next(der::tag::set);
        if (!rdn || !detail::is_rdn(rdn->content)) return false;
    }
    return true;
}

TWINTLS_DECL comparison compare_rdn(std::span<std::byte const> a, std::span<std::byte const> b) noexcept {
    if (der::equal(a, b)) return comparison::equal;
    der::reader x(a);
    der::reader y(b);
    auto const first = detail::next_attribute(x);
    auto const second = detail::next_attribute(y);
    if (!first || !second) return comparison::unknown;
    if (!x.at_end() || !y.at_end()) return comparison::unknown;
    if (!der::equal(first->type, second->type)) return comparison::different;
    return detail::compare_values(first->value, second->value);
}

TWINTLS_DECL comparison compare_names(std::span<std::byte const> a, std::span<std::byte const> b) noexcept {
    if (der::equal(a, b)) return comparison::equal;
    comparison const c = compare_subtree(a, b);
    return c == comparison::equal ? compare_subtree(b, a) : c;
}

TWINTLS_DECL comparison compare_subtree(std::span<std::byte const> name, std::span<std::byte const> base) noexcept {
    auto const n = der::only(name, der::tag::sequence);
    auto const b = der::only(base, der::tag::sequence);
    if (!n || !b) return comparison::unknown;
    der::reader have(n->content);
    der::reader want(b->content);
    comparison so_far = comparison::equal;
    while (!want.at_end()) {
        if (have.at_end()) return comparison::different;
        auto const w = want.next(der::tag::set);
        auto const h = have.next(der::tag::set);
        if (!w || !h) return comparison::unknown;
        comparison const c = compare_rdn(h->content, w->content);
        if (c == comparison::different) return c;
        if (c == comparison::unknown) so_far = c;
    }
    return so_far;
}

TWINTLS_DECL std::optional<std::uint64_t> name_fingerprint(std::span<std::byte const> name) noexcept {
    auto const whole = der::only(name, der::tag::sequence);
    if (!whole) return std::nullopt;
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a
    auto const mix = [&](unsigned octet) { hash = (hash ^ octet) * 0x100000001b3U; };
    der::reader r(whole->content);
    while (!r.at_end()) {
        auto const rdn = r.next(der::tag::set);
        if (!rdn) return std::nullopt;
        der::reader set(rdn->content);
        auto const a = detail::next_attribute(set);
        if (!a || !set.at_end() || !detail::is_plain_string(a->value)) return std::nullopt;
        for (std::byte const b : a->type) mix(std::to_integer<unsigned>(b));
        mix(0);
        for (detail::folded_string text(a->value.content); auto const c = text.next();) mix(*c);
        mix(0);
    }
    return hash;
}

} // namespace tls::x509

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/dns_text.hpp>
#include <tls/verify/name_constraints.hpp>
#include <tls/x509/name_comparison.hpp>
#include <tls/x509/oid.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace tls::verify {
namespace detail {

using x509::comparison;
using x509::general_name;
using x509::general_name_kind;

[[nodiscard]] constexpr comparison yes_or_no(bool yes) noexcept {
    return yes ? comparison::equal : comparison::different;
}

// Each of the following says whether a name lies in the subtree under a base: "equal" if it does. The bases have been
// checked by is_sound_base.

TWINTLS_DECL comparison compare_dns(std::string_view name, std::string_view base) noexcept {
    name = without_trailing_dot(name);
    base = without_trailing_dot(base);
    bool const wildcard = name.starts_with("*.");
    std::string_view const plain = wildcard ? name.substr(2) : name;
    if (!is_dns_name(plain)) return comparison::unknown;
    if (base.starts_with('.')) {
        // RFC 5280 does not define this form. It is read as "everything below"; for the domain itself there is no
        // answer.
        std::string_view const domain = base.substr(1);
        if (!wildcard && equal_ignoring_case(plain, domain)) return comparison::unknown;
        base = domain;
    }
    if (is_in_domain(plain, base)) return comparison::equal;
    // "*.example.com" also stands for "a.example.com", which may be the very base.
    std::size_t const dot = base.find('.');
    bool const may_be_base =
        wildcard && dot != std::string_view::npos && equal_ignoring_case(base.substr(dot + 1), plain);
    return may_be_base ? comparison::unknown : comparison::different;
}

TWINTLS_DECL comparison compare_ip(std::span<std::byte const> address, std::span<std::byte const> base) noexcept {
    if (address.size() != 4 && address.size() != 16) return comparison::unknown;
    if (base.size() != 2 * address.size()) return comparison::different;
    for (std::size_t i = 0; i != address.size(); ++i) {
        std::byte const mask = base[address.size() + i];
        if ((address[i] & mask) != (base[i] & mask)) return comparison::different;
    }
    return comparison::equal;
}

TWINTLS_DECL comparison compare_host(std::string_view host, std::string_view base) noexcept {
    if (base.starts_with('.')) {
        std::string_view const domain = base.substr(1);
        return yes_or_no(is_in_domain(host, domain) && !equal_ignoring_case(host, domain));
    }
    return yes_or_no(base.empty() || equal_ignoring_case(host, base));
}

TWINTLS_DECL comparison compare_email(std::string_view name, std::string_view base) noexcept {
    std::size_t const at = name.rfind('@');
    if (at == std::string_view::npos || at == 0) return comparison::unknown;
    std::string_view const host = without_trailing_dot(name.substr(at + 1));
    if (!is_dns_name(host)) return comparison::unknown;
    std::size_t const base_at = base.rfind('@');
    if (base_at == std::string_view::npos) return compare_host(host, base);
    if (!equal_ignoring_case(host, base.substr(base_at + 1))) return comparison::different;
    std::string_view const local = name.substr(0, at);
    std::string_view const base_local = base.substr(0, base_at);
    if (local == base_local) return comparison::equal;
    // Only the host knows whether it tells the case of mailboxes apart.
    return equal_ignoring_case(local, base_local) ? comparison::unknown : comparison::different;
}

/// The host of a URI with an authority; nullopt if there is none or it is an address (RFC 5280 refuses both).
TWINTLS_DECL std::optional<std::string_view> host_of(std::string_view uri) noexcept {
    std::size_t const scheme = uri.find(':');
    if (scheme == std::string_view::npos || scheme == 0 || !uri.substr(scheme).starts_with("://")) return std::nullopt;
    std::string_view authority = uri.substr(scheme + 3);
    auto const ends = [](char c) { return c == '/' || c == '?' || c == '#' || c == '\\'; };
    authority = {authority.begin(), std::ranges::find_if(authority, ends)};
    std::size_t const user = authority.rfind('@');
    if (user != std::string_view::npos) authority.remove_prefix(user + 1);
    std::string_view const host = without_trailing_dot(authority.substr(0, authority.find(':')));
    if (!is_dns_name(host)) return std::nullopt;
    return host;
}

TWINTLS_DECL comparison compare_uri(std::string_view uri, std::string_view base) noexcept {
    auto const host = host_of(uri);
    return host ? compare_host(*host, base) : comparison::unknown;
}

TWINTLS_DECL comparison compare_general_names(general_name const& name, general_name const& base) noexcept {
    if (name.number != base.number) return comparison::different;
    switch (name.kind) {
    case general_name_kind::dns: return compare_dns(name.text(), base.text());
    case general_name_kind::ip: return compare_ip(name.bytes, base.bytes);
    case general_name_kind::email: return compare_email(name.text(), base.text());
    case general_name_kind::uri: return compare_uri(name.text(), base.text());
    case general_name_kind::directory: return x509::compare_subtree(name.bytes, base.bytes);
    case general_name_kind::other: break;
    }
    return comparison::unknown;
}

TWINTLS_DECL bool is_sound_domain(std::string_view text) noexcept {
    if (text.starts_with('.'))
        text.remove_prefix(1);
    else if (text.empty())
        return true;
    return is_dns_name(without_trailing_dot(text));
}

/// True if the base of a constraint has the form RFC 5280 prescribes for its kind.
TWINTLS_DECL bool is_sound_base(general_name const& base) noexcept {
    switch (base.kind) {
    case general_name_kind::dns: return is_sound_domain(base.text());
    case general_name_kind::uri: return is_sound_domain(base.text());
    case general_name_kind::email: {
        std::size_t const at = base.text().rfind('@');
        if (at == std::string_view::npos) return is_sound_domain(base.text());
        return at != 0 && is_dns_name(base.text().substr(at + 1));
    }
    case general_name_kind::ip: {
        if (base.bytes.size() != 8 && base.bytes.size() != 32) return false;
        // A mask is ones, then zeros (RFC 4632); any other could be read in more than one way.
        bool zeros = false;
        for (std::byte const b : base.bytes.subspan(base.bytes.size() / 2)) {
            for (unsigned bit = 0; bit != 8; ++bit) {
                bool const one = (b & (std::byte{0x80} >> bit)) != std::byte{0};
                if (one && zeros) return false;
                zeros = !one;
            }
        }
        return true;
    }
    case general_name_kind::directory: {
        auto const name = x509::der::only(base.bytes, x509::der::tag::sequence);
        if (!name) return false;
        x509::der::reader r(name->content);
        while (!r.at_end())
            if (!r.next(x509::der::tag::set)) return false;
        return true;
    }
    case general_name_kind::other: return true;
    }
    return false;
}

// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }
TWINTLS_DECL std::optional<general_name> next_base(x509::der::reader& subtrees) noexcept {
    auto const subtree = subtrees.next(x509::der::tag::sequence);
    if (!subtree) return std::nullopt;
    x509::der::reader r(subtree->content);
    auto const e = r.next();
    auto const base = e ? x509::detail::to_general_name(*e) : std::nullopt;
    if (!base) return std::nullopt;
    if (r.next_is(x509::der::tag::context(0))) {
        auto const minimum = r.next();
        if (!minimum || x509::der::small_unsigned(minimum->content) != 0U) return std::nullopt;
    }
    if (!r.at_end()) return std::nullopt;
    return base;
}

/// The two lists of a NameConstraints, each well-formed.
struct constraint_lists {
    std::span<std::byte const> permitted;
    std::span<std::byte const> excluded;
};

/// What comparing two names takes besides their bytes, in bytes compared: measured.
inline constexpr std::size_t cost_of_comparing = 32;

TWINTLS_DECL bool is_sound_list(std::span<std::byte const> list, work_limit& work) noexcept {
    if (list.empty() || !work.spend(list.size())) return false;
    x509::der::reader r(list);
    while (!r.at_end()) {
        auto const base = next_base(r);
        if (!base || !is_sound_base(*base)) return false;
    }
    return true;
}

// NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }
TWINTLS_DECL std::optional<constraint_lists>
read_constraints(std::span<std::byte const> value, work_limit& work) noexcept {
    using x509::der::tag::context_constructed;
    auto const fields = x509::der::only(value, x509::der::tag::sequence);
    if (!fields || fields->content.empty()) return std::nullopt;
    x509::der::reader r(fields->content);
    constraint_lists lists;
    if (r.next_is(context_constructed(0))) {
        auto const list = r.next();
        if (!list || !is_sound_list(list->content, work)) return std::nullopt;
        lists.permitted = list->content;
    }
    if (r.next_is(context_constructed(1))) {
        auto const list = r.next();
        if (!list || !is_sound_list(list->content, work)) return std::nullopt;
        lists.excluded = list->content;
    }
    if (!r.at_end()) return std::nullopt;
    return lists;
}

TWINTLS_DECL bool allows(constraint_lists const& lists, general_name const& name, work_limit& work) noexcept {
    bool constrained = false;
    bool permitted = false;
    for (x509::der::reader r(lists.permitted); !r.at_end() && !permitted;) {
        auto const base = next_base(r);
        if (!base || !work.spend(name.bytes.size() + base->bytes.size() + cost_of_comparing)) return false;
        if (base->number != name.number) continue;
        constrained = true;
        permitted = compare_general_names(name, *base) == comparison::equal;
    }
    if (constrained && !permitted) return false;
    for (x509::der::reader r(lists.excluded); !r.at_end();) {
        auto const base = next_base(r);
        if (!base || !work.spend(name.bytes.size() + base->bytes.size() + cost_of_comparing)) return false;
        if (base->number == name.number && compare_general_names(name, *base) != comparison::different) return false;
    }
    return true;
}

/// Applies the constraints to each emailAddress of a subject.
TWINTLS_DECL bool
allows_addresses_in(constraint_lists const& lists, std::span<std::byte const> subject, work_limit& work) noexcept {
    auto const name = x509::der::only(subject, x509::der::tag::sequence);
    if (!name) return false;
    x509::der::reader parts(name->content);
    while (!parts.at_end()) {
        auto const part = parts.next(x509::der::tag::set);
        if (!part) return false;
        x509::der::reader attributes(part->content);
        while (!attributes.at_end()) {
            auto const attribute = attributes.next(x509::der::tag::sequence);
            if (!attribute) return false;
            x509::der::reader r(attribute->content);
            auto const type = r.next(x509::der::tag::oid);
            auto const value = r.next();
            if (!type || !value) return false;
            if (!x509::is_oid(type->content, x509::oid<1, 2, 840, 113549, 1, 9, 1>)) continue;
            if (!allows(lists, general_name{general_name_kind::email, 1, value->content}, work)) return false;
        }
    }
    return true;
}

} // namespace detail

TWINTLS_DECL bool name_constraints_allow(
    std::span<std::byte const> constraints, x509::certificate_view const& certificate, work_limit& work) noexcept {
    auto const lists = detail::read_constraints(constraints, work);
    if (!lists) return false;
    if (!certificate.has_empty_subject()) {
        x509::general_name const subject{x509::general_name_kind::directory, 4, certificate.subject_name()};
        if (!detail::allows(*lists, subject, work)) return false;
    }
    if (!certificate.has_subject_alternative_name())
        return detail::allows_addresses_in(*lists, certificate.subject_name(), work);
    return std::ranges::all_of(certificate.subject_alternative_names(), [&](x509::general_name const& name) {
        return detail::allows(*lists, name, work);
    });
}

} // namespace tls::verify

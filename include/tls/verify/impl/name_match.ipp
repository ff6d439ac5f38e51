// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/dns_text.hpp>
#include <tls/verify/name_match.hpp>
#include <tls/x509/der.hpp>
#include <tls/x509/impl/attribute.hpp>

#include <cstdint>

namespace tls::verify {

TWINTLS_DECL bool matches(x509::certificate_view const& certificate, server_name const& name) noexcept {
    for (auto const& presented : certificate.subject_alternative_names()) {
        if (name.is_ip()) {
            if (presented.kind == x509::general_name_kind::ip && x509::der::equal(presented.bytes, name.ip_bytes()))
                return true;
        } else if (presented.kind == x509::general_name_kind::dns) {
            if (dns_name_matches(presented.text(), name.text())) return true;
        }
    }
    return false;
}

TWINTLS_DECL bool dns_name_matches(std::string_view presented, std::string_view reference) noexcept {
    presented = detail::without_trailing_dot(presented);
    reference = detail::without_trailing_dot(reference);
    if (!presented.starts_with("*."))
        return detail::is_dns_name(presented) && detail::equal_ignoring_case(presented, reference);
    std::string_view const parent = presented.substr(2);
    if (!detail::is_dns_name(parent) || parent.find('.') == std::string_view::npos) return false;
    std::size_t const first_dot = reference.find('.');
    if (first_dot == std::string_view::npos || first_dot == 0) return false;
    return detail::equal_ignoring_case(parent, reference.substr(first_dot + 1));
}

namespace detail {

/// True if the text, with or without brackets, is the expected address.
[[nodiscard]] inline bool is_address(std::string_view text, server_name const& name) noexcept {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    auto const address = server_name::ip(text);
    return address && name.is_ip() && x509::der::equal(address->ip_bytes(), name.ip_bytes());
}

/// True if a common name of the subject is the expected name.
[[nodiscard]] inline bool is_common_name(std::span<std::byte const> subject, server_name const& name) noexcept {
    constexpr std::uint8_t common_name[] = {0x55, 0x04, 0x03};
    x509::der::reader outer(subject);
    auto const sequence = outer.next(x509::der::tag::sequence);
    if (!sequence) return false;
    x509::der::reader sets(sequence->content);
    while (auto const set = sets.next()) {
        x509::der::reader in_set(set->content);
        while (auto const found = x509::detail::next_attribute(in_set)) {
            if (!x509::der::equal(found->type, std::as_bytes(std::span(common_name)))) continue;
            std::string_view const text(
                reinterpret_cast<char const*>(found->value.content.data()), found->value.content.size());
            if (name.is_ip() ? is_address(text, name) : dns_name_matches(text, name.text())) return true;
        }
    }
    return false;
}

/// True if a wildcard would match if it stood for no label, or for several.
[[nodiscard]] inline bool is_too_wild(std::string_view presented, server_name const& name) noexcept {
    if (name.is_ip() || !presented.starts_with("*.")) return false;
    auto const parent = without_trailing_dot(presented.substr(2));
    return !parent.empty() && is_in_domain(without_trailing_dot(name.text()), parent);
}

} // namespace detail

TWINTLS_DECL near_match nearly_matches(x509::certificate_view const& certificate, server_name const& name) noexcept {
    for (auto const& presented : certificate.subject_alternative_names()) {
        if (presented.kind != x509::general_name_kind::dns) continue;
        if (detail::is_address(presented.text(), name)) return near_match::address_as_dns_name;
        if (detail::is_too_wild(presented.text(), name)) return near_match::wildcard;
    }
    return detail::is_common_name(certificate.subject_name(), name) ? near_match::common_name : near_match::none;
}

} // namespace tls::verify

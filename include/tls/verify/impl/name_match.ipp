// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/dns_text.hpp>
#include <tls/verify/name_match.hpp>

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

} // namespace tls::verify

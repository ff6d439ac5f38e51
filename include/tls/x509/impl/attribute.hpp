// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/x509/der.hpp>

#include <optional>

namespace tls::x509::detail {

/// One AttributeTypeAndValue.
struct attribute {
    der::bytes type;
    der::element value;
};

[[nodiscard]] inline std::optional<attribute> next_attribute(der::reader& set) noexcept {
    auto const pair = set.next(der::tag::sequence);
    if (!pair) return std::nullopt;
    der::reader r(pair->content);
    auto const type = r.next(der::tag::oid);
    auto const value = r.next();
    if (!type || !value || !r.at_end()) return std::nullopt;
    return attribute{type->content, *value};
}

} // namespace tls::x509::detail

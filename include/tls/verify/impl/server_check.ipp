// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/server_check.hpp>

namespace tls::verify {

TWINTLS_DECL seam::array<x509::certificate_view> certificates_of(
    verdict const& accepted, std::span<std::span<std::byte const> const> sent, anchor_set const& anchors) noexcept {
    seam::array<x509::certificate_view> all;
    for (std::size_t i = 0; i != accepted.path_size; ++i)
        if (auto const read = x509::certificate_view::parse(sent[accepted.path[i]]); !read || !all.push_back(*read))
            return {};
    if (accepted.ends_beside() && !all.push_back(anchors[static_cast<std::size_t>(accepted.anchor)])) return {};
    return all;
}

TWINTLS_DECL errc ask_application(
    tls::detail::any_server_check const& check, verdict const& accepted,
    std::span<std::span<std::byte const> const> sent, anchor_set const& anchors, server_name const& name,
    short_text& reason) noexcept {
    auto const path = certificates_of(accepted, sent, anchors);
    if (path.empty()) return errc::out_of_memory;
    auto const said = check({.name = name, .path = std::span(path.data(), path.size()), .sent = sent});
    if (!said.objects()) return errc::ok;
    reason = said.reason();
    return errc::refused_by_application;
}

} // namespace tls::verify

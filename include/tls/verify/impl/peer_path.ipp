// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/peer_path.hpp>

#include <algorithm>

namespace tls {

TWINTLS_DECL peer_path peer_path::of(
    verify::verdict const& verdict, std::span<std::span<std::byte const> const> sent,
    verify::anchor_set const& anchors) noexcept {
    auto copied = x509::certificate_store::of(sent);
    auto made = seam::shared<content>::make();
    if (!copied || !made) return {};
    made->sent = std::move(*copied);
    made->anchors = anchors;
    auto const kept = made->sent.all();
    for (std::size_t i = 0; i != verdict.path_size; ++i) {
        // Those that cannot be parsed are left out, so places differ.
        auto const der = sent[verdict.path[i]];
        auto const at = std::ranges::find_if(kept, [&](auto const& c) { return x509::der::equal(c.der(), der); });
        if (at == kept.end() || !made->accepted.push_back(*at)) return {};
    }
    if (verdict.ends_beside() && !made->accepted.push_back(anchors[static_cast<std::size_t>(verdict.anchor)]))
        return {};
    return peer_path(std::move(made));
}

} // namespace tls

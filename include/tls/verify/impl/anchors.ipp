// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/verify/anchors.hpp>

#include <algorithm>
#include <cstring>

namespace tls::verify {
namespace detail {

/// Any total order of byte strings: by size, then by content. Never null pointers to memcmp.
TWINTLS_DECL bool comes_before(std::span<std::byte const> a, std::span<std::byte const> b) noexcept {
    if (a.size() != b.size()) return a.size() < b.size();
    return !a.empty() && std::memcmp(a.data(), b.data(), a.size()) < 0;
}

} // namespace detail

TWINTLS_DECL anchor_set::anchor_set(std::vector<std::vector<std::byte>> certificates)
    : certificates_(std::move(certificates)) {
    views_.reserve(certificates_.size());
    fingerprints_.reserve(certificates_.size());
    for (auto const& der : certificates_) {
        auto const& parsed = views_.emplace_back(x509::certificate_view::parse(der));
        fingerprints_.push_back(parsed ? x509::name_fingerprint(parsed->subject_name()) : std::nullopt);
        if (parsed) by_subject_.push_back(static_cast<std::uint32_t>(views_.size() - 1));
    }
    auto const first = [&](std::uint32_t a, std::uint32_t b) {
        auto const x = views_[a]->subject_name();
        auto const y = views_[b]->subject_name();
        return x509::der::equal(x, y) ? a < b : detail::comes_before(x, y);
    };
    // A heap: half the code of std::sort, and a hundred roots are sorted once.
    std::ranges::make_heap(by_subject_, first);
    std::ranges::sort_heap(by_subject_, first);
}

TWINTLS_DECL std::span<std::uint32_t const> anchor_set::find(std::span<std::byte const> subject) const noexcept {
    auto const subject_of = [&](std::uint32_t index) { return views_[index]->subject_name(); };
    auto const found = std::ranges::equal_range(by_subject_, subject, detail::comes_before, subject_of);
    return {found.begin(), found.end()};
}

} // namespace tls::verify

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/x509/certificate_store.hpp>
#include <tls/x509/name_comparison.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tls::x509 {
namespace detail {

/// A total order of byte strings, by size, then by content. Never passes null pointers to memcmp.
TWINTLS_DECL bool comes_before(std::span<std::byte const> a, std::span<std::byte const> b) noexcept {
    if (a.size() != b.size()) return a.size() < b.size();
    return !a.empty() && std::memcmp(a.data(), b.data(), a.size()) < 0;
}

/// The first position, in an index sorted by subject, that does not come before this subject.
TWINTLS_DECL std::size_t lower_bound(
    std::span<std::uint32_t const> index, std::span<certificate_view const> views,
    std::span<std::byte const> subject) noexcept {
    std::size_t first = 0;
    for (std::size_t count = index.size(); count != 0;) {
        std::size_t const half = count / 2;
        if (comes_before(views[index[first + half]].subject_name(), subject)) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

/// The part of such an index whose subject is this one.
TWINTLS_DECL std::span<std::uint32_t const> equal_range(
    std::span<std::uint32_t const> index, std::span<certificate_view const> views,
    std::span<std::byte const> subject) noexcept {
    std::size_t const first = lower_bound(index, views, subject);
    std::size_t last = first;
    while (last != index.size() && der::equal(views[index[last]].subject_name(), subject)) ++last;
    return index.subspan(first, last - first);
}

template <class T> [[nodiscard]] std::span<T const> all_of(seam::array<T> const& values) noexcept {
    return {values.data(), values.size()};
}

} // namespace detail

TWINTLS_DECL std::span<std::uint32_t const> certificate_store::find(std::span<std::byte const> subject) const noexcept {
    if (!content_) return {};
    content const& c = *content_;
    return detail::equal_range(detail::all_of(c.by_subject), detail::all_of(c.views), subject);
}

TWINTLS_DECL void certificate_collector::reserve(std::size_t certificates, std::size_t bytes) noexcept {
    bool const has_room = content_.views.reserve(certificates) && content_.fingerprints.reserve(certificates) &&
                          content_.by_subject.reserve(certificates) && content_.der.reserve(bytes);
    out_of_memory_ = out_of_memory_ || !has_room;
}

TWINTLS_DECL std::span<std::byte> certificate_collector::room(std::size_t bytes) noexcept {
    auto const* const before = content_.der.data();
    if (out_of_memory_ || !content_.der.resize(used_ + bytes)) {
        out_of_memory_ = true;
        return {};
    }
    if (content_.der.data() != before) {
        std::byte const* at = content_.der.data();
        for (certificate_view& moved : content_.views) {
            moved.der_ = at;
            at += moved.size_;
        }
    }
    return {content_.der.data() + used_, bytes};
}

TWINTLS_DECL bool certificate_collector::take(std::size_t bytes) noexcept {
    if (out_of_memory_) return true;
    auto const read = certificate_view::parse(std::span(content_.der.data() + used_, bytes));
    if (read) keep(*read);
    return read.has_value();
}

TWINTLS_DECL void certificate_collector::keep(certificate_view const& behind_the_others) noexcept {
    auto const subject = behind_the_others.subject_name();
    auto const index = static_cast<std::uint32_t>(size());
    auto const same = detail::equal_range(detail::all_of(content_.by_subject), detail::all_of(content_.views), subject);
    auto const place = static_cast<std::size_t>(same.data() + same.size() - content_.by_subject.data());
    bool const kept = content_.by_subject.insert(place, index) &&
                      content_.fingerprints.push_back(name_fingerprint(subject)) &&
                      content_.views.push_back(behind_the_others);
    if (kept)
        used_ += behind_the_others.der().size();
    else
        out_of_memory_ = true; // the index may know of more certificates than there are: nothing reads it from now on
}

TWINTLS_DECL bool certificate_collector::add(std::span<std::byte const> der) noexcept {
    auto const memory = room(der.size());
    if (out_of_memory_) return true;
    std::ranges::copy(der, memory.begin());
    return take(der.size());
}

TWINTLS_DECL bool certificate_collector::has(certificate_view const& certificate) const noexcept {
    if (out_of_memory_) return false;
    auto const same = detail::equal_range(
        detail::all_of(content_.by_subject), detail::all_of(content_.views), certificate.subject_name());
    return std::ranges::any_of(
        same, [&](std::uint32_t index) { return der::equal(content_.views[index].der(), certificate.der()); });
}

TWINTLS_DECL void certificate_collector::copy(certificate_view const& certificate) noexcept {
    auto const memory = room(certificate.der().size());
    if (out_of_memory_) return;
    std::ranges::copy(certificate.der(), memory.begin());
    certificate_view copied = certificate;
    copied.der_ = memory.data();
    keep(copied);
}

TWINTLS_DECL void certificate_collector::add_all(certificate_store const& more) noexcept {
    for (certificate_view const& certificate : more.all()) copy(certificate);
    content_.unreadable += more.unreadable();
}

TWINTLS_DECL void certificate_collector::add_missing(certificate_store const& more) noexcept {
    for (certificate_view const& certificate : more.all())
        if (!has(certificate)) copy(certificate);
    content_.unreadable += more.unreadable();
}

TWINTLS_DECL result<certificate_store> certificate_collector::finish() noexcept {
    certificate_store made;
    if (!out_of_memory_) {
        (void)content_.der.resize(used_); // shorter, which needs no memory
        made.content_ = seam::shared<certificate_store::content const>::make(std::move(content_));
        out_of_memory_ = !made.content_;
    }
    bool const failed = std::exchange(out_of_memory_, false);
    content_ = {};
    used_ = 0;
    if (failed) return std::unexpected(configuration_error(errc::out_of_memory));
    return made;
}

} // namespace tls::x509

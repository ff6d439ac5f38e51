// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/limits.hpp>
#include <tls/core/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

namespace tls::detail {

/// The data for one record from pieces that are one after the other, behind the first `skipped` bytes of all; empty
/// after the last.
///
/// `view` makes a span of bytes of a piece. One piece that fills the record, or is alone, stays where it is. Others are
/// copied together into memory of the size asked of `lend`; where that has none, the first piece has a record for
/// itself.
template <class Iterator, class View, class Lend>
[[nodiscard]] std::span<std::byte const>
next_record(Iterator piece, Iterator const end, std::uint64_t skipped, View view, Lend lend) noexcept {
    for (; piece != end && skipped >= view(*piece).size(); ++piece) skipped -= view(*piece).size();
    if (piece == end) return {};
    std::span<std::byte const> const first = view(*piece).subspan(static_cast<std::size_t>(skipped));
    std::size_t total = first.size();
    for (auto next = std::next(piece); next != end && total < limits::plaintext; ++next)
        total += std::min(view(*next).size(), limits::plaintext - total);
    if (total == first.size()) return first;
    std::byte* const together = lend(total);
    if (together == nullptr) return first;
    std::memcpy(together, first.data(), first.size());
    for (std::size_t copied = first.size(); copied < total;) {
        std::span<std::byte const> const more = view(*++piece);
        std::size_t const n = std::min(more.size(), total - copied);
        if (n != 0) std::memcpy(together + copied, more.data(), n);
        copied += n;
    }
    return {together, total};
}

/// That of spans; what was copied is wiped with this object.
class gathered {
public:
    gathered(std::span<std::span<std::byte const> const> pieces, std::uint64_t skipped) noexcept
        : bytes_(next_record(
              pieces.begin(), pieces.end(), skipped, [](std::span<std::byte const> piece) noexcept { return piece; },
              [this](std::size_t size) noexcept {
                  copy_ = seam::make_bytes(size);
                  return copy_.get();
              })) {}
    gathered(gathered const&) = delete;
    gathered& operator=(gathered const&) = delete;
    ~gathered() {
        if (copy_) x509::wipe({copy_.get(), bytes_.size()});
    }

    [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return bytes_; }

private:
    seam::owned<std::byte[]> copy_; // made while `bytes_` is, so before it
    std::span<std::byte const> bytes_;
};

} // namespace tls::detail

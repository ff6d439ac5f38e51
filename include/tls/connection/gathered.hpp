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
#include <span>

namespace tls::detail {

/// What goes into the next record of several pieces of data that are one after the other.
///
/// One piece that fills the record, or is alone, is not copied. Of others a copy is made, wiped afterwards; where there
/// is no memory for it, the first piece has a record for itself.
class gathered {
public:
    /// Begins after the first `skipped` bytes of all.
    gathered(std::span<std::span<std::byte const> const> pieces, std::uint64_t skipped) noexcept {
        while (!pieces.empty() && skipped >= pieces.front().size()) {
            skipped -= pieces.front().size();
            pieces = pieces.subspan(1);
        }
        if (pieces.empty()) return;
        first_ = pieces.front().subspan(static_cast<std::size_t>(skipped));
        std::size_t total = first_.size();
        for (auto const piece : pieces.subspan(1)) {
            if (total >= limits::plaintext) break;
            total += std::min(piece.size(), limits::plaintext - total);
        }
        if (total <= first_.size()) return;
        copy_ = seam::make_bytes(total);
        if (!copy_) return;
        copied_ = first_.size();
        std::memcpy(copy_.get(), first_.data(), copied_);
        for (auto const piece : pieces.subspan(1)) {
            std::size_t const n = std::min(piece.size(), total - copied_);
            if (n != 0) std::memcpy(copy_.get() + copied_, piece.data(), n);
            copied_ += n;
        }
    }
    gathered(gathered const&) = delete;
    gathered& operator=(gathered const&) = delete;
    ~gathered() {
        if (copy_) x509::wipe({copy_.get(), copied_});
    }

    [[nodiscard]] std::span<std::byte const> bytes() const noexcept {
        return copy_ ? std::span<std::byte const>(copy_.get(), copied_) : first_;
    }

private:
    std::span<std::byte const> first_;
    seam::owned<std::byte[]> copy_;
    std::size_t copied_ = 0;
};

} // namespace tls::detail

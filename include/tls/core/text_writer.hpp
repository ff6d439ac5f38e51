// SPDX-License-Identifier: Apache-2.0
// Internal: included by twintls itself.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tls::detail {

/// Writes text into memory that somebody else owns; what does not fit is cut off. Never allocates.
class text_writer {
public:
    explicit text_writer(std::span<char> into) noexcept : into_(into) {}

    text_writer& operator<<(std::string_view text) noexcept {
        std::size_t const n = std::min(text.size(), room());
        if (n != 0) std::memcpy(into_.data() + size_, text.data(), n);
        size_ += n;
        return *this;
    }

    text_writer& operator<<(long long value) noexcept {
        std::array<char, 24> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
    }

    /// Counts the first `n` bytes, which are already there, as written.
    void skip(std::size_t n) noexcept { size_ = std::min(n, into_.size()); }

    [[nodiscard]] std::size_t room() const noexcept { return into_.size() - size_; }
    [[nodiscard]] std::string_view view() const noexcept { return {into_.data(), size_}; }

private:
    std::span<char> into_;
    std::size_t size_ = 0;
};

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/protocol.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <type_traits>

namespace tls::seam {

/// Suites, groups or schemes in order of preference, without memory of its own.
///
/// Of a list longer than all known values, only the first are kept, one more than there are known values: one of those
/// must be a duplicate or unknown, which is the error reported for the list.
template <auto const& Known> class offered_list {
public:
    using value_type = std::remove_cvref_t<decltype(Known[0])>;

    constexpr offered_list() noexcept = default;
    /// A copy of these values.
    constexpr explicit offered_list(std::span<value_type const> wanted) noexcept
        : size_(static_cast<std::uint8_t>(std::min(wanted.size(), values_.size()))) {
        std::ranges::copy(wanted.first(size_), values_.begin());
    }

    [[nodiscard]] constexpr value_type const* begin() const noexcept { return values_.data(); }
    [[nodiscard]] constexpr value_type const* end() const noexcept { return values_.data() + size_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] constexpr bool has(value_type v) const noexcept { return std::find(begin(), end(), v) != end(); }

private:
    std::array<value_type, std::size(Known) + 1> values_{};
    std::uint8_t size_ = 0;
};

using suite_list = offered_list<known_suites>;
using group_list = offered_list<known_groups>;
using scheme_list = offered_list<known_schemes>;

} // namespace tls::seam

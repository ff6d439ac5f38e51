// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/connection/backend.hpp>
#include <tls/core/packed_texts.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tls::detail {

/// A backend's list of its library's codes, kept by columns.
template <auto const& Codes> class native_code_table {
public:
    /// What a number means; nullopt if it is not in the list.
    [[nodiscard]] static constexpr std::optional<native_code> find(std::int32_t number) noexcept {
        for (std::size_t i = 0; i != numbers_.size(); ++i)
            if (numbers_[i] == number) return native_code{number, names_.c_str(i), meanings_[i]};
        return std::nullopt;
    }

private:
    static constexpr auto numbers_ = column<Codes, &native_code::number>();
    static constexpr auto names_ = pack_texts<Codes, &native_code::name>();
    static constexpr auto meanings_ = column<Codes, &native_code::meaning>();
};

/// A code that is classified, and too rare for its name to be in every program.
struct unnamed_code {
    std::int16_t number;
    errc meaning;
};

/// What such a code means; `internal` if it is not in the list.
[[nodiscard]] constexpr errc meaning_in(std::span<unnamed_code const> list, std::int32_t code) noexcept {
    for (unnamed_code const& known : list)
        if (known.number == code) return known.meaning;
    return errc::internal;
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/allocation.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

namespace tls::detail {

/// Texts in a container: strings, views or C strings.
template <class T>
concept range_of_texts = requires(T const& texts) {
    { *std::begin(texts) } -> std::convertible_to<std::string_view>;
    std::end(texts);
};

} // namespace tls::detail

namespace tls::seam {

/// Texts, each followed by a NUL, in one block of memory. What adds answers false if memory ran out.
class text_list {
public:
    /// Adds one text, given in pieces.
    template <class... Pieces> [[nodiscard]] bool add(Pieces const&... pieces) noexcept {
        std::size_t const before = text_.size();
        bool const all = (append(std::string_view(pieces)) && ...);
        place const p{static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(text_.size() - before)};
        bool const fits = all && text_.push_back('\0') && places_.push_back(p);
        if (!fits) (void)text_.resize(before); // shorter, which needs no memory
        return fits;
    }
    /// Replaces all by these; if memory ran out, nothing has changed.
    template <detail::range_of_texts Texts> [[nodiscard]] bool assign(Texts const& texts) noexcept {
        text_list made;
        for (auto const& t : texts)
            if (!made.add(t)) return false;
        *this = std::move(made);
        return true;
    }

    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
    [[nodiscard]] bool empty() const noexcept { return places_.empty(); }
    /// A NUL follows the text, and it may have some inside.
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept { return at(places_[i]); }
    [[nodiscard]] bool has(std::string_view wanted) const noexcept {
        return std::ranges::any_of(places_, [&](place p) noexcept { return at(p) == wanted; });
    }
    void sort() noexcept {
        std::ranges::sort(places_, {}, [this](place p) noexcept { return at(p); });
    }

private:
    struct place {
        std::uint32_t begin;
        std::uint32_t size;
    };

    [[nodiscard]] bool append(std::string_view piece) noexcept { return text_.append(std::span(piece)); }
    [[nodiscard]] std::string_view at(place p) const noexcept { return {text_.data() + p.begin, p.size}; }

    array<char> text_;
    array<place> places_;
};

} // namespace tls::seam

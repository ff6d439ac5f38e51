// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/bytes.hpp>
#include <tls/x509/der.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

namespace tls::x509 {

/// The forms of a GeneralName that twintls compares; everything else is `other`.
enum class general_name_kind : std::uint8_t { dns, ip, email, uri, directory, other };

/// One name of a subjectAltName extension, or the base of a name constraint.
struct general_name {
    general_name_kind kind = general_name_kind::other;
    /// The form's number in RFC 5280 section 4.2.1.6; tells the forms that are `other` apart.
    std::uint8_t number = 0;
    /// Text as it stands (dns, email, uri), address octets (ip), a Name in DER (directory), else the content.
    std::span<std::byte const> bytes;

    /// The bytes as text. Whoever made the certificate chose them: they may hold NULs or anything else.
    [[nodiscard]] std::string_view text() const noexcept { return tls::detail::as_text(bytes); }
};

namespace detail {

/// Reads a GeneralName; nullopt if its tag is none of the nine forms or a directory name does not hold a Name.
[[nodiscard]] constexpr std::optional<general_name> to_general_name(der::element const& e) noexcept {
    using der::tag::context;
    using der::tag::context_constructed;
    auto const number = static_cast<std::uint8_t>(e.tag & 0x1fU);
    switch (e.tag) {
    case context(1): return general_name{general_name_kind::email, number, e.content};
    case context(2): return general_name{general_name_kind::dns, number, e.content};
    case context(6): return general_name{general_name_kind::uri, number, e.content};
    case context(7): return general_name{general_name_kind::ip, number, e.content};
    case context_constructed(4): {
        auto const name = der::only(e.content, der::tag::sequence);
        if (!name) return std::nullopt;
        return general_name{general_name_kind::directory, number, name->whole};
    }
    case context_constructed(0):
    case context_constructed(3):
    case context_constructed(5):
    case context(8): return general_name{general_name_kind::other, number, e.content};
    default: return std::nullopt;
    }
}

} // namespace detail

/// The names in the content of a GeneralNames sequence, to be iterated without allocation.
///
/// Ends early, and never misreads, if the content is damaged; `certificate_view::parse` refuses such a certificate.
class general_names {
public:
    class iterator {
    public:
        using value_type = general_name;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        constexpr iterator() noexcept = default;
        constexpr explicit iterator(std::span<std::byte const> content) noexcept : rest_(content) { ++*this; }
        [[nodiscard]] constexpr general_name const& operator*() const noexcept { return *current_; }
        [[nodiscard]] constexpr general_name const* operator->() const noexcept { return &*current_; }
        constexpr iterator& operator++() noexcept {
            auto const e = rest_.next();
            current_ = e ? detail::to_general_name(*e) : std::nullopt;
            return *this;
        }
        constexpr void operator++(int) noexcept { ++*this; }
        [[nodiscard]] friend constexpr bool operator==(iterator const& i, std::default_sentinel_t) noexcept {
            return !i.current_;
        }

    private:
        der::reader rest_{std::span<std::byte const>{}};
        std::optional<general_name> current_;
    };

    constexpr general_names() noexcept = default;
    constexpr explicit general_names(std::span<std::byte const> content) noexcept : content_(content) {}
    [[nodiscard]] constexpr iterator begin() const noexcept { return iterator(content_); }
    [[nodiscard]] constexpr std::default_sentinel_t end() const noexcept { return {}; }

    /// True if there is at least one name and every one is well-formed.
    [[nodiscard]] constexpr bool is_well_formed() const noexcept {
        der::reader r(content_);
        if (r.at_end()) return false;
        while (!r.at_end()) {
            auto const e = r.next();
            if (!e || !detail::to_general_name(*e)) return false;
        }
        return true;
    }

private:
    std::span<std::byte const> content_;
};

} // namespace tls::x509

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

/// Views of bytes as unsigned char, for C libraries, and as text. The other way round is std::as_bytes.
namespace tls::detail {

[[nodiscard]] inline unsigned char const* as_uchar(std::byte const* bytes) noexcept {
    return reinterpret_cast<unsigned char const*>(bytes);
}
[[nodiscard]] inline unsigned char* as_uchar(std::byte* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}
/// The same for a span, or anything else that holds bytes.
template <class Bytes>
    requires requires(Bytes&& b) { as_uchar(b.data()); }
[[nodiscard]] auto* as_uchar(Bytes&& bytes) noexcept {
    return as_uchar(bytes.data());
}

[[nodiscard]] inline std::string_view as_text(std::span<std::byte const> bytes) noexcept {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline std::string_view as_text(std::span<unsigned char const> bytes) noexcept {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

template <class T>
inline constexpr bool is_text_or_octets =
    std::is_convertible_v<T const&, std::string_view> || std::is_convertible_v<T const&, std::span<char const>> ||
    std::is_convertible_v<T const&, std::span<unsigned char const>>;

/// Text, or characters or octets in a container: what std::string_view, std::span<char const> or
/// std::span<unsigned char const> can be made of. One atom, so that compilers are brief about it.
template <class T>
concept text_or_octets = is_text_or_octets<T>;

/// As bytes. A NUL that ends an array, as it does a literal, does not count; others do.
template <text_or_octets T> [[nodiscard]] std::span<std::byte const> bytes_of(T const& data) noexcept {
    if constexpr (std::is_array_v<T> && std::is_same_v<std::remove_cv_t<std::remove_extent_t<T>>, char>) {
        constexpr std::size_t size = std::extent_v<T>;
        return std::as_bytes(std::span(data).first(data[size - 1] == '\0' ? size - 1 : size));
    } else if constexpr (std::is_convertible_v<T const&, std::string_view>) {
        return std::as_bytes(std::span(std::string_view(data)));
    } else if constexpr (std::is_convertible_v<T const&, std::span<char const>>) {
        return std::as_bytes(std::span<char const>(data));
    } else {
        return std::as_bytes(std::span<unsigned char const>(data));
    }
}

template <class T>
inline constexpr bool is_characters_or_octets =
    std::is_convertible_v<T, std::span<char>> || std::is_convertible_v<T, std::span<unsigned char>>;

/// Memory for characters or octets.
template <class T>
concept characters_or_octets = is_characters_or_octets<T>;

/// As bytes to be written to.
template <characters_or_octets T> [[nodiscard]] std::span<std::byte> writable_bytes_of(T&& memory) noexcept {
    if constexpr (std::is_convertible_v<T, std::span<char>>)
        return std::as_writable_bytes(std::span<char>(memory));
    else
        return std::as_writable_bytes(std::span<unsigned char>(memory));
}

} // namespace tls::detail

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

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

} // namespace tls::detail

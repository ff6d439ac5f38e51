// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tls/detail/config.hpp>
#include <tls/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tls {

/// What a person needs to know about an error, as a few lines of text.
///
/// Says what failed and in which phase, about which input, which alert went which way, what is known of the handshake,
/// and the native code. The words are the same for every backend; only the line with the native code differs. Writes
/// into the memory given and cuts off what does not fit (1 KiB always does); never allocates. The view returned is into
/// that memory.
[[nodiscard]] std::string_view explain(error const& e, std::span<char> into) noexcept;

/// As above, as a string.
[[nodiscard]] std::string explain(error const& e);

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/impl/explain.ipp>
#endif

// SPDX-License-Identifier: Apache-2.0
// Seam: for those who write a backend.
#pragma once

#include <tls/core/error.hpp>
#include <tls/signature/primitive.hpp>
#include <tls/x509/certificate.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace tls::verify {

/// A path whose signatures are good, as a further rule sees it.
struct proven_path {
    /// Leaf first, the anchor last; the leaf alone, if that is what is trusted.
    std::span<x509::certificate_view const* const> certificates;
    std::int64_t now = 0;    ///< in seconds since 1970-01-01 UTC
    bool check_time = true;  ///< false: nothing expires
    bool leaf_alone = false; ///< nobody vouches for the leaf: it is trusted as it is
};

/// A SHA-256 digest.
using digest = std::array<std::byte, 32>;

/// SHA-256 of the parts one after the other; false if the library fails.
using hash_function = bool (*)(std::span<std::span<std::byte const> const>, std::span<std::byte, 32>) noexcept;

/// What a rule may ask a C library.
struct inquiry {
    /// Whether a signature is good. The key is one that the server has chosen, so that the judge bounds how often the
    /// library is asked; beyond that the answer is `cannot`.
    signature::answer (*ask)(void* context, signature::query const& q) noexcept = nullptr;
    void* context = nullptr;
    hash_function sha256 = nullptr;
};

/// What a rule found, and which certificate of the path it is about.
struct rule_finding {
    errc code = errc::ok;
    std::size_t depth = 0;
    short_text about{}; ///< what an error should quote; empty if nothing
    /// Until when it holds that the rule found nothing, in seconds since 1970-01-01 UTC.
    std::int64_t valid_until = std::numeric_limits<std::int64_t>::max();
    /// Of what it was found in, so that it is known when that is another; zeros if in nothing. Nullopt if the library
    /// failed: then it is never known. No more than one rule of a client has one.
    std::optional<digest> stamp = digest{};
};

/// A rule beyond those that hold for every client, asked about each path that may be accepted. It refuses, and can
/// never accept what was refused. A pointer, so that programs without such a rule do not link it.
struct further_rule {
    rule_finding (*check)(void const* of, proven_path const& path, inquiry const& ask) noexcept = nullptr;
    void const* of = nullptr;
};

} // namespace tls::verify
